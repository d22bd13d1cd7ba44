from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx
import pytest
from openapi_spec_validator import validate
from sqlalchemy.exc import OperationalError

from ledger import quarantine
from tests.builders import onprem_data
from tests.driving import Driver, event
from tests.free_port import free_port
from tests.senders import DESK, secret_of, sign
from tests.workers.serving import serving
from workers.app import App
from workers.listeners.buckets import Buckets
from workers.listeners.http import waiting
from workers.listeners.http.application import document
from workers.listeners.http.serving import serve

pytestmark = pytest.mark.costly
EVENT = {"Content-Type": "application/cloudevents+json"}
DATA = {"Content-Type": "application/json"}
BINARY = {
    **DATA,
    "ce-specversion": "1.0",
    "ce-type": "toritsugi.request.v1",
    "ce-source": "urn:sender",
    "ce-id": "%E4%B8%80",
}


@pytest.fixture(name="web")
def _web(driver: Driver) -> Iterator[httpx.Client]:
    with serving(driver.app) as client:
        yield client


def limited(app: App, **limits: float) -> App:
    """Give the app with other limits."""
    return replace(app, limits=replace(app.limits, **limits))  # type: ignore[arg-type]


# ---- Forms ---------------------------------------------------------------------------------------


def test_the_binary_mode_is_the_same_event(web: httpx.Client) -> None:
    """Attributes in headers, percent-encoded; its structured twin is a repeat."""
    first = web.post("/v1/requests", json=onprem_data(), headers=BINARY)
    twin = web.post("/v1/requests", content=event(onprem_data(), "一"), headers=EVENT)
    assert (first.status_code, twin.status_code) == (202, 200)
    assert first.json()["request"] == twin.json()["request"]


@pytest.mark.parametrize(
    ("headers", "body", "code"),
    [
        ({"ce-id": ""}, b"{}", "not_an_event"),
        ({"ce-specversion": "2"}, b"{}", "not_an_event"),
        ({"ce-id": "%ff"}, b"{", "not_json"),
        ({"ce-type": "other"}, b"{}", "unknown_type"),
        ({}, b'{}, "source": "urn:other"', "not_json"),
        ({}, b"[]", "invalid_data"),
        ({}, b"", "not_json"),
        ({"ce-data": "x"}, b"{}", "not_json"),
    ],
)
def test_what_is_wrong_in_binary_mode_is_kept(
    driver: Driver, web: httpx.Client, headers: dict[str, str], body: bytes, code: str
) -> None:
    """Whether the headers or the body are wrong; with its key where there is one."""
    answer = web.post("/v1/requests", content=body, headers={**BINARY, **headers})
    assert answer.json()["code"] == code
    (kept,) = driver.app.store.read(quarantine.kept)
    assert kept.code == code


def test_a_compressed_body_is_not_taken(web: httpx.Client) -> None:
    """415: it would be read as what it is not."""
    answer = web.post("/v1/requests", content=b"x", headers={**EVENT, "Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json()["code"]) == (415, "unknown_encoding")


def test_an_empty_batch_is_answered(web: httpx.Client) -> None:
    """Nothing was sent, and nothing is said to have been stored."""
    headers = {"Content-Type": "application/cloudevents-batch+json"}
    assert web.post("/v1/requests", content=b"[]", headers=headers).json() == []


# ---- Addresses and methods -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "no_such_address"),
        ("GET", "/v1/requests/TR-0", 404, "unknown_request"),
        ("PUT", "/v1/requests", 405, "no_such_method"),
        ("DELETE", "/v1/requests/TR-0", 405, "no_such_method"),
        ("GET", "/v1/requests/TR-0?wait=61", 422, "invalid_parameter"),
        ("GET", "/v1/requests/TR-0?wait=nan", 422, "invalid_parameter"),
        ("GET", "/v1/requests/TR-0?wait=hunter2", 422, "invalid_parameter"),
    ],
)
def test_every_refusal_is_a_problem(
    web: httpx.Client, method: str, path: str, status: int, code: str
) -> None:
    """With a code; what was sent is not repeated."""
    answer = web.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "hunter2" not in answer.text
    assert (status == 405) == ("Allow" in answer.headers)


def test_head_is_answered_where_get_is(web: httpx.Client) -> None:
    """The same head, and no body."""
    address = web.post("/v1/requests", content=event(onprem_data()), headers=EVENT).headers[
        "Location"
    ]
    for path, status in (("/healthz", 200), (address, 200), ("/nothing", 404)):
        answer = web.head(path)
        assert (answer.status_code, answer.content) == (status, b"")
    assert web.head(address).headers["ETag"] == web.get(address).headers["ETag"]
    assert web.head("/v1/requests").status_code == 405


