"""The bridge: its state without HTTP first, its HTTP after."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from sandbox.bridge.fields import faults_in
from sandbox.bridge.model import Bridge, KeyReused, Unprocessable
from sandbox.bridge.routes import PAGE
from sandbox.server import SandboxServer
from sandbox.store import Forgetful
from tests.sandbox.cast import TOKEN, HandClock, bridged


def post(
    bridge: httpx.Client, key: str | None, document: dict[str, Any] | None = None
) -> httpx.Response:
    """File a request."""
    headers = {"Idempotency-Key": key} if key else {}
    return bridge.post("/tickets", json=document or bridged(), headers=headers)


def test_one_key_one_ticket() -> None:
    """The same key and body give the same ticket; another body is refused."""
    desk = Bridge(Forgetful(), HandClock())
    first, new = desk.create("key", bridged())
    again, new_again = desk.create("key", dict(reversed(bridged().items())))

    assert (new, new_again) == (True, False)
    assert again is first
    with pytest.raises(KeyReused):
        desk.create("key", bridged(severity="C"))


def test_numbers() -> None:
    """Numbers have 15 digits and never meet, whatever the portal."""
    desk = Bridge(Forgetful(), HandClock())
    numbers = [
        desk.create(portal, bridged(portal=portal))[0].number
        for portal in ("office", "onprem", "partner_portal")
    ]

    assert numbers == ["127011531000001", "127011541000002", "127011551000003"]


@pytest.mark.parametrize(
    ("severity", "due_s"),
    [("A", 2 * 3600), ("B", 3600), ("C", 3600 + 15.5 * 3600 + 4 * 3600)],
)
def test_first_answer(severity: str, due_s: float) -> None:
    """A is answered in two hours of the clock, B and C in hours of business."""
    # Friday 2027-01-15 16:30 in Tokyo; B is due Monday, as only one hour is left of Friday.
    clock = HandClock(1_799_998_200.0)
    ticket, _ = Bridge(Forgetful(), clock).create("key", bridged(severity=severity))
    weekend = 0.0 if severity == "A" else 2 * 24 * 3600
    expected = due_s + weekend + (15.5 * 3600 + 3 * 3600 if severity == "B" else 0)
    expected += 3 * 3600 if severity == "C" else 0

    assert ticket.first_response_due - clock.at == expected


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"portal": "azure"}, "field_invalid"),
        ({"title": None}, "field_required"),
        ({"title": 7}, "field_invalid"),
        ({"title": "t" * 251}, "field_invalid"),
        ({"kind": "party"}, "field_invalid"),
        ({"severity": "Z"}, "field_invalid"),
        ({"severity": None}, "field_required"),
        ({"contact": None}, "field_required"),
        ({"contact": {"name": "Sato"}}, "field_required"),
        ({"contact": {"name": "Sato", "email": "a@b", "method": "fax"}}, "field_invalid"),
        ({"plan": "gold"}, "field_invalid"),
        ({"plan": {"kind": "gold_20", "contract": "g", "access_id": "1"}}, "contract_required"),
        ({"services_agreement": None}, "services_agreement_required"),
    ],
)
def test_fields(changes: dict[str, object], code: str) -> None:
    """What the portal's form asks for is asked for here."""
    assert code in [found for found, _ in faults_in(bridged(**changes))]
    with pytest.raises(Unprocessable):
        Bridge(Forgetful(), HandClock()).create("key", bridged(**changes))


def test_office_asks_less() -> None:
    """Office takes a request without severity, plan and agreement."""
    asked = bridged(portal="office", severity=None, plan=None, services_agreement=None)

    assert faults_in(asked) == []


def test_pay_per_incident() -> None:
    """A plan without a contract needs no ids."""
    plan = {"kind": "pay_per_incident", "contract": None, "access_id": None, "contract_id": None}

    assert faults_in(bridged(plan=plan)) == []


def test_created(bridge: httpx.Client, sandbox: SandboxServer, name: str) -> None:
    """A new ticket is answered with 201 and what it is."""
    answer = post(bridge, name)
    ticket = answer.json()

    assert answer.status_code == 201
    assert ticket | {"first_response_due": "", "created_at": ""} == {
        "key": name,
        "number": ticket["number"],
        "portal": "onprem",
        "title": "メールが配信されない",
        "severity": "B",
        "status": "open",
        "billable": None,
        "url": f"{sandbox.bridge_url}/v1/tickets/{ticket['number']}",
        "first_response_due": "",
        "created_at": "",
    }
    assert len(ticket["number"]) == 15
    assert ticket["first_response_due"].endswith("Z")


