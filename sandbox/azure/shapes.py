"""The service's JSON: resources as the recordings show them. Pure.

Recorded 2020 and 2024 (Azure CLI `support` recordings): enums come back capitalised though they are
sent in lower case, productionOutage is there though undocumented, no engineer is null.
"""

from __future__ import annotations

from typing import Any

from sandbox.azure.catalogue import SERVICES, Catalogue, Problem, Service
from sandbox.azure.operations import State
from sandbox.azure.records import Communication, Operation, Ticket
from sandbox.business_hours import after_business_minutes
from sandbox.clock import seconds_of, utc_text

PROVIDER = "/providers/Microsoft.Support"
#: First answer in minutes by severity under Pro Direct; recorded 2020: 240 for minimal. The two
#: urgent ones count around the clock.
SLA_MINUTES = {"minimal": 240, "moderate": 120, "critical": 60, "highestcriticalimpact": 15}
URGENT = ("critical", "highestcriticalimpact")
PASSED_ON = (
    "problemScopingQuestions", "supportPlanId", "fileWorkspaceName", "technicalTicketDetails",
    "quotaTicketDetails", "secondaryConsent", "directConnectEscalation", "communityForumPost",
)  # fmt: skip


def service(entry: Service) -> dict[str, Any]:
    return {
        "id": SERVICES + entry.name,
        "name": entry.name,
        "type": "Microsoft.Support/services",
        "properties": {
            "displayName": entry.display_name,
            "resourceTypes": list(entry.resource_types),
        },
    }


def problem(of: Service, entry: Problem) -> dict[str, Any]:
    return {
        "id": f"{SERVICES}{of.name}/problemClassifications/{entry.name}",
        "name": entry.name,
        "type": "Microsoft.Support/problemClassifications",
        "properties": {"displayName": entry.display_name},
    }


def ticket_id(ticket: Ticket) -> str:
    return f"{ticket.scope}{PROVIDER}/supportTickets/{ticket.name}"


def ticket(it: Ticket, catalogue: Catalogue) -> dict[str, Any]:
    asked = it.asked
    return {
        "id": ticket_id(it),
        "name": it.name,
        "type": "Microsoft.Support/supportTickets",
        "properties": {
            "supportTicketId": it.number,
            "title": asked["title"],
            "description": asked["description"],
            **subject(it, catalogue),
            "severity": it.severity.capitalize(),
            "status": it.status.capitalize(),
            "enrollmentId": asked.get("enrollmentId") or "",
            "productionOutage": False,
            "require24X7Response": bool(asked.get("require24X7Response")),
            "advancedDiagnosticConsent": str(asked["advancedDiagnosticConsent"]).capitalize(),
            "contactDetails": contact(asked["contactDetails"]),
            "serviceLevelAgreement": agreement(it),
            "supportEngineer": {"emailAddress": None},
            "supportPlanType": it.plan,
            "supportPlanDisplayName": f"{it.plan} support",
            "isTemporaryTicket": "No",
            "createdDate": utc_text(it.created_at),
            "modifiedDate": utc_text(it.modified_at),
            **{name: asked[name] for name in PASSED_ON if asked.get(name) is not None},
        },
    }


def subject(it: Ticket, catalogue: Catalogue) -> dict[str, Any]:
    service_id, problem_id = it.asked["serviceId"], it.asked["problemClassificationId"]
    of, entry = catalogue.service(service_id), catalogue.problem(problem_id)
    begun = it.asked.get("problemStartTime")
    return {
        "serviceId": service_id,
        "serviceDisplayName": of.display_name if of else None,
        "problemClassificationId": problem_id,
        "problemClassificationDisplayName": entry.display_name if entry else None,
        "problemStartTime": utc_text(seconds_of(begun) if begun else it.created_at),
    }


def contact(asked: dict[str, Any]) -> dict[str, Any]:
    return asked | {"preferredContactMethod": asked["preferredContactMethod"].capitalize()}


def agreement(it: Ticket) -> dict[str, Any]:
    minutes = SLA_MINUTES[it.severity]
    if it.severity in URGENT:
        start, end = it.created_at, it.created_at + minutes * 60
    else:
        start, end = after_business_minutes(it.created_at, minutes)
    return {
        "startTime": utc_text(start), "expirationTime": utc_text(end), "slaMinutes": minutes,
    }  # fmt: skip


def operation(it: Operation, state: State) -> dict[str, Any]:
    """Tell the number, and a warning that was recorded empty (2024), once it has succeeded."""
    body = {"id": f"{it.scope}{PROVIDER}/operationsStatus/{it.id}", "status": state.value}
    if state is State.SUCCEEDED:
        tells = {"supportTicketCreationWarning": "", "supportTicketId": it.number}
        return body | {"properties": tells}
    if state is State.FAILED and it.failure:
        return body | {"error": {"code": it.failure[0], "message": it.failure[1]}}
    return body


def communication(it: Communication, on: Ticket) -> dict[str, Any]:
    return {
        "id": f"{ticket_id(on)}/communications/{it.name}",
        "name": it.name,
        "type": "Microsoft.Support/communications",
        "properties": {
            "communicationType": "Web",
            "communicationDirection": "Outbound",
            "sender": it.sender,
            "subject": it.subject,
            "body": it.body,
            "createdDate": utc_text(it.created_at),
        },
    }
