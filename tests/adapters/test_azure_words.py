"""Azure's words for ours: names, zones, countries, languages, people, tickets."""

from __future__ import annotations

import re
import zoneinfo
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from azure.mgmt.support.models import ServiceLevelAgreement, SupportTicketDetails
from hypothesis import given
from hypothesis import strategies as st

from adapters.portals.azure import mapping
from adapters.portals.azure.matching import Choice
from adapters.portals.azure.names import key_of, ticket_name
from adapters.portals.azure.person import split_name
from adapters.portals.azure.vocabulary import (
    SEVERITIES,
    alpha3,
    our_severity,
    support_language,
    windows_zone,
)
from tests.adapters.orders import AZURE, CONTACT

CHOICE = Choice("/services/s", "/services/s/problemClassifications/p")
FORBIDDEN = re.compile(r"[<>%&:\\?/\x00-\x1f\x7f]")


@given(st.text(min_size=1, max_size=400))
def test_names_are_legal(key: str) -> None:
    """Whatever a key is made of, its name is one that Azure takes."""
    name = ticket_name(key)
    assert not FORBIDDEN.search(name)
    assert not name.isdigit()
    assert not name.lower().startswith("tmp-")
    assert len(name) <= 255
    assert name == name.lower() == ticket_name(key)


@given(st.sets(st.text("aAbB:/-_. 1仮", min_size=1, max_size=6), min_size=2, max_size=8))
def test_names_are_apart(keys: set[str]) -> None:
    """No two keys share a name, though Azure takes upper and lower case for one."""
    spelled_alike = {key.lower() for key in keys if key in (key.lower(), key.upper())}
    mixed = {key for key in keys if key not in (key.lower(), key.upper())}
    assert len({ticket_name(key) for key in keys}) >= len(spelled_alike) + len(mixed)


def test_name_of_a_usual_key() -> None:
    """A usual number stays readable."""
    assert ticket_name("01JD9ZK3") == "toritsugi-01jd9zk3"


@given(st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=16, max_size=16))
def test_keys_come_back(digits: str) -> None:
    """A request's number is read back from its name, however the service writes it."""
    name = ticket_name(f"TR-{digits}")
    assert key_of(name) == key_of(name.upper()) == f"TR-{digits}"


@pytest.mark.parametrize("name", ["", "desk-7", "toritsugi-", "toritsugi-a b", "tr-toritsugi-1"])
def test_names_of_others(name: str) -> None:
    """A name that we cannot have given has no key."""
    assert key_of(name) is None


@pytest.mark.parametrize(
    ("full", "first", "last"),
    [
        ("佐藤 花子", "花子", "佐藤"),
        ("佐藤　花子", "花子", "佐藤"),
        ("サトウ ハナコ", "ハナコ", "サトウ"),
        ("김 민준", "민준", "김"),
        ("Hanako Sato", "Hanako", "Sato"),
        ("Ana María de la Cruz", "Ana María de la", "Cruz"),
        ("Sato, Hanako", "Hanako", "Sato"),
        ("佐藤花子", "佐藤花子", "佐藤花子"),
        ("Prince", "Prince", "Prince"),
        ("  ", "-", "-"),
    ],
)
def test_people(full: str, first: str, last: str) -> None:
    """A name is split by the custom of its script, and neither part is empty."""
    assert split_name(full) == (first, last)


@pytest.mark.parametrize(
    ("iana", "windows"),
    [
        ("Asia/Tokyo", "Tokyo Standard Time"),
        ("Japan", "Tokyo Standard Time"),
        ("asia/tokyo", "Tokyo Standard Time"),
        ("Europe/Berlin", "W. Europe Standard Time"),
        ("Asia/Kolkata", "India Standard Time"),
        ("America/New_York", "Eastern Standard Time"),
        ("Etc/UTC", "UTC"),
        ("Mars/Olympus", None),
    ],
)
def test_zones(iana: str, windows: str | None) -> None:
    """IANA zones have their Windows names."""
    assert windows_zone(iana) == windows


def test_all_zones() -> None:
    """Every zone that a sender may name is known, but for those without a Windows zone."""
    unknown = {zone for zone in zoneinfo.available_timezones() if windows_zone(zone) is None}
    assert unknown <= {"Antarctica/Troll", "Factory", "localtime"}