def test_repeat(bridge: httpx.Client, name: str) -> None:
    """A repeat is answered with 200 and the same; another body with 409."""
    first, again = post(bridge, name), post(bridge, name)
    other = post(bridge, name, bridged(title="other"))

    assert (again.status_code, again.json()) == (200, first.json())
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert other.headers["content-type"] == "application/problem+json"


def test_find(bridge: httpx.Client, name: str) -> None:
    """A key is found or proven not there."""
    made = post(bridge, name).json()

    assert bridge.get("/tickets", params={"key": name}).json() == {"tickets": [made]}
    assert bridge.get("/tickets", params={"key": "none"}).json() == {"tickets": []}
    assert bridge.get("/tickets").status_code == 400


def test_read(bridge: httpx.Client, name: str) -> None:
    """A number is found or 404."""
    made = post(bridge, name).json()
    missing = bridge.get("/tickets/100000000000000")

    assert bridge.get(f"/tickets/{made['number']}").json() == made
    assert (missing.status_code, missing.json()["code"]) == (404, "ticket_not_found")


def test_list(bridge: httpx.Client, control: httpx.Client, name: str) -> None:
    """One portal's tickets are listed, oldest first, from a moment on; the journal says so."""
    before = len(control.get("/journal").json()["calls"])
    first, second = (post(bridge, f"{name}-{part}").json() for part in "ab")
    post(bridge, f"{name}-c", bridged(portal="office"))
    asked = {"portal": "onprem", "created_since": first["created_at"]}
    listed = bridge.get("/tickets", params=asked).json()
    later = {"portal": "onprem", "created_since": "2999-01-01T00:00:00Z"}

    assert [each for each in listed["tickets"] if name in each["key"]] == [first, second]
    assert {each["portal"] for each in listed["tickets"]} == {"onprem"}
    assert bridge.get("/tickets", params=later).json() == {"tickets": [], "next": None}
    calls = control.get("/journal", params={"after": str(before)}).json()["calls"]
    assert [(each["operation"], each["portal"]) for each in calls[-2:]] == [("list", "onprem")] * 2


def test_list_pages() -> None:
    """A list that is long comes in pages, each ticket on one of them."""
    with SandboxServer(clock=HandClock()) as sandbox:
        for number in range(PAGE + 1):
            sandbox.sandbox.bridge.create(f"key-{number}", bridged())
        client = httpx.Client(base_url=f"{sandbox.bridge_url}/v1", headers=TOKEN)
        with client:
            first = client.get("/tickets", params={"portal": "onprem"}).json()
            more = {"portal": "onprem", "cursor": first["next"]}
            second = client.get("/tickets", params=more).json()

    keys = [each["key"] for answer in (first, second) for each in answer["tickets"]]
    assert keys == [f"key-{number}" for number in range(PAGE + 1)]
    assert second["next"] is None


@pytest.mark.parametrize(
    "asked",
    [
        {"portal": "azure"},
        {"portal": "onprem", "created_since": "soon"},
        {"portal": "onprem", "cursor": "next"},
    ],
)
def test_list_refused(bridge: httpx.Client, asked: dict[str, str]) -> None:
    """A question that is not the contract's is refused."""
    assert bridge.get("/tickets", params=asked).status_code == 400


def test_close(bridge: httpx.Client, control: httpx.Client, name: str) -> None:
    """A closed ticket says whether it bills."""
    number = post(bridge, name).json()["number"]
    control.post(f"/tickets/{number}/close", json={"billable": False}).raise_for_status()
    closed = bridge.get(f"/tickets/{number}").json()

    assert (closed["status"], closed["billable"]) == ("closed", False)
    assert post(bridge, name).json() == closed


def test_refused(bridge: httpx.Client, name: str) -> None:
    """Without key, JSON or fields there is no ticket, and the problem says which."""
    missing = post(bridge, name, bridged(partner=None, agent=""))
    content = bridge.post("/tickets", content=b"[", headers={"Idempotency-Key": name})

    assert post(bridge, None).json()["code"] == "idempotency_key_required"
    assert (content.status_code, content.json()["code"]) == (400, "invalid_json")
    assert (missing.status_code, missing.json()["code"]) == (422, "field_required")
    assert len(missing.json()["errors"]) == 2
    assert bridge.get("/tickets", params={"key": name}).json() == {"tickets": []}


def test_token(bridge: httpx.Client) -> None:
    """A call needs a bearer token that is not revoked."""
    for header, code in (("", "token_missing"), ("Bearer revoked", "token_revoked")):
        answer = bridge.get("/tickets", params={"key": "k"}, headers={"Authorization": header})

        assert (answer.status_code, answer.json()["code"]) == (401, code)


def test_nowhere(bridge: httpx.Client) -> None:
    """A path that does not exist is a problem too."""
    assert bridge.get("/nothing").json()["code"] == "not_found"
    assert bridge.delete("/tickets").status_code == 404
