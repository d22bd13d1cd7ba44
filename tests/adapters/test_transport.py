from __future__ import annotations

import json
import threading
from collections.abc import Callable

import pytest

from adapters.errors import OutcomeUnknown, PortalError, Refused, TryLater
from adapters.transport import Limits, Transport
from tests.adapters.orders import TOKEN, clock
from tests.adapters.scripted import HANG_UP, Say, ScriptedServer, answer, closed_port, head

LIMITS = Limits(connect_s=1.0, read_s=0.3)
CUT = Say(head(201, {"Content-Length": "100"}) + b'{"half":', hang_up=True)
SILENT = Say(stall=True)
SILENT_IN_BODY = Say(head(201, {"Content-Length": "100"}) + b'{"half":', stall=True)


def create(url: str, secrets: tuple[str, ...] = ()) -> object:
    """Create once, with a transport of its own."""
    transport = Transport(url, TOKEN, clock=clock, limits=LIMITS)
    try:
        return transport.create(
            "/v1/tickets", content=b"{}", key="R-1", parse=json.loads, secrets=secrets
        )
    finally:
        transport.close()


def read(url: str) -> object:
    """Read, with a transport of its own."""
    transport = Transport(url, TOKEN, clock=clock, limits=LIMITS)
    try:
        return transport.read("/v1/tickets", params={"key": "R 1&2"}, parse=json.loads)
    finally:
        transport.close()


def test_create() -> None:
    """A creation carries its key, the bearer token and the body, once."""
    with ScriptedServer(answer(201, {"number": "7"})) as server:
        assert create(server.url) == {"number": "7"}
    (request,) = server.heard
    assert request.startswith(b"POST /v1/tickets HTTP/1.1")
    assert b"idempotency-key: r-1" in request.lower()
    assert f"authorization: bearer {TOKEN}".encode() in request.lower()
    assert request.endswith(b"{}")


def test_read() -> None:
    """A reading's parameters are escaped."""
    with ScriptedServer(answer(200, {"tickets": []})) as server:
        assert read(server.url) == {"tickets": []}
    assert server.heard[0].startswith(b"GET /v1/tickets?key=R+1%262 HTTP/1.1")


@pytest.mark.parametrize("call", [create, read])
def test_nobody_listens(call: Callable[[str], object]) -> None:
    """Without a connection nothing was sent: try later."""
    with pytest.raises(TryLater) as caught:
        call(closed_port())
    assert caught.value.code == "unreachable"


def test_unknown_host() -> None:
    """A name that leads nowhere is no connection either."""
    with pytest.raises(TryLater) as caught:
        create("http://portal.invalid")
    assert caught.value.code == "unreachable"


@pytest.mark.parametrize(
    "say",
    [HANG_UP, SILENT, CUT, SILENT_IN_BODY],
    ids=["hang up", "silent", "cut", "silent in body"],
)
def test_lost_answer_to_a_creation(say: Say) -> None:
    """Once sent, an answer that does not arrive whole leaves the outcome unknown."""
    with ScriptedServer(say) as server, pytest.raises(OutcomeUnknown) as caught:
        create(server.url)
    assert caught.value.code == "no_answer"
    assert len(server.heard) == 1


@pytest.mark.parametrize("body", ["<html>proxy</html>", '{"number":', ""])
def test_unreadable_answer_to_a_creation(body: str) -> None:
    """A 2xx that cannot be read may well have made a ticket."""
    with ScriptedServer(answer(201, body)) as server, pytest.raises(OutcomeUnknown) as caught:
        create(server.url)
    assert caught.value.code == "broken_answer"


def test_redirect_of_a_creation() -> None:
    """A redirect is not followed: nobody knows what stands behind it."""
    with ScriptedServer(answer(307, None, Location="http://127.0.0.1:1/")) as server:
        with pytest.raises(OutcomeUnknown):
            create(server.url)
        assert len(server.heard) == 1


@pytest.mark.parametrize("trouble", [HANG_UP, SILENT, answer(500), answer(200, "<html>")])
def test_reading_is_repeated(trouble: Say) -> None:
    """A reading that goes wrong in passing is asked again at once, twice at most."""
    with ScriptedServer(trouble, trouble, answer(200, {"tickets": []})) as server:
        assert read(server.url) == {"tickets": []}
    with ScriptedServer(trouble, trouble, trouble) as server, pytest.raises(TryLater):
        read(server.url)
    assert len(server.heard) == 3


@pytest.mark.parametrize("say", [answer(429, None, Retry_After="9"), answer(401), answer(400)])
def test_reading_that_is_left_alone(say: Say) -> None:
    """A portal that asks for time, or for credentials, is not asked again at once."""
    with ScriptedServer(say) as server, pytest.raises(TryLater):
        read(server.url)
    assert len(server.heard) == 1


def test_problem() -> None:
    """A refusal speaks the portal's own code and words, without our secrets in them."""
    problem = {"title": "Bad", "code": "contract_unknown", "detail": f"No 0230242323, {TOKEN}"}
    with ScriptedServer(answer(422, problem)) as server, pytest.raises(Refused) as caught:
        create(server.url, ("0230242323",))
    assert (caught.value.code, caught.value.message) == ("contract_unknown", "No ***, ***")


def test_one_client_a_thread() -> None:
    """Threads do not share a connection, and one thread keeps its own."""
    with ScriptedServer(*[answer(200, {})] * 4) as server:
        transport = Transport(server.url, TOKEN, clock=clock, limits=LIMITS)
        clients: list[int] = []

        def ask() -> None:
            transport.read("/a", parse=json.loads)
            transport.read("/b", parse=json.loads)
            clients.append(id(transport._client()))

        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        transport.close()
        assert len(set(clients)) == 2
        assert len(server._lines) == 2


def test_close_ends_waits() -> None:
    """A closed transport does not go on repeating."""
    with ScriptedServer(answer(500), answer(500)) as server:
        transport = Transport(server.url, TOKEN, clock=clock, limits=LIMITS)
        transport.close()
        with pytest.raises(PortalError):
            transport.read("/a", parse=json.loads)
        transport.close()
        assert len(server.heard) == 1