def test_the_document_is_valid_and_whole(web: httpx.Client) -> None:
    """OpenAPI 3.1, the same from the server and without one; all that is answered is in it."""
    found = web.get("/openapi.json").json()
    validate(found)
    assert found == json.loads(json.dumps(document()))
    post = found["paths"]["/v1/requests"]["post"]
    assert len(post["requestBody"]["content"]) == 3
    assert {"200", "202", "207", "401", "403", "409", "413", "415", "422", "429", "503"} <= set(
        post["responses"]
    )


# ---- Waiting -------------------------------------------------------------------------------------


def test_a_poller_hears_of_a_move(driver: Driver, web: httpx.Client) -> None:
    """It names the state that it knows, waits, and is answered when the request has moved."""
    address = web.post("/v1/requests", content=event(onprem_data()), headers=EVENT).headers[
        "Location"
    ]
    known = web.get(address).headers["ETag"]
    with ThreadPoolExecutor() as pool:
        waits = [
            pool.submit(web.get, f"{address}?wait=30", headers={"If-None-Match": known}),
            pool.submit(web.get, f"{address}?wait=30"),
        ]
        driver.settle()
        answers = [one.result() for one in waits]
    assert {one.json()["state"] for one in answers} <= {"queued", "submitting", "submitted"}
    assert all(one.headers["ETag"] != known for one in answers)


def test_a_poller_that_knows_all_hears_so(web: httpx.Client) -> None:
    """304 at once without a wait, and at its end; another state is told at once."""
    address = web.post("/v1/requests", content=event(onprem_data()), headers=EVENT).headers[
        "Location"
    ]
    known = {"If-None-Match": web.get(address).headers["ETag"]}
    assert web.get(address, headers=known).status_code == 304
    assert web.get(f"{address}?wait=0.3", headers=known).status_code == 304
    assert web.get(f"{address}?wait=0.3").status_code == 200
    other = {"If-None-Match": 'W/"other"'}
    assert web.get(f"{address}?wait=30", headers=other).status_code == 200


def test_many_wait_without_holding_anybody_up(driver: Driver, web: httpx.Client) -> None:
    """More clients than there are threads; others are answered meanwhile, and all in the end."""
    address = web.post("/v1/requests", content=event(onprem_data()), headers=EVENT).headers[
        "Location"
    ]
    known = {"If-None-Match": web.get(address).headers["ETag"]}  # some may ask when it has moved
    number = 60
    limits = httpx.Limits(max_connections=number)
    with (
        httpx.Client(base_url=web.base_url, limits=limits, headers=known, timeout=90) as crowd,
        ThreadPoolExecutor(number) as pool,
    ):
        waits = [pool.submit(crowd.get, f"{address}?wait=30") for _ in range(number)]
        while not any(one.running() for one in waits):
            pass
        assert web.get("/healthz").status_code == 200
        driver.settle()
        assert {one.result().status_code for one in waits} == {200}


