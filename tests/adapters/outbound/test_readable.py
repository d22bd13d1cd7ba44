from __future__ import annotations

from typing import get_args

import pytest

from adapters.inbound.label_values import form_data
from adapters.outbound.mail.about import Language
from adapters.outbound.mail.readable import WORDS, unread
from contracts.event_parts import UnreadableNews
from contracts.malformed import Fault, Malformed, data_faults
from contracts.request import Kind, Route, SupportRequest

LANGUAGES: tuple[Language, ...] = get_args(Language)
CHOICES = {
    "kind": set(get_args(Kind)),
    "route": set(get_args(Route)),
    "entry": {"partner_center", "partner_admin_center"},
    "severity": {"A", "B", "C"},
    "payment": {"contract", "pay_per_incident"},
    "usage": {"it_professional"},
    "contact.method": {"phone", "email"},
    "consents.services_agreement": {True, False},
    "consents.advanced_diagnostics": {True, False},
}
WRITTEN = {
    "ja": {
        "kind": ("技術", "サブスクリプション", "請求", "クォータ", "アドバイザリ", "特典"),
        "route": ("azure", "office", "onprem"),
        "entry": ("partner_center", "partner_admin_center"),
        "severity": ("A", "B", "C"),
        "started_at": ("2026-11-30 09:15",),
        "payment": ("契約", "インシデントごと"),
        "usage": ("IT プロフェッショナル",),
        "contact.email": ("sato@contoso.example",),
        "contact.method": ("電話", "メール"),
        "contact.time_zone": ("Asia/Tokyo",),
        "contact.country": ("JP",),
        "consents.services_agreement": ("はい", "いいえ"),
        "consents.advanced_diagnostics": ("はい", "いいえ"),
        "reply_to.email": ("sato@contoso.example",),
    },
    "en": {
        "kind": ("technical", "subscription", "billing", "quota", "advisory", "membership"),
        "route": ("azure", "office", "onprem"),
        "entry": ("partner_center", "partner_admin_center"),
        "severity": ("A", "B", "C"),
        "started_at": ("2026-11-30 09:15",),
        "payment": ("contract", "pay per incident"),
        "usage": ("it professional",),
        "contact.email": ("sato@contoso.example",),
        "contact.method": ("phone", "email"),
        "contact.time_zone": ("Asia/Tokyo",),
        "contact.country": ("JP",),
        "consents.services_agreement": ("yes", "no"),
        "consents.advanced_diagnostics": ("yes", "no"),
        "reply_to.email": ("sato@contoso.example",),
    },
}


def value(field: str, written: str) -> object:
    """Give what a request has of a field that is written so; it must be readable."""
    found: object = SupportRequest.model_validate(form_data([(field, written)]))
    for name in field.split("."):
        found = getattr(found, name)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("field", WRITTEN["ja"])
def test_what_a_letter_names_is_read(field: str, language: Language) -> None:
    """Whoever writes a value that the letter names is understood; none is left out."""
    written = WRITTEN[language][field]

    assert all(one in WORDS[language].readable[field] for one in written)
    found = {value(field, one) for one in written}
    assert found == CHOICES.get(field, found)


def test_a_value_is_explained_in_both_languages() -> None:
    """The tables of both languages have the same fields, each of a request."""
    japanese, english = (WORDS[language] for language in LANGUAGES)

    assert japanese.readable.keys() == english.readable.keys()
    assert japanese.foreign.keys() == english.foreign.keys()
    assert {*WRITTEN["ja"], "contact.cc", "reply_to.webhook"} == set(japanese.readable)


def test_every_fault_of_a_message_is_found_in_it() -> None:
    """What was joined to one text comes apart again, whatever stands within the words."""
    faults = [
        Fault("data.title", "has more than 250 characters; shorten it"),
        Fault("data.contact.cc[1]", "must be one e-mail address, such as a; b: c"),
    ]

    assert data_faults(Malformed("invalid_data", faults).message) == faults
    assert data_faults(Malformed("invalid_data", Fault("mail", "is odd; data: x")).message) == []


def test_a_field_is_told_once() -> None:
    """Two wrong addresses of a list are one line; a field without words is told all the same."""
    places = ("data.contact.cc[0]", "data.contact.cc[1]", "data.product")
    fault = Malformed("invalid_data", [Fault(place, "is wrong") for place in places])
    news = UnreadableNews(code="invalid_data", message=fault.message)

    found = unread(news, {"contact.cc": "CC"}, "en")
    assert [(one.label, one.allowed) for one in found] == [
        ("CC", WORDS["en"].readable["contact.cc"]),
        ("Product", WORDS["en"].unknown),
    ]
