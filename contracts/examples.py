"""An example of every message, for the documents of the contract: an order's life, a contract's.

Each is valid by its schema (a test says so); none stands for a real partner.
"""

from __future__ import annotations

from typing import Any

from contracts.ids import request_id
from contracts.request import REQUEST_TYPE

Example = dict[str, Any]
_SOURCE, _KEY = "urn:contoso:itsm", "INC-2041"
_NUMBER = request_id(_SOURCE, _KEY)
_OURS = "https://toritsugi.example/"
_TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
_PARTNER, _CONTRACT = "4612345", "gold-2026"

REQUEST: Example = {
    "specversion": "1.0",
    "id": _KEY,
    "source": _SOURCE,
    "type": REQUEST_TYPE,
    "time": "2026-11-22T00:10:00Z",
    "datacontenttype": "application/json",
    "data": {
        "partner": _PARTNER,
        "agent": "sato@contoso.example",
        "customer": "fabrikam.example",
        "product": "exchange-server/se",
        "title": "データベース可用性グループが停止する",
        "description": "更新プログラムの適用後、DAG のメンバーが切り離されます。",
        "problem_type": "高可用性",
        "category": "DAG",
        "severity": "B",
        "contract": _CONTRACT,
        "contact": {"name": "佐藤", "email": "sato@contoso.example", "phone": "03-0000-0000"},
        "consents": {"services_agreement": True},
    },
}


def _reason(outcome: str, rule: str, code: str, ja: str, en: str) -> Example:
    words = {"ja": ja, "en": en}
    where = {"rule": rule, "code": code, "outcome": outcome, "section": "A-4"}
    return {**where, "message": words, "remedy": {"ja": "ご確認ください。", "en": "Please check."}}


_INCOMPLETE = _reason(
    "incomplete", "P-4", "services_agreement", "同意がありません。", "The agreement is missing."
)
_HELD = _reason("held", "C-2", "not_activated", "契約が有効でありません。", "Not yet activated.")
_REJECTED = _reason("rejected", "C-3", "expired", "契約が期限切れです。", "It has expired.")
_POSTED = {"contract": _CONTRACT, "amount": 1, "balance": 19, "entry": f"{_NUMBER}/1/post"}

_OF_REQUEST: dict[str, Example] = {
    "request.accepted": {"state": "received"},
    "request.incomplete": {
        "state": "incomplete",
        "reasons": [{**_INCOMPLETE, "field": "consents.services_agreement"}],
        "notices": [],
    },
    "request.held": {"state": "held", "reasons": [_HELD], "notices": []},
    "request.rejected": {"state": "rejected", "reasons": [_REJECTED], "notices": []},
    "request.submitted": {
        "state": "submitted",
        "ticket": {
            "system": "onprem",
            "number": "126112200000017",
            "url": None,
            "severity": "B",
            "first_response_due": "2026-11-22T04:10:00Z",
        },
        "plan": {"kind": "gold_20", "contract": _CONTRACT},
        "entry": None,
        "notices": [],
    },
    "request.handed_over": {
        "state": "handed_over",
        "work_order": "WO-1",
        "due": "2026-11-22T06:00:00Z",
    },
    "request.failed": {
        "state": "failed",
        "error": {"code": "InvalidSupportPlan", "message": "no such plan", "retryable": False},
        "attempts": 3,
    },
    "request.uncertain": {
        "state": "uncertain",
        "error": {"code": "answer_lost", "message": "the answer was cut off", "retryable": False},
    },
    "request.cancelled": {"state": "cancelled", "why": "filed by phone"},
    "request.closed": {"state": "closed", "billable": False},
    "incident.deducted": {"state": "submitted", **_POSTED},
    "incident.refunded": {"state": "closed", **_POSTED, "balance": 20},
}
_OF_CONTRACT: dict[str, Example] = {
    "contract.low": {"contract": _CONTRACT, "balance": 2},
    "contract.expiring": {"contract": _CONTRACT, "expires_on": "2027-03-31"},
}
_UNREADABLE = {
    "quarantine": "Q-DC372F95212373CA",
    "error": {
        "code": "invalid_data",
        "message": "data.severity: must be one of 'A', 'B' or 'C'",
        "place": "data.severity",
    },
}


def examples() -> dict[str, Example]:
    """Give an example of each message, by its type."""
    none = {"request": None, "partner": None, "state": None}
    cause = {"correlationid": _KEY, "causesource": _SOURCE}
    found = {REQUEST_TYPE: REQUEST}
    for number, (name, data) in enumerate(_OF_REQUEST.items(), 1):
        more = {**cause, "sequence": number, "traceparent": _TRACE}
        of = {"request": _NUMBER, "partner": _PARTNER, **data}
        found |= _event(name, _NUMBER, of, more)
    for name, data in _OF_CONTRACT.items():
        subject = f"{_PARTNER}/{_CONTRACT}"
        found |= _event(name, subject, {**none, "partner": _PARTNER, **data}, {})
    kept = str(_UNREADABLE["quarantine"])
    found |= _event("message.unreadable", kept, {**none, **_UNREADABLE}, cause)
    return found | _event("webhook.test", "crm", {**none, "webhook": "crm"}, {})


def _event(name: str, subject: str, data: Example, more: Example) -> dict[str, Example]:
    event_type = f"toritsugi.{name}.v1"
    event = {
        "specversion": "1.0",
        "id": f"0198c1-{name}",
        "source": _OURS,
        "type": event_type,
        "subject": subject,
        "time": "2026-11-22T00:10:01Z",
        "datacontenttype": "application/json",
        **more,
        "data": data,
    }
    return {event_type: event}
