"""Orders that the carriers' tests file: one for each portal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from adapters.portals.port import Contact, Order, Plan

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SUBSCRIPTION = "1f0c7a52-0000-4000-8000-000000000001"
ACCESS_ID = "0230242323"
CONTRACT_ID = "0012345678"
TOKEN = "a-token-nobody-may-read"
SECRETS = (ACCESS_ID, CONTRACT_ID, TOKEN)

CONTACT = Contact(
    name="佐藤 花子",
    email="sato@contoso.example",
    phone="+81-3-0000-0000",
    cc=("desk@contoso.example",),
)


AZURE = Order(
    key="R-1",
    kind="technical",
    partner="4612345",
    agent="sato@contoso.example",
    customer=None,
    product="azure/virtual-machines",
    product_name="Virtual Machines",
    title="Windows VM does not start",
    description="It stopped on Friday and does not start again.",
    severity="B",
    contact=CONTACT,
    plan=Plan("scs_unlimited", "scs-2026", ACCESS_ID, CONTRACT_ID),
    problem_type="Cannot create, start or resize a VM",
    started_at=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
    subscription_id=SUBSCRIPTION,
    entry="azure_portal",
)
OFFICE = replace(
    AZURE,
    product="office365/exchange-online",
    product_name="Exchange Online",
    customer="fabrikam.example",
    plan=Plan("included"),
    subscription_id=None,
    problem_type=None,
    entry="partner_center",
)
ONPREM = replace(
    AZURE,
    product="exchange-server/2019",
    product_name="Exchange Server 2019",
    plan=Plan("gold_20", "gold-2026", ACCESS_ID, CONTRACT_ID),
    subscription_id=None,
    category="Mail flow",
    entry="online_assisted_support",
    usage="it_professional",
    services_agreement=True,
)
PARTNER = replace(
    AZURE,
    kind="advisory",
    product="",
    product_name="",
    plan=None,
    subscription_id=None,
    entry="partner_portal",
)


def clock() -> datetime:
    """Stand still."""
    return NOW
