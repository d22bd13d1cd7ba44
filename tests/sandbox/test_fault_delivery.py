"""Faults as they arrive at a client, over real TCP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from sandbox.server import SandboxServer
from tests.plain import http
from tests.sandbox.cast import SCOPE, TOKEN, bridged, properties

TICKETS = f"{SCOPE}/providers/Microsoft.Support/supportTickets"


def script(control: httpx.Client, fault: object, **more: object) -> None:
    """Give the sandbox one fault rule."""
    control.post("/faults", json={"fault": fault} | more).raise_for_status()


def post(bridge: httpx.Client, key: str) -> httpx.Response:
    """File a request titled by its key."""
    return bridge.post("/tickets", json=bridged(title=key), headers={"Idempotency-Key": key})


def found(bridge: httpx.Client, key: str) -> list[dict[str, Any]]:
    """Look a key up."""
    tickets: list[dict[str, Any]] = bridge.get("/tickets", params={"key": key}).json()["tickets"]
    return tickets


def put(azure: httpx.Client, name: str) -> httpx.Response:
    """Create an Azure ticket."""
    return azure.put(f"{TICKETS}/{name}", json={"properties": properties()})


def last_call(control: httpx.Client) -> dict[str, Any]:
    """Read the last call in the journal."""
    call: dict[str, Any] = control.get("/journal").json()["calls"][-1]
    return call


def test_drop_after(bridge: httpx.Client, control: httpx.Client, name: str) -> None:
    """The ticket is made, the line is cut, and the look-up finds the ticket."""
    script(control, "drop_after", operation="create")
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        post(bridge, name)
    dropped = last_call(control)

    assert (dropped["status"], dropped["fault"], dropped["key"]) == ("dropped", "drop_after", name)
    assert [ticket["key"] for ticket in found(bridge, name)] == [name]
    assert post(bridge, name).status_code == 200


def test_drop_before(bridge: httpx.Client, control: httpx.Client, name: str) -> None:
    """The line is cut before anything is done; the look-up proves it."""
    script(control, "drop_before", operation="create")
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        post(bridge, name)

    assert found(bridge, name) == []
    assert post(bridge, name).status_code == 201


def test_azure_drop_after(azure: httpx.Client, control: httpx.Client, name: str) -> None:
    """A PUT whose answer was lost has its ticket under the name."""
    script(control, "drop_after", portal="azure", operation="create")
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        put(azure, name)
    states = [azure.get(f"{TICKETS}/{name}").status_code for _ in range(2)]

    assert states == [404, 200]
    assert put(azure, name).status_code == 200


def test_drop_keeps_others(sandbox: SandboxServer, control: httpx.Client, name: str) -> None:
    """A cut is one connection's: a client beside it is answered."""
    script(control, "drop_before", match=name)
    with (
        httpx.Client(base_url=f"{sandbox.bridge_url}/v1", headers=TOKEN) as one,
        httpx.Client(base_url=f"{sandbox.bridge_url}/v1", headers=TOKEN) as other,
    ):
        assert post(other, "other").status_code == 201
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            post(one, name)
        assert post(other, "another").status_code == 201


def test_cut_body(bridge: httpx.Client, control: httpx.Client, name: str) -> None:
    """The body ends before its Content-Length; the ticket is there."""
    script(control, "cut_body", operation="create")
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        post(bridge, name)
    with bridge.stream("GET", "/tickets", params={"key": name}) as whole:
        assert len(whole.read()) == int(whole.headers["content-length"])

    assert len(found(bridge, name)) == 1


def test_cut_body_sends_some(bridge: httpx.Client, control: httpx.Client, name: str) -> None:
    """Status, headers and a part of the body do arrive."""
    script(control, "cut_body", operation="create")
    headers = {"Idempotency-Key": name}
    with bridge.stream("POST", "/tickets", json=bridged(), headers=headers) as answer:
        chunks = answer.iter_raw()
        received = next(chunks)
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            next(chunks)

    assert answer.status_code == 201
    assert 0 < len(received) < int(answer.headers["content-length"])


