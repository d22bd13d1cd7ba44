"""Faults in a ticket's contactDetails. Pure.

Azure support REST, 2024-04-01, ContactProfile. An empty additionalEmailAddresses and an empty
phoneNumber are refused (seen by third-party clients, not documented).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

REQUIRED = (
    "firstName",
    "lastName",
    "preferredContactMethod",
    "primaryEmailAddress",
    "preferredTimeZone",
    "country",
    "preferredSupportLanguage",
)
LANGUAGES = {
    "en-us", "zh-hans", "es-es", "fr-fr", "ja-jp", "ko-kr",
    "ru-ru", "pt-br", "it-it", "zh-tw", "de-de",
}  # fmt: skip
URGENT = ("critical", "highestcriticalimpact")
ALPHA_3 = re.compile(r"[A-Z]{3}", re.IGNORECASE)
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


def contact_faults(contact: object, severity: str) -> Iterator[str]:
    if not isinstance(contact, Mapping):
        yield "contactDetails is required."
        return
    missing = [name for name in REQUIRED if not contact.get(name)]
    yield from (f"contactDetails.{name} is required." for name in missing)
    yield from choices(contact)
    yield from addresses(contact)
    yield from phone(contact, severity)


def choices(contact: Mapping[str, Any]) -> Iterator[str]:
    if str(contact.get("preferredContactMethod", "email")).lower() not in ("email", "phone"):
        yield "contactDetails.preferredContactMethod is email or phone."
    if str(contact.get("preferredSupportLanguage", "en-us")).lower() not in LANGUAGES:
        yield "contactDetails.preferredSupportLanguage is not supported."
    if not ALPHA_3.fullmatch(str(contact.get("country", "JPN"))):
        yield "contactDetails.country is an ISO 3166-1 alpha-3 code."
    if "/" in str(contact.get("preferredTimeZone", "")):
        # Windows names have no slash, IANA names do.
        yield "contactDetails.preferredTimeZone is the Windows name of a time zone."


def addresses(contact: Mapping[str, Any]) -> Iterator[str]:
    if not ADDRESS.fullmatch(str(contact.get("primaryEmailAddress") or "a@b")):
        yield "contactDetails.primaryEmailAddress is no e-mail address."
    more = contact.get("additionalEmailAddresses")
    if more is not None and not (
        isinstance(more, list) and more and all(ADDRESS.fullmatch(str(each)) for each in more)
    ):
        yield "contactDetails.additionalEmailAddresses is left out or holds e-mail addresses."


def phone(contact: Mapping[str, Any], severity: str) -> Iterator[str]:
    number = contact.get("phoneNumber")
    by_phone = str(contact.get("preferredContactMethod")).lower() == "phone"
    if number == "" or (not number and (by_phone or severity in URGENT)):
        yield "contactDetails.phoneNumber is required for contact by phone and for this severity."
