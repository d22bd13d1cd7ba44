"""An event of each kind that somebody gets a letter about, with reasons as the rules give them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from adapters.outbound.mail.about import About, about
from contracts import event_data
from contracts.event_data import EventData
from contracts.events import Event
from contracts.malformed import Fault, Malformed
from tests.rules.cast import decided

NUMBER = "TR-37SN0B7PXSDJ5KD3"
DESK = "サポート取次窓口"
QUARANTINE = "Q-0123456789ABCDEF"
LABELS = {
    "ja": {"description": "内容", "severity": "重大度", "contact.cc": "追加の連絡先"},
    "en": {"description": "Details", "severity": "Severity", "contact.cc": "CC"},
}
"""What the mail that could not be read calls its fields."""
TITLE = "仮想マシンが起動しない"
AT = datetime(2026, 11, 30, 6, 15, tzinfo=UTC)


def letter_about(language: str = "ja", **changes: Any) -> About:
    """Give the request that the letters here speak of."""
    contact = {"name": "佐藤 花子" if language == "ja" else "Hanako Sato", "language": language}
    zone = {"ja": "Asia/Tokyo", "en": "America/New_York"}[language]
    title = TITLE if language == "ja" else "Virtual machine does not start"
    return about(NUMBER, {"title": title, "contact": {**contact, "time_zone": zone}, **changes})


def about_of(name: str, language: str) -> About:
    """Give what the letter of that name is about: a request, or a mail that is none."""
    found = letter_about(language)
    stray = name.startswith("unreadable") and not name.endswith("answer")
    return replace(found, number=QUARANTINE) if stray else found


def event(data: EventData) -> Event:
    """Put the data into an envelope."""
    return Event(id="e-1", source="urn:test", time=AT, data=data, subject=NUMBER, sequence=2)


def decision(model: type[EventData], state: str, case: Mapping[str, Any]) -> Event:
    """Give the event of what the rules say of a case."""
    verdict = decided(case).as_dict()
    said = {"reasons": verdict["reasons"], "notices": verdict["notices"]}
    return event(model.model_validate({**_of(state), **said}))


def incomplete(**request: Any) -> Event:
    """Give the event of an Azure request that lacks these fields."""
    case = {"base": "azure", "request": request, "agent": {"linked_contracts": ["asfp"]}}
    contracts = [{"name": "asfp", "kind": "asfp"}]
    return decision(event_data.Incomplete, "incomplete", {**case, "contracts": contracts})


def letters() -> dict[str, Event]:
    """Give an event for each text, by the name of its golden file."""
    return {
        "accepted": event(event_data.Accepted.model_validate(_of("received"))),
        "incomplete": incomplete(product=None, severity=None),
        "incomplete-severity": incomplete(severity=None, problem_type=None),
        "incomplete-unknown-product": incomplete(product="Exchnage Servr 2016"),
        "incomplete-ids": decision(
            event_data.Incomplete, "incomplete", {"base": "azure", "agent": {}}
        ),
        "incomplete-contact": decision(
            event_data.Incomplete,
            "incomplete",
            {"base": "office", "request": {"contact": {}, "description": None}},
        ),
        "held": decision(
            event_data.Held,
            "held",
            {
                "base": "office",
                "request": {"customer": "fabrikam.example"},
                "customer": {"delegated_admin": "requested"},
            },
        ),
        "rejected": decision(
            event_data.Rejected,
            "rejected",
            {"base": "azure", "request": {"payment": "pay_per_incident", "route": "onprem"}},
        ),
        **_filed(),
        **_ended(),
        **_unreadable(),
    }


def _filed() -> dict[str, Event]:
    ticket = {
        "system": "azure",
        "number": "2611300040001234",
        "url": "https://portal.azure.com/#view/support/2611300040001234",
        "severity": "B",
        "first_response_due": "2026-11-30T08:00:00Z",
    }
    onprem = {**ticket, "system": "onprem", "severity": "C", "url": None}
    plan = {"kind": "gold_20", "contract": "gold-2026"}
    order = {"work_order": "W-20261130-7", "due": "2026-12-01T09:00:00Z"}
    submitted = event_data.Submitted.model_validate
    return {
        "submitted": event(submitted({**_of("submitted"), "ticket": ticket})),
        "submitted-onprem": event(
            submitted(
                {
                    **_of("submitted"),
                    "ticket": {**onprem, "first_response_due": None},
                    "plan": plan,
                    "notices": ["not_on_behalf_of", "of a later version"],
                }
            )
        ),
        "handed_over": event(event_data.HandedOver.model_validate({**_of("handed_over"), **order})),
    }


def _ended() -> dict[str, Event]:
    refused = {"code": "InvalidSupportPlan", "message": "The support plan has expired."}
    away = {"code": "http_503", "message": "Service Unavailable", "retryable": True}
    failed = event_data.Failed.model_validate
    closed = event_data.Closed.model_validate
    return {
        "failed": event(failed({**_of("failed"), "error": refused, "attempts": 1})),
        "failed-passing": event(failed({**_of("failed"), "error": away, "attempts": 8})),
        "closed": event(closed({**_of("closed"), "billable": True})),
        "closed-not-billable": event(closed({**_of("closed"), "billable": False})),
        "closed-untold": event(closed(_of("closed"))),
        "cancelled": event(
            event_data.Cancelled.model_validate({**_of("cancelled"), "why": "電話で申請済み"})
        ),
    }


def _unreadable() -> dict[str, Event]:
    values = Malformed(
        "invalid_data",
        [
            Fault("data.title", "has more than 250 characters; shorten it"),
            Fault("data.severity", "must be one of 'A', 'B' or 'C'"),
            Fault("data.contact.cc[1]", "must be one e-mail address, such as sato@example.com"),
        ],
    )
    foreign = Fault("data.partner", "is not a partner of yours; leave it out")
    large = Fault("mail", "has more than 26,214,400 bytes and waits in the mailbox")
    faults = {
        "unreadable": values,
        "unreadable-answer": values,
        "unreadable-foreign": Malformed("foreign_partner", foreign),
        "unreadable-reused": Malformed("id_reused", Fault("id", "was used for another content")),
        "unreadable-large": Malformed("too_large", large),
        "unreadable-late-answer": Malformed("not_incomplete", Fault("subject", "takes no more")),
        "unreadable-other": Malformed("invalid_data", Fault("mail", "could not be taken apart")),
    }
    return {name: event(_told(fault)) for name, fault in faults.items()}


def _told(fault: Malformed) -> event_data.Unreadable:
    error = {"code": fault.code, "message": fault.message, "place": fault.place}
    return event_data.Unreadable.model_validate({"quarantine": QUARANTINE, "error": error})


def _of(state: str) -> dict[str, Any]:
    return {"request": NUMBER, "partner": "4612345", "state": state}