def test_countries() -> None:
    """All countries of ISO 3166-1 have three letters."""
    assert (alpha3("JP"), alpha3("us"), alpha3("GB"), alpha3("ZZ")) == ("JPN", "USA", "GBR", None)


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("ja", "ja-jp"),
        ("ja-JP", "ja-jp"),
        ("en-GB", "en-us"),
        ("pt", "pt-br"),
        ("zh", "zh-hans"),
        ("zh-CN", "zh-hans"),
        ("zh-Hant-HK", "zh-tw"),
        ("zh_TW", "zh-tw"),
        ("sv", "en-us"),
    ],
)
def test_languages(tag: str, language: str) -> None:
    """A language is one of the eleven that support is given in, else English."""
    assert support_language(tag) == language


def test_severities() -> None:
    """A severity comes back as it went, in any case; an unknown word leaves what was ordered."""
    for ours, theirs in SEVERITIES.items():
        assert our_severity(theirs.capitalize(), "C") == ours
    assert our_severity("HighestCriticalImpact", "C") == "A"
    assert our_severity("urgent", "B") == our_severity(None, "B") == "B"


def test_details() -> None:
    """A ticket's fields are Azure's."""
    order = replace(
        AZURE, advanced_diagnostics=True, resource_id="/subscriptions/s/providers/P/t/x"
    )
    body = mapping.details(order, CHOICE).serialize()["properties"]
    assert body["severity"] == "moderate"
    assert body["advancedDiagnosticConsent"] == "Yes"
    assert body["problemStartTime"] == "2026-11-20T09:30:00.000Z"
    assert body["technicalTicketDetails"] == {"resourceId": order.resource_id}
    assert (body["serviceId"], body["problemClassificationId"]) == (
        CHOICE.service_id,
        CHOICE.problem_id,
    )
    assert body["contactDetails"]["additionalEmailAddresses"] == ["desk@contoso.example"]
    assert body["contactDetails"]["phoneNumber"] == "+81-3-0000-0000"


def test_details_left_out() -> None:
    """What is empty is left out, as Azure refuses it."""
    contact = replace(CONTACT, phone="", cc=(), method="email")
    order = replace(AZURE, contact=contact, started_at=None)
    body = mapping.details(order, CHOICE).serialize()["properties"]
    assert body["advancedDiagnosticConsent"] == "No"
    assert not {"problemStartTime", "technicalTicketDetails"} & set(body)
    left = {"additionalEmailAddresses", "phoneNumber"} & set(body["contactDetails"])
    assert not left


def test_remarks() -> None:
    """What Azure has no word for is told to its engineer."""
    contact = replace(CONTACT, time_zone="Mars/Olympus", country="ZZ")
    order = replace(AZURE, contact=contact)
    profile = mapping.contact_profile(contact)
    assert (profile.preferred_time_zone, profile.country) == ("UTC", "USA")
    assert mapping.description(order, replace(CHOICE, remarks=("Problem type: x",))) == (
        "Problem type: x\nContact's time zone: Mars/Olympus\nContact's country: ZZ\n\n"
        "It stopped on Friday and does not start again."
    )
    assert mapping.description(AZURE, CHOICE) == AZURE.description


def answered(**properties: object) -> SupportTicketDetails:
    """Read a ticket as the service answers it."""
    body = {"id": "/subscriptions/s/x y", "name": "toritsugi-r-1", "properties": properties}
    return SupportTicketDetails.deserialize(body)


def test_ticket() -> None:
    """A ticket is read by its number, whatever the case of its words."""
    found = answered(
        supportTicketId="2611220030000001",
        severity="Critical",
        serviceLevelAgreement={"expirationTime": "2026-11-22T05:00:00Z"},
        productionOutage=False,
    )
    ticket = mapping.ticket(found, AZURE, "https://portal.azure.com")
    assert (ticket.system, ticket.number, ticket.severity) == ("azure", "2611220030000001", "A")
    assert ticket.url == "https://portal.azure.com/#resource/subscriptions/s/x%20y"
    assert ticket.first_response_due == datetime(2026, 11, 22, 5, tzinfo=UTC)


def test_ticket_without_number() -> None:
    """A ticket that has no number yet goes by its name."""
    found = answered(severity="Minimal")
    found.service_level_agreement = ServiceLevelAgreement()
    ticket = mapping.ticket(found, AZURE, "https://portal.azure.com")
    assert (ticket.number, ticket.first_response_due) == ("toritsugi-r-1", None)