def test_slow(bridge: httpx.Client, control: httpx.Client, name: str) -> None:
    """The work is done at once and answered late: a client that gave up finds its ticket."""
    script(control, {"slow": 60}, operation="create")
    with pytest.raises(httpx.ReadTimeout):
        bridge.post("/tickets", json=bridged(), headers={"Idempotency-Key": name}, timeout=0.2)

    assert len(found(bridge, name)) == 1


def test_slow_answers(bridge: httpx.Client, control: httpx.Client, name: str) -> None:
    """A client that waits is answered."""
    script(control, {"slow": 0.2}, operation="create")
    answer = post(bridge, name)

    assert answer.status_code == 201
    assert answer.elapsed.total_seconds() >= 0.2


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_status(
    azure: httpx.Client, bridge: httpx.Client, control: httpx.Client, status: int, name: str
) -> None:
    """A status comes in each portal's own envelope, once, and nothing is done."""
    script(control, {"status": status, "retry_after": 7}, times=2)
    arm, problem = put(azure, name), post(bridge, name)

    assert (arm.status_code, problem.status_code) == (status, status)
    assert arm.json()["error"]["code"]
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json()["status"] == status
    assert arm.headers["retry-after"] == problem.headers["retry-after"] == "7"
    assert found(bridge, name) == []


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("maintenance", 503, "ServiceUnavailable"),
        ("revoked", 401, "InvalidAuthenticationToken"),
        ("read_only", 403, "ReadOnly"),
        ({"status": 409, "code": "duplicate"}, 409, "duplicate"),
    ],
)
def test_refusals(
    bridge: httpx.Client, control: httpx.Client, fault: object, status: int, code: str
) -> None:
    """Maintenance names a time, a revoked token and a read-only service say so."""
    script(control, fault)
    refused = post(bridge, "refused")

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert ("retry-after" in refused.headers) is (fault == "maintenance")


def test_html(bridge: httpx.Client, control: httpx.Client, name: str) -> None:
    """An error page comes as 200 and HTML; nothing is done."""
    script(control, "html", operation="create")
    answer = post(bridge, name)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert found(bridge, name) == []


def test_operation_failed(azure: httpx.Client, control: httpx.Client, name: str) -> None:
    """Azure accepts, and the operation fails with the script's code; the next one succeeds."""
    script(
        control, {"operation_failed": "QuotaExceeded", "message": "Too many."}, operation="create"
    )
    address = put(azure, name).headers["azure-asyncoperation"]
    http().get(address, headers=TOKEN)
    failed = http().get(address, headers=TOKEN).json()

    assert failed["status"] == "Failed"
    assert failed["error"] == {"code": "QuotaExceeded", "message": "Too many."}
    assert azure.get(f"{TICKETS}/{name}").status_code == 404
    assert put(azure, name).status_code == 202


def test_poll_by_title(azure: httpx.Client, control: httpx.Client, name: str) -> None:
    """A poll is known by the title of the ticket it is about."""
    address = put(azure, name).headers["azure-asyncoperation"]
    script(control, {"status": 500}, operation="poll", match="請求書")

    assert http().get(address, headers=TOKEN).status_code == 500
    assert http().get(address, headers=TOKEN).json()["status"] == "InProgress"


def test_lookup_by_title(bridge: httpx.Client, control: httpx.Client, name: str) -> None:
    """A look-up for what never became a ticket is known by the title that was asked for."""
    script(control, "drop_before", operation="create", match=name)
    script(control, {"status": 503}, operation="lookup", portal="onprem", match=name)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        post(bridge, name)

    assert bridge.get("/tickets", params={"key": "another"}).status_code == 200
    assert bridge.get("/tickets", params={"key": name}).status_code == 503
    assert bridge.get("/tickets", params={"key": name}).json() == {"tickets": []}


def test_read_by_title(bridge: httpx.Client, control: httpx.Client, name: str) -> None:
    """A read is known by the title of its ticket."""
    number = post(bridge, name).json()["number"]
    script(control, {"status": 500}, operation="read", match=name)

    assert bridge.get(f"/tickets/{number}").status_code == 500
    assert bridge.get(f"/tickets/{number}").status_code == 200
