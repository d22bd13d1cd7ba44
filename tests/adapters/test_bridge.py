"""The bridge carrier where a bridge answers oddly."""

from __future__ import annotations

import json

import pytest

from adapters.errors import OutcomeUnknown, PortalError, Refused
from adapters.portals.onprem.client import onprem_portal
from adapters.portals.port import Held, Listing
from adapters.transport import Transport
from tests.adapters.orders import ACCESS_ID, CONTRACT_ID, NOW, ONPREM, TOKEN, clock
from tests.adapters.portal_suite import LIMITS, nothing
from tests.adapters.scripted import Say, ScriptedServer, answer

TICKET = {"key": "R-1", "number": "7", "portal": "onprem", "severity": "B", "new_member": [1]}
CONFLICT = answer(409, {"code": "idempotency_key_reused", "detail": "Used with another body."})


def filed(*script: Say) -> object:
    """File the order; a ticket or the error."""
    with ScriptedServer(*script) as server:
        portal = onprem_portal(Transport(server.url, TOKEN, clock=clock, limits=LIMITS))
        try:
            return portal.file(ONPREM, nothing)
        except PortalError as error:
            return error
        finally:
            portal.close()


@pytest.mark.parametrize("status", [200, 201])
def test_first_and_repeated(status: int) -> None:
    """New or known, the bridge's answer is the ticket; members we do not know are passed over."""
    ticket = filed(answer(status, TICKET))
    assert not isinstance(ticket, PortalError)
    assert "number='7'" in repr(ticket)


def test_severity_left_out() -> None:
    """A bridge that tells no severity means the one that was ordered."""
    ticket = filed(answer(201, {"key": "R-1", "number": "7", "portal": "onprem"}))
    assert "severity='B'" in repr(ticket)


@pytest.mark.parametrize(
    "body",
    [
        {"key": "R-2", "number": "7", "portal": "onprem", "severity": "B"},
        {"key": "R-1", "number": "", "portal": "onprem", "severity": "B"},
        {"error": "database is down"},
        [],
    ],
    ids=["other key", "no number", "error", "list"],
)
def test_answers_that_are_none(body: object) -> None:
    """A 201 about something else leaves the outcome unknown."""
    error = filed(answer(201, body))
    assert isinstance(error, OutcomeUnknown)
    assert error.code == "broken_answer"


def test_conflict_with_a_ticket() -> None:
    """A key used with another content, and a ticket under it: nothing is refused, look it up."""
    error = filed(CONFLICT, answer(200, {"tickets": [TICKET]}))
    assert isinstance(error, OutcomeUnknown)
    assert error.code == "idempotency_conflict"


def test_conflict_without_a_ticket() -> None:
    """A key used with another content, and proof that no ticket is under it: refused."""
    error = filed(CONFLICT, answer(200, {"tickets": []}))
    assert isinstance(error, Refused)
    assert (error.code, error.message) == ("idempotency_conflict", "Used with another body.")


def test_conflict_without_an_answer() -> None:
    """A look-up that fails proves nothing."""
    assert isinstance(filed(CONFLICT, answer(401)), OutcomeUnknown)


def test_lookup_of_another_key() -> None:
    """A bridge that ignores the key it was asked for does not lend us a stranger's ticket."""
    strange = TICKET | {"key": "R-9"}
    with ScriptedServer(answer(200, {"tickets": [strange]})) as server:
        portal = onprem_portal(Transport(server.url, TOKEN, clock=clock, limits=LIMITS))
        assert portal.find(ONPREM) is None
        portal.close()


def listed(*script: Say) -> tuple[Listing | None, list[str]]:
    """Ask for the list; give it, and the addresses that were asked."""
    with ScriptedServer(*script) as server:
        portal = onprem_portal(Transport(server.url, TOKEN, clock=clock, limits=LIMITS))
        listing = portal.list_tickets([ONPREM.scope], NOW)
        portal.close()
    return listing, [request.split(b" ")[1].decode() for request in server.heard]


def test_list_in_pages() -> None:
    """A list is asked for page by page until there is no next one; strangers' are left out."""
    office = TICKET | {"key": "R-3", "portal": "office"}
    listing, asked = listed(
        answer(200, {"tickets": [TICKET, office], "next": "a b"}),
        answer(200, {"tickets": [TICKET | {"key": "R-2", "number": "8"}]}),
    )
    assert listing == Listing((Held("R-1", "7"), Held("R-2", "8")))
    first = "/v1/tickets?portal=onprem&created_since=2026-11-22T03%3A00%3A00%2B00%3A00"
    assert asked == [first, f"{first}&cursor=a+b"]


@pytest.mark.parametrize("status", [400, 404, 405, 501])
def test_list_that_is_not_offered(status: int) -> None:
    """A bridge that knows no list says so in one of these ways, and is asked once."""
    listing, asked = listed(answer(status, {"code": "key_required"}))
    assert listing is None
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("second", "code"),
    [(answer(401), "unauthorized"), (answer(200, {"tickets": [], "next": "2"}), "broken_answer")],
    ids=["no answer", "the same page again"],
)
def test_list_that_breaks_off(second: Say, code: str) -> None:
    """What came before a page that does not come is kept, and the rest told to be missing."""
    listing, _ = listed(answer(200, {"tickets": [TICKET], "next": "2"}), *[second] * 3)
    assert listing is not None
    assert listing.held == (Held("R-1", "7"),)
    assert [(each.scopes, each.error.code) for each in listing.unasked] == [(None, code)]


def test_resume_finds_nothing() -> None:
    """The bridge gives no tokens: going on means looking, and finding nothing is no refusal."""
    with ScriptedServer(answer(200, {"tickets": []})) as server:
        portal = onprem_portal(Transport(server.url, TOKEN, clock=clock, limits=LIMITS))
        with pytest.raises(OutcomeUnknown) as caught:
            portal.resume(ONPREM, "")
        assert caught.value.code == "not_found"
        portal.close()


def test_refusal_that_quotes() -> None:
    """A refusal that quotes the ids we sent is masked before anyone sees it."""
    words = f"Contract {CONTRACT_ID} of {ACCESS_ID} is unknown to Bearer {TOKEN}"
    error = filed(answer(422, {"code": "contract_unknown", "detail": words}))
    assert isinstance(error, Refused)
    assert error.message == "Contract *** of *** is unknown to Bearer ***"


def test_body() -> None:
    """What goes over is JSON in UTF-8, Japanese as it is."""
    with ScriptedServer(answer(201, TICKET)) as server:
        portal = onprem_portal(Transport(server.url, TOKEN, clock=clock, limits=LIMITS))
        portal.file(ONPREM, nothing)
        portal.close()
    body = server.heard[0].partition(b"\r\n\r\n")[2]
    assert "佐藤 花子".encode() in body
    assert json.loads(body)["portal"] == "onprem"