def test_one_too_many_is_answered_at_once(
    web: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number of those who wait is bounded."""
    address = web.post("/v1/requests", content=event(onprem_data()), headers=EVENT).headers[
        "Location"
    ]
    monkeypatch.setattr(waiting, "MOST", 0)
    begin = time.monotonic()
    assert web.get(f"{address}?wait=30").json()["state"] == "received"
    assert time.monotonic() - begin < 15


def test_a_server_that_stops_keeps_nobody_waiting(driver: Driver) -> None:
    """Who waits is answered, and the process ends."""
    app = replace(driver.app, http_port=free_port())
    stopping, ended = threading.Event(), threading.Event()

    def run() -> None:
        serve(app, stopping)
        ended.set()

    threading.Thread(target=run).start()
    base = f"http://127.0.0.1:{app.http_port}"
    with (
        httpx.Client(base_url=base, transport=httpx.HTTPTransport(retries=8), timeout=60) as web,
        ThreadPoolExecutor() as pool,
    ):
        address = web.post("/v1/requests", content=event(onprem_data()), headers=EVENT).headers[
            "Location"
        ]
        wait = pool.submit(web.get, f"{address}?wait=60")
        web.get(address)
        stopping.set()
        with contextlib.suppress(httpx.TransportError):  # not yet taken up when it stopped
            assert wait.result().status_code == 200
        assert ended.wait(40)


# ---- Bounds --------------------------------------------------------------------------------------


def test_a_flood_is_slowed(driver: Driver) -> None:
    """429 with the seconds to wait; nothing of the message is stored."""
    with serving(limited(driver.app, sender_per_s=0.1)) as web:
        answers = [
            web.post("/v1/requests", content=event(onprem_data(), str(n)), headers=EVENT)
            for n in range(2)
        ]
    assert [one.status_code for one in answers] == [202, 429]
    assert answers[1].json()["code"] == "too_many"
    assert 1 <= int(answers[1].headers["Retry-After"]) <= 10


@pytest.mark.parametrize(
    "shown",
    [b"", b"Authorization: Bearer tsk_no\r\n", b"webhook-signature: v1,\r\n"],
    ids=["nothing", "a key", "a signature"],
)
def test_a_flood_is_not_read(driver: Driver, shown: bytes) -> None:
    """What is too many is answered before its body has come."""
    said = (
        b"POST /v1/requests HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nConnection: close\r\n"
        + shown
        + b"\r\n"
    )
    with serving(limited(driver.app, sender_per_s=0.1)) as web:
        web.post("/v1/requests", content=b"{", headers=EVENT)
        answered = raw(web, said)
    assert answered.startswith(b"HTTP/1.1 429")


def test_a_signer_pays_for_itself(driver: Driver) -> None:
    """Not its address, which others may share."""
    secret, body = secret_of(driver.app), event(onprem_data(), source=DESK)
    timestamp, signature = sign(secret, "1", body)
    shown = {"webhook-sender": "desk", "webhook-id": "1", "webhook-timestamp": timestamp}
    shown |= {"webhook-signature": signature, **EVENT}
    with serving(limited(driver.app, sender_per_s=0.1)) as web:
        signed = web.post("/v1/requests", content=body, headers=shown)
        again = web.post("/v1/requests", content=body, headers=shown)
        other = web.post("/v1/requests", content=event(onprem_data(), "2"), headers=EVENT)
    assert [one.status_code for one in (signed, again, other)] == [202, 429, 202]


def test_a_bucket_is_filled_by_time_and_owes_what_it_lacks() -> None:
    """What one has used up another has still; a batch that takes more is waited for."""
    buckets = Buckets(1.0, 10.0)
    assert [buckets.wait_s("desk") for _ in range(10)] == [0] * 10
    assert buckets.wait_s("desk") == 1
    assert buckets.wait_s("erp") == 0
    buckets.owe("erp", 19)
    assert 10 <= buckets.wait_s("erp") <= 12


def raw(web: httpx.Client, said: bytes) -> bytes:
    """Say this and nothing more; give what is answered until the server closes."""
    port = web.base_url.port
    with socket.create_connection(("127.0.0.1", port or 0), timeout=20) as line:
        line.sendall(said)
        answered = b""
        while more := line.recv(65_536):
            answered += more
        return answered


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        (b"", b""),
        (b"POST /v1/req", b""),
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /he", b"HTTP/1.1 200"),
        (b"POST /v1/requests HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{", b"HTTP/1.1 408"),
        (
            b"POST /v1/requests HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n",
            b"HTTP/1.1 413",
        ),
    ],
    ids=["nothing", "half a head", "half a second head", "half a body", "a size too large"],
)
def test_who_is_too_slow_is_let_go(driver: Driver, said: bytes, answered: bytes) -> None:
    """A head and a body have their time; then the connection is closed, and nothing is stored."""
    with serving(limited(driver.app, http_read_s=0.3)) as web:
        web.get("/healthz")
        assert raw(web, said).startswith(answered)
    assert driver.app.store.read(quarantine.kept) == []


def test_an_endless_head_is_cut(driver: Driver) -> None:
    """However fast it comes."""
    with serving(driver.app) as web:
        web.get("/healthz")
        said = b"GET / HTTP/1.1\r\n" + (b"x-more: " + b"y" * 1_000 + b"\r\n") * 100_000
        with pytest.raises(OSError, match=r"reset|pipe"):
            raw(web, said)


# ---- The database --------------------------------------------------------------------------------


def test_a_database_that_is_away_is_told(driver: Driver) -> None:
    """503 with when to come back; the same message may be sent again."""

    def away(name: str, request: str = "") -> None:
        del request
        if name == "record.received":
            raise OperationalError("", {}, Exception("gone"))

    with serving(replace(driver.app, reach=away)) as web:
        answer = web.post("/v1/requests", content=event(onprem_data()), headers=EVENT)
    assert (answer.status_code, answer.json()["code"]) == (503, "database_away")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_crash_after_the_commit_repeats_harmlessly(driver: Driver) -> None:
    """Stored, and the answer lost: sent again, it is the same request."""
    dying = iter([True, False])

    def lose(name: str, request: str = "") -> None:
        del request
        if name == "record.stored" and next(dying):
            raise RuntimeError("died here")

    with serving(replace(driver.app, reach=lose)) as web:
        first = web.post("/v1/requests", content=event(onprem_data()), headers=EVENT)
        again = web.post("/v1/requests", content=event(onprem_data()), headers=EVENT)
    assert (first.status_code, first.json()["code"]) == (500, "broke")
    assert again.status_code == 200
