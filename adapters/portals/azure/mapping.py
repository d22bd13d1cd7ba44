"""Our order in Azure's words, and Azure's ticket in ours. Never calls anything.

What Azure has no field for goes in front of the description, in the sender's own words.
"""

from __future__ import annotations

from datetime import UTC
from typing import cast
from urllib.parse import quote

from azure.mgmt.support.models import (
    ContactProfile,
    SupportTicketDetails,
    TechnicalTicketDetails,
)

from adapters.portals.azure.matching import Choice
from adapters.portals.azure.names import key_of
from adapters.portals.azure.person import split_name
from adapters.portals.azure.vocabulary import (
    SEVERITIES,
    alpha3,
    our_severity,
    support_language,
    windows_zone,
)
from adapters.portals.port import Contact, Held, Order, Ticket

DEFAULT_ZONE = "UTC"
DEFAULT_COUNTRY = "USA"


def details(order: Order, choice: Choice) -> SupportTicketDetails:
    technical = order.resource_id and TechnicalTicketDetails(resource_id=order.resource_id)
    return SupportTicketDetails(
        title=order.title,
        description=description(order, choice),
        service_id=choice.service_id,
        problem_classification_id=choice.problem_id,
        severity=SEVERITIES[order.severity],
        advanced_diagnostic_consent="Yes" if order.advanced_diagnostics else "No",
        contact_details=contact_profile(order.contact),
        problem_start_time=order.started_at and order.started_at.astimezone(UTC),
        technical_ticket_details=technical or None,
    )


def description(order: Order, choice: Choice) -> str:
    remarks = (*choice.remarks, *contact_remarks(order.contact))
    return "\n".join((*remarks, "", order.description)) if remarks else order.description


def contact_profile(contact: Contact) -> ContactProfile:
    """Leave out what is empty: Azure refuses an empty list and an empty number."""
    name = split_name(contact.name)
    return ContactProfile(
        first_name=name.first,
        last_name=name.last,
        preferred_contact_method=contact.method,
        primary_email_address=contact.email,
        additional_email_addresses=list(contact.cc) or None,
        phone_number=contact.phone or None,
        preferred_time_zone=windows_zone(contact.time_zone) or DEFAULT_ZONE,
        country=alpha3(contact.country) or DEFAULT_COUNTRY,
        preferred_support_language=support_language(contact.language),
    )


def contact_remarks(contact: Contact) -> tuple[str, ...]:
    """Tell the engineer what a default now hides."""
    remarks = []
    if windows_zone(contact.time_zone) is None:
        remarks.append(f"Contact's time zone: {contact.time_zone}")
    if alpha3(contact.country) is None:
        remarks.append(f"Contact's country: {contact.country}")
    return tuple(remarks)


def held(listed: SupportTicketDetails) -> Held | None:
    """Read a line of a list; None for a ticket that is not under a key of ours."""
    name = cast("str | None", listed.name) or ""
    key = key_of(name)
    return None if key is None else Held(key, _number(listed, name))


def ticket(found: SupportTicketDetails, order: Order, portal_url: str) -> Ticket:
    """Read a ticket; its name stands in for a number that Azure has not given yet."""
    agreement = found.service_level_agreement
    # The client's model sets what the service alone may set to None, and types it so.
    name, resource = cast("str | None", found.name), cast("str | None", found.id)
    return Ticket(
        system="azure",
        number=_number(found, name or ""),
        severity=our_severity(found.severity, order.severity),
        url=f"{portal_url}/#resource{quote(resource)}" if resource else None,
        first_response_due=agreement.expiration_time if agreement else None,
    )


def _number(found: SupportTicketDetails, name: str) -> str:
    return found.support_ticket_id or name
