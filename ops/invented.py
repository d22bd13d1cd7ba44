"""Invented partners, and requests of theirs: what drill and benchmark load the pipeline with.

The same number gives the same request each time. Sends nothing, and no rule objects to any of it
unless the contract that it names cannot pay.
"""

from __future__ import annotations

from typing import Any

SEVERITIES = ("C", "B", "C", "A", "C", "C", "B")
STORY = (
    "昨夜の定期メンテナンスの後から、利用者の約半数で接続が断続的に切れます。\n"
    "イベント ログには同じ警告が五分おきに記録されており、再起動では改善しませんでした。\n"
    "Logs of both nodes and a trace of twenty minutes are at hand and can be sent at once.\n"
)


def data(route: str, number: int, partner: int, contract: str = "gold") -> dict[str, Any]:
    """Give the data of the `number`-th request, of this partner, that goes by `route`.

    The contract pays on premises; at Azure it is the partner's only one for the cloud.
    """
    return {
        "partner": partner_id(partner),
        "agent": agent(partner),
        "title": f"{number} 件目: 接続が断続的に切れる",
        "description": STORY,
        "severity": SEVERITIES[number % len(SEVERITIES)],
        "contact": {
            "name": "鈴木 一郎", "email": agent(partner), "phone": "03-0000-0000",
            "method": "email",
        },
        **_particulars(route, partner, contract),
    }  # fmt: skip


def _particulars(route: str, partner: int, contract: str) -> dict[str, Any]:
    customer = f"customer-{partner}.example"
    match route:
        case "onprem":
            return {
                "product": "exchange-server/se", "problem_type": "高可用性", "category": "DAG",
                "contract": contract, "consents": {"services_agreement": True},
            }  # fmt: skip
        case "office":
            return {"product": "Exchange Online", "customer": customer}
        case "azure":
            return {
                "product": "azure/virtual-machines", "customer": customer,
                "problem_type": "VM performance / CPU, memory or disk is slow",
            }  # fmt: skip
        case _:
            return {"kind": "advisory"}


# ---- The directory -------------------------------------------------------------------------------


def partner(number: int, incidents: int, *more: dict[str, Any]) -> dict[str, Any]:
    """Give a partner of a directory: so many incidents on each contract, and `more` contracts."""
    usual = {"gold": "gold_20", "signature": "scs_10"}
    contracts = [
        *(contract(name, kind, number, incidents=incidents) for name, kind in usual.items()),
        *more,
    ]
    return {
        "id": partner_id(number),
        "name": f"Partner {number}",
        "type": "advisor",
        "membership": "gold",
        "partner_features": True,
        "agents": [{
            "sign_in": agent(number), "roles": ["admin_agent"],
            "linked_contracts": [one["name"] for one in contracts],
            "azure_subscriptions": [f"00000000-0000-4000-8000-{number:012}"],
        }],
        "customers": [{"tenant": f"customer-{number}.example", "delegated_admin": "active"}],
        "contracts": contracts,
    }  # fmt: skip


def contract(
    name: str, kind: str, partner: int, *, incidents: int, expires_on: str = "2099-12-31"
) -> dict[str, Any]:
    place = int.from_bytes(name.encode()) % 10_000
    return {
        "name": name, "kind": kind, "incidents": incidents, "expires_on": expires_on,
        "access_id": f"{partner}{place:04}56789", "contract_id": f"{partner}{place:04}65432",
    }  # fmt: skip


def partner_id(number: int) -> str:
    return f"49000{number:02}"


def agent(number: int) -> str:
    return f"suzuki@partner-{number}.example"
