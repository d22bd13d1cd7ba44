"""The load: invented partners, and requests of theirs that every rule lets pass.

About six in ten go to on-premises support, three to Office and one to Azure. The same number gives
the same request each time. Sends nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from contracts.directory import Directory
from contracts.request import REQUEST_TYPE

SOURCE = "urn:toritsugi:bench"
PARTNERS = 8
"""So many contracts take deductions in turn: no balance is everybody's."""
TURNS = ("onprem", "onprem", "office", "onprem", "onprem", "office", "onprem", "azure", "onprem",
         "office")  # fmt: skip
SEVERITIES = ("C", "B", "C", "A", "C", "C", "B")
STORY = (
    "昨夜の定期メンテナンスの後から、利用者の約半数で接続が断続的に切れます。\n"
    "イベント ログには同じ警告が五分おきに記録されており、再起動では改善しませんでした。\n"
    "Logs of both nodes and a trace of twenty minutes are at hand and can be sent at once.\n"
)


@dataclass(frozen=True, slots=True)
class Message:
    """One request as it goes onto the stream."""

    number: str
    """The sender's own, unique within a run."""
    body: bytes


@dataclass(frozen=True, slots=True)
class Load:
    """What is sent together, and what must come of it."""

    messages: Sequence[Message]
    deductions: int


def load(name: str, count: int) -> Load:
    """Give so many requests, numbered `name-1`, `name-2` and so on."""
    numbers = range(1, count + 1)
    messages = [
        Message(f"{name}-{number}", _event(f"{name}-{number}", number)) for number in numbers
    ]
    return Load(messages, sum(_route(number) != "office" for number in numbers))


def _route(number: int) -> str:
    return TURNS[number % len(TURNS)]


def _event(sender_id: str, number: int) -> bytes:
    envelope = {"specversion": "1.0", "type": REQUEST_TYPE, "source": SOURCE, "id": sender_id}
    return orjson.dumps({**envelope, "data": _data(number)})


def _data(number: int) -> dict[str, Any]:
    partner = number % PARTNERS
    return {
        "partner": _partner_id(partner),
        "agent": _agent(partner),
        "title": f"{number} 件目: 接続が断続的に切れる",
        "description": STORY,
        "severity": SEVERITIES[number % len(SEVERITIES)],
        "contact": {
            "name": "鈴木 一郎", "email": _agent(partner), "phone": "03-0000-0000",
            "method": "email",
        },
        **_particulars(number, partner),
    }  # fmt: skip


def _particulars(number: int, partner: int) -> dict[str, Any]:
    customer = f"customer-{partner}.example"
    match _route(number):
        case "onprem":
            return {
                "product": "exchange-server/se", "problem_type": "高可用性", "category": "DAG",
                "contract": "gold", "consents": {"services_agreement": True},
            }  # fmt: skip
        case "office":
            return {"product": "Exchange Online", "customer": customer}
        case _:
            return {
                "product": "azure/virtual-machines", "customer": customer,
                "problem_type": "VM performance / CPU, memory or disk is slow",
            }  # fmt: skip


# ---- The directory -------------------------------------------------------------------------------


def directory(incidents: int) -> Directory:
    """Give the partners, with so many incidents on each of their contracts."""
    partners = [_partner(number, incidents) for number in range(PARTNERS)]
    return Directory.model_validate({"partners": partners})


def _partner(number: int, incidents: int) -> dict[str, Any]:
    names = {"gold": "gold_20", "signature": "scs_10"}
    return {
        "id": _partner_id(number),
        "name": f"Partner {number}",
        "type": "advisor",
        "membership": "gold",
        "partner_features": True,
        "agents": [{
            "sign_in": _agent(number), "roles": ["admin_agent"], "linked_contracts": list(names),
            "azure_subscriptions": [f"00000000-0000-4000-8000-{number:012}"],
        }],
        "customers": [{"tenant": f"customer-{number}.example", "delegated_admin": "active"}],
        "contracts": [
            {
                "name": name, "kind": kind, "incidents": incidents, "expires_on": "2099-12-31",
                "access_id": f"{number}{place}23456789", "contract_id": f"{number}{place}98765432",
            }
            for place, (name, kind) in enumerate(names.items())
        ],
    }  # fmt: skip


def _partner_id(number: int) -> str:
    return f"49000{number:02}"


def _agent(number: int) -> str:
    return f"suzuki@partner-{number}.example"
