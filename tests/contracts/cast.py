"""A request of which every field is filled, and the event that carries it."""

from __future__ import annotations

import json
from typing import Any

ACCESS_ID = "0230242323"
CONTRACT_ID = "0012345678"


def full_data(**changes: object) -> dict[str, Any]:
    """Give data with every field there is."""
    data: dict[str, Any] = {
        "kind": "technical",
        "partner": "4612345",
        "agent": "sato@contoso.example",
        "customer": "fabrikam.example",
        "product": "exchange-server/2016",
        "route": "onprem",
        "entry": "partner_center",
        "title": "メールが届かない",
        "description": "今朝から外部のメールが届きません。",
        "problem_type": "Mail flow",
        "category": "Transport",
        "severity": "B",
        "started_at": "2026-11-22T09:00:00+09:00",
        "subscription_id": "1f0c7a52-0000-4000-8000-000000000001",
        "resource_id": "/subscriptions/1f0c7a52",
        "contract": "gold-2026",
        "access_id": ACCESS_ID,
        "contract_id": CONTRACT_ID,
        "payment": "contract",
        "contact": {
            "name": "佐藤",
            "email": "sato@contoso.example",
            "phone": "03-1234-5678",
            "method": "phone",
            "cc": ["helpdesk@contoso.example"],
            "language": "ja",
            "time_zone": "Asia/Tokyo",
            "country": "JP",
        },
        "usage": "it_professional",
        "attachments": [{"name": "a.txt", "content_type": "text/plain", "content": "aGVsbG8="}],
        "consents": {"services_agreement": True, "advanced_diagnostics": False},
        "reply_to": {"email": "sato@contoso.example", "webhook": "https://contoso.example/hook"},
    }
    return {**data, **changes}


def envelope(**changes: object) -> dict[str, Any]:
    """Give the event that carries it."""
    event: dict[str, Any] = {
        "specversion": "1.0",
        "id": "order-1",
        "source": "urn:contoso:itsm",
        "type": "toritsugi.request.v1",
        "time": "2026-11-22T00:00:00Z",
        "data": full_data(),
    }
    return {**event, **changes}


def written(value: object) -> bytes:
    """Write JSON as others do."""
    return json.dumps(value, ensure_ascii=False).encode()
