"""The sandbox's own paths: tickets, journal, closing, scripts."""

from __future__ import annotations

import httpx

from sandbox.server import SandboxServer
from tests.sandbox.cast import SCOPE, SUBSCRIPTION, TOKEN, bridged, properties

TICKETS = f"{SCOPE}/providers/Microsoft.Support/supportTickets"


def test_health(control: httpx.Client) -> None:
    """It says that it is there, without a token."""
    assert control.get("/health").json() == {"status": "ok"}


def test_tickets(
    azure: httpx.Client, bridge: httpx.Client, control: httpx.Client, name: str
) -> None:
    """Every portal's tickets are listed, those being created too, failed ones not."""
    azure.put(f"{TICKETS}/{name}", json={"properties": properties()})
    free = properties(supportPlanId="U291cmNlOkZyZWUsRnJlZUlkOjEs")
    azure.put(f"{TICKETS}/{name}-free", json={"properties": free})
    made = bridge.post("/tickets", json=bridged(), headers={"Idempotency-Key": name}).json()
    azure.get(f"{TICKETS}/{name}-free")
    first = [each for each in control.get("/tickets").json()["tickets"] if name in each["key"]]
    azure.get(f"{TICKETS}/{name}")
    second = [each for each in control.get("/tickets").json()["tickets"] if name in each["key"]]

    assert [(each["portal"], each["status"]) for each in first] == [
        ("azure", "creating"),
        ("onprem", "open"),
    ]
    assert second[0]["status"] == "open"
    assert second[0]["title"] == properties()["title"]
    assert (second[1]["number"], second[1]["billable"]) == (made["number"], None)


def test_close_azure(azure: httpx.Client, control: httpx.Client, name: str) -> None:
    """An Azure ticket is closed by its number; Azure tells the status, not the bill."""
    azure.put(f"{TICKETS}/{name}", json={"properties": properties()})
    azure.get(f"{TICKETS}/{name}")
    number = azure.get(f"{TICKETS}/{name}").json()["properties"]["supportTicketId"]
    closed = control.post(f"/tickets/{number}/close", json={"billable": True})
    shown = azure.get(f"{TICKETS}/{name}").json()["properties"]

    assert closed.json() == {"number": number, "status": "closed", "billable": True}
    assert shown["status"] == "Closed"
    assert "billable" not in shown


def test_close_refused(control: httpx.Client) -> None:
    """Closing needs a ticket and a yes or no."""
    assert control.post("/tickets/1/close", json={"billable": True}).status_code == 404
    assert control.post("/tickets/1/close", json={"billable": "yes"}).status_code == 400
    assert control.post("/tickets/1/close", content=b"{").status_code == 400


def test_journal(
    azure: httpx.Client, bridge: httpx.Client, control: httpx.Client, name: str
) -> None:
    """Every call is there with what it was and what was answered; control calls are not."""
    before = len(control.get("/journal").json()["calls"])
    azure.put(f"{TICKETS}/{name}", json={"properties": properties()})
    azure.get(TICKETS)
    bridge.post("/tickets", json=bridged(portal="office"), headers={"Idempotency-Key": name})
    bridge.get("/tickets", params={"key": name})
    calls = control.get("/journal", params={"after": before}).json()["calls"]

    assert [
        (call["portal"], call["operation"], call["method"], call["status"], call["key"])
        for call in calls
    ] == [
        ("azure", "create", "PUT", 202, name),
        ("azure", "list", "GET", 200, None),
        ("office", "create", "POST", 201, name),
        ("office", "lookup", "GET", 200, name),
    ]
    assert calls[0]["path"] == f"/azure{TICKETS}/{name}"
    assert control.get("/journal", params={"after": "-1"}).status_code == 400


def test_journal_keeps_no_secret(
    sandbox: SandboxServer, bridge: httpx.Client, control: httpx.Client, name: str
) -> None:
    """Neither the ids of a contract nor a token are in the journal, nor in a ticket."""
    bridge.post("/tickets", json=bridged(), headers={"Idempotency-Key": name})
    httpx.get(f"{sandbox.bridge_url}/v1/tickets?key=k", headers={"Authorization": "Bearer s3cret"})
    kept = control.get("/journal").text + control.get("/tickets").text
    kept += repr(list(sandbox.sandbox.bridge))

    for secret in ("0230242323", "0012345678", "s3cret", TOKEN["Authorization"]):
        assert secret not in kept


def test_scripts(control: httpx.Client) -> None:
    """Scripts are added, listed with their use, and cleared; an unreadable one is refused."""
    added = control.post("/faults", json=[{"portal": "azure", "fault": {"slow": 1}}])
    refused = control.post("/faults", json=[{"fault": "explode"}])
    broken = control.post("/faults", content=b"{[")

    assert added.status_code == 201
    assert added.json()["rules"] == [
        {"portal": "azure", "fault": {"slow": 1}, "used": 0, "live": True}
    ]
    assert (refused.status_code, broken.status_code) == (422, 422)
    assert len(control.get("/faults").json()["rules"]) == 1
    assert control.delete("/faults").json() == {"rules": []}


def test_auxiliary_token_is_seen(azure: httpx.Client, name: str) -> None:
    """A create with the partner's auxiliary token passes like any other."""
    headers = {"x-ms-authorization-auxiliary": "Bearer partner"}
    body = {"properties": properties()}

    assert azure.put(f"{TICKETS}/{name}", json=body, headers=headers).status_code == 202
    assert SUBSCRIPTION in azure.get(TICKETS).url.path
