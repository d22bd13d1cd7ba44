"""Azure's errors, operations and lost answers, as bytes on a line."""

from __future__ import annotations

import json

import pytest

from adapters.errors import OutcomeUnknown, PortalError, Refused, TryLater
from adapters.portals.azure.patience import Manners
from adapters.portals.azure.wire import read_envelope, read_operation
from adapters.portals.port import Held
from tests.adapters.orders import AZURE, NOW, SUBSCRIPTION
from tests.adapters.portal_suite import nothing
from tests.adapters.scripted import HANG_UP, Say, ScriptedServer, answer, head
from tests.adapters.test_azure_portal import PROMPT, make

TYPES = "/providers/Microsoft.Support"
NAME = "Virtual Machine running Windows"
SERVICE = {"id": f"{TYPES}/services/s1", "properties": {"displayName": NAME}}
PROBLEM = {
    "id": f"{TYPES}/services/s1/problemClassifications/p1",
    "properties": {"displayName": "x"},
}
ABSENT = answer(404, {"error": {"code": "ResourceNotFound", "message": "No such ticket."}})
BEFORE = (ABSENT, answer(200, {"value": [SERVICE]}), answer(200, {"value": [PROBLEM]}))
TICKET = {
    "id": f"/subscriptions/{SUBSCRIPTION}{TYPES}/supportTickets/toritsugi-r-1",
    "name": "toritsugi-r-1",
    "properties": {"supportTicketId": "77", "severity": "Moderate"},
}
STALLED = Say(head(202, {"Content-Length": "90"}) + b"{", stall=True)
CUT = Say(
    head(200, {"Content-Length": "90", "Content-Type": "application/json"}) + b"{", hang_up=True
)


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ('{"error": {"code": "A", "message": "b"}}', "A", "b"),
        ('{"Error": {"Code": "A", "Message": "b", "Target": null, "Details": null}}', "A", "b"),
        (
            '{"error": {"code": "A", "details": [{"message": "c"}, {"Message": "d"}, 1]}}',
            "A",
            "c d",
        ),
        ('{"error": "text"}', None, None),
        ('{"error": {"code": 5}}', None, None),
        ("<html>", None, None),
        ("[]", None, None),
        ("", None, None),
    ],
)
def test_envelopes(body: str, code: str | None, message: str | None) -> None:
    """Both spellings of an error are read; what is none is empty."""
    envelope = read_envelope(body)
    assert (envelope.code, envelope.message) == (code, message)


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        (200, '{"status": "InProgress"}', "running"),
        (200, '{"Status": "SUCCEEDED"}', "succeeded"),
        (200, '{"status": "Canceled"}', "failed"),
        (200, '{"status": "Provisioning"}', "running"),
        (202, "", "running"),
        (202, '{"status": "Running"}', "running"),
        (200, '{"properties": {}}', "succeeded"),
        (204, "", "succeeded"),
    ],
)
def test_operations(status: int, body: str, state: str) -> None:
    """A status document tells how far it is; at Location the HTTP status does."""
    assert read_operation(status, body).state == state


def test_failed_operation() -> None:
    """A failure brings its code, in either spelling."""
    body = '{"status": "failed", "Error": {"Code": "InvalidSupportPlan", "Message": "Too low."}}'
    failure = read_operation(200, body).failure
    assert (failure.code, failure.message) == ("InvalidSupportPlan", "Too low.")


def filed(*script: Say) -> object:
    """File the order: the ticket's number, or the error."""
    with ScriptedServer(*script) as server:
        portal = make(server.url)
        try:
            return portal.file(AZURE, nothing).number
        except PortalError as error:
            return error
        finally:
            portal.close()


def test_created_at_once() -> None:
    """A 200 to the PUT is a ticket, too; its body is read afresh."""
    assert filed(*BEFORE, answer(200, TICKET), answer(200, TICKET)) == "77"


def test_there_already() -> None:
    """A ticket under our name is taken for ours, without a PUT."""
    assert filed(answer(200, TICKET)) == "77"


def test_taken_without_an_address() -> None:
    """A 202 that names no address is followed by looking for the ticket."""
    assert filed(*BEFORE, answer(202), ABSENT, answer(200, TICKET)) == "77"


def test_never_visible() -> None:
    """A ticket that does not appear in time is an unknown outcome."""
    with ScriptedServer(*BEFORE, answer(202), ABSENT) as server:
        portal = make(server.url, Manners(patience_s=0.0))
        with pytest.raises(OutcomeUnknown) as caught:
            portal.file(AZURE, nothing)
        assert caught.value.code == "not_visible_yet"
        portal.close()


@pytest.mark.parametrize("header", ["Location", "Azure_AsyncOperation"])
def test_addresses(header: str) -> None:
    """The operation is asked at the address that the 202 names, after the wait it names."""
    with ScriptedServer(*BEFORE) as server:
        taken = answer(202, None, **{header: f"{server.url}/azure/op/1"})
        running = answer(202, None, Retry_After="0")
        server.add(taken, running, answer(200, {"status": "Succeeded"}), answer(200, TICKET))
        portal = make(server.url)
        noted: list[str] = []
        assert portal.file(AZURE, noted.append).number == "77"
        assert noted == [f"{server.url}/azure/op/1"]
        assert [line.split()[1] for line in server.heard[4:6]] == [b"/azure/op/1"] * 2
        portal.close()


