"""The cast: one subscription, one well-formed ticket for each portal, a clock moved by hand."""

from __future__ import annotations

from typing import Any

SUBSCRIPTION = "1f0c7a52-0000-4000-8000-000000000001"
SCOPE = f"/subscriptions/{SUBSCRIPTION}"
VERSION = "2024-04-01"
TOKEN = {"Authorization": "Bearer sato"}
WINDOWS = "6f16735c-b0ae-b275-ad3a-03479cfa1396"
BILLING = "517f2da6-78fd-0498-4e22-ad26996b1dfc"
ACCESS_CONTROL = "44114011-6a66-e902-c00f-e419b6b4509f"


class HandClock:
    """Stands still until it is moved."""

    def __init__(self, at: float = 1_800_000_000.0) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


def contact(**changes: object) -> dict[str, Any]:
    """Give the contact of a ticket, with changes."""
    return {
        "firstName": "Hanako",
        "lastName": "Sato",
        "preferredContactMethod": "phone",
        "primaryEmailAddress": "sato@contoso.example",
        "phoneNumber": "+81 3 0000 0000",
        "preferredTimeZone": "Tokyo Standard Time",
        "country": "JPN",
        "preferredSupportLanguage": "ja-jp",
    } | changes


def properties(**changes: object) -> dict[str, Any]:
    """Give an Azure ticket's properties, with changes."""
    service = f"/providers/Microsoft.Support/services/{BILLING}"
    return {
        "title": "請求書のコスト管理にアクセスできない",
        "description": "Cost Management answers 403 since Monday.",
        "serviceId": service,
        "problemClassificationId": f"{service}/problemClassifications/{ACCESS_CONTROL}",
        "severity": "moderate",
        "advancedDiagnosticConsent": "No",
        "contactDetails": contact(),
    } | changes


def bridged(**changes: object) -> dict[str, Any]:
    """Give a request to the bridge, with changes."""
    return {
        "portal": "onprem",
        "kind": "technical",
        "partner": "4612345",
        "agent": "sato@contoso.example",
        "customer": None,
        "product": "exchange-server/2016",
        "title": "メールが配信されない",
        "description": "Queues grow since the update.",
        "severity": "B",
        "contact": {
            "name": "Sato Hanako", "email": "sato@contoso.example", "phone": "+81 3 0000 0000",
            "method": "phone", "cc": [], "language": "ja", "time_zone": "Asia/Tokyo",
            "country": "JP",
        },
        "plan": {
            "kind": "gold_20", "contract": "gold-2026", "access_id": "0230242323",
            "contract_id": "0012345678",
        },
        "problem_type": None,
        "category": None,
        "started_at": None,
        "entry": None,
        "usage": "it_professional",
        "services_agreement": True,
    } | changes  # fmt: skip