@pytest.mark.parametrize(
    "say",
    [HANG_UP, STALLED, CUT, answer(200, "<html>"), answer(200, "[1]"), answer(409)],
    ids=["hang up", "stalled", "cut", "page", "list", "conflict"],
)
def test_lost(say: Say) -> None:
    """Once the PUT is out, whatever is no clear answer is an unknown outcome, looked up later."""
    with ScriptedServer(*BEFORE, say) as server:
        portal = make(server.url, Manners(visible_after_s=45.0))
        with pytest.raises(OutcomeUnknown) as caught:
            portal.file(AZURE, nothing)
        assert caught.value.look_after_s == 45.0
        assert [line.split()[0] for line in server.heard] == [b"GET", b"GET", b"GET", b"PUT"]
        portal.close()


@pytest.mark.parametrize(
    ("say", "code"),
    [
        (
            answer(400, {"error": {"code": "InvalidParameterValue", "message": "x"}}),
            "InvalidParameterValue",
        ),
        (answer(404, {"Error": {"Code": "SubscriptionNotFound"}}), "SubscriptionNotFound"),
        (answer(400, "<html>"), "http_400"),
    ],
)
def test_refused(say: Say, code: str) -> None:
    """A refusal of the PUT itself names Azure's code."""
    error = filed(*BEFORE, say)
    assert isinstance(error, Refused)
    assert error.code == code


def test_not_registered() -> None:
    """A subscription without the support provider is refused, unless the client may register it."""
    body = {
        "error": {
            "code": "MissingSubscriptionRegistration",
            "message": "Register 'Microsoft.Support'.",
        }
    }
    error = filed(*BEFORE, answer(409, body), answer(403))
    assert isinstance(error, Refused)
    assert error.code == "MissingSubscriptionRegistration"


@pytest.mark.parametrize(
    "say",
    [
        answer(404, {"error": {"code": "SubscriptionNotFound"}}),
        answer(404, {"error": {"code": "InvalidTenantId"}}),
        answer(404, "<html>"),
        answer(404),
    ],
    ids=["subscription", "tenant", "page", "empty"],
)
def test_absence_is_proven(say: Say) -> None:
    """Only 'no such ticket' proves that there is none."""
    with ScriptedServer(say) as server:
        portal = make(server.url)
        with pytest.raises(TryLater):
            portal.find(AZURE)
        portal.close()


def test_catalogue_is_kept() -> None:
    """Services and problems are asked for once, until they are stale."""
    now = [0.0]
    again = (ABSENT, answer(200, TICKET), answer(200, TICKET))
    with ScriptedServer(*BEFORE, answer(200, TICKET), answer(200, TICKET), *again) as server:
        portal = make(server.url, monotonic=lambda: now[0])
        portal.file(AZURE, nothing)
        portal.file(AZURE, nothing)
        assert len(server.heard) == 8
        now[0] += PROMPT.catalogue_ttl_s
        server.add(*BEFORE, answer(200, TICKET), answer(200, TICKET))
        portal.file(AZURE, nothing)
        assert len(server.heard) == 13
        portal.close()


@pytest.mark.parametrize("body", [{"value": []}, {"value": [SERVICE | {"properties": {}}]}])
def test_odd_catalogue(body: object) -> None:
    """A list that holds no such service refuses, and is not kept when it is empty."""
    error = filed(ABSENT, answer(200, body))
    assert isinstance(error, Refused)


def test_bodies() -> None:
    """The PUT is wrapped in properties, under a name made from the key, with the API's version."""
    with ScriptedServer(*BEFORE, answer(200, TICKET), answer(200, TICKET)) as server:
        portal = make(server.url)
        portal.file(AZURE, nothing)
        portal.close()
    start, _, body = server.heard[3].partition(b"\r\n\r\n")
    path = f"/azure/subscriptions/{SUBSCRIPTION}{TYPES}/supportTickets/toritsugi-r-1"
    assert start.startswith(f"PUT {path}?api-version=2024-04-01 ".encode())
    assert set(json.loads(body)) == {"properties"}


@pytest.mark.parametrize(
    "odd", [answer(200, {}), answer(200, {"error": {"code": "x"}}), CUT], ids=["{}", "error", "cut"]
)
def test_lists_that_are_none(odd: Say) -> None:
    """An answer without a list is asked for again, and never taken for an empty or a last page."""
    page = {"value": [TICKET], "nextLink": f"/subscriptions/{SUBSCRIPTION}{TYPES}/next"}
    with ScriptedServer(answer(200, page), odd, answer(200, {"value": [TICKET]})) as server:
        portal = make(server.url)
        listing = portal.list_tickets([AZURE.scope], NOW)
        portal.close()
    assert listing.held == (Held("R-1", "77"),) * 2
    assert len(server.heard) == 3
