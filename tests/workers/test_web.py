from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest

from tests.builders import onprem_data
from tests.driving import Driver, event
from tests.workers.serving import serving

EVENT = {"Content-Type": "application/cloudevents+json"}
BATCH = {"Content-Type": "application/cloudevents-batch+json"}
DATA = {"Content-Type": "application/json"}


@pytest.fixture(name="web")
def _web(driver: Driver) -> Iterator[httpx.Client]:
    with serving(driver.app) as client:
        yield client


def test_a_request_is_taken_and_its_state_told(driver: Driver, web: httpx.Client) -> None:
    """202 with the number after the commit, 200 for a repeat, and the ticket in the end."""
    first = web.post("/v1/requests", content=event(onprem_data()), headers=EVENT)
    again = web.post("/v1/requests", content=event(onprem_data()), headers=EVENT)
    driver.settle()
    status = web.get(first.headers["Location"]).json()

    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json()["request"] == again.json()["request"] == status["request"]
    assert status["state"] == "submitted"
    assert status["ticket"]["number"] == driver.tickets()[0]["number"]


def test_bare_data_comes_with_a_key(web: httpx.Client) -> None:
    """The Idempotency-Key stands for the sender's number; without one it is refused."""
    body = json.dumps(onprem_data())
    keyed = {**DATA, "Idempotency-Key": "7"}

    assert web.post("/v1/requests", content=body, headers=keyed).status_code == 202
    assert web.post("/v1/requests", content=body, headers=keyed).status_code == 200
    refused = web.post("/v1/requests", content=body, headers=DATA)
    assert (refused.status_code, refused.json()["code"]) == (400, "no_key")


def test_a_used_key_with_other_content_conflicts(web: httpx.Client) -> None:
    """409 under the same key with another content."""
    web.post("/v1/requests", content=event(onprem_data()), headers=EVENT)

    other = web.post("/v1/requests", content=event(onprem_data(title="other")), headers=EVENT)

    assert (other.status_code, other.json()["code"]) == (409, "id_reused")


def test_a_batch_is_answered_item_by_item(web: httpx.Client) -> None:
    """What is wrong with one item is told for it, and the others pass."""
    items = [
        event(onprem_data(), "1"),
        event(onprem_data(severity="Z"), "2"),
        event(onprem_data(), "3"),
    ]
    batch = b"[" + b",".join(items) + b"]"

    answer = web.post("/v1/requests", content=batch, headers=BATCH)

    assert answer.status_code == 207
    assert [one["status"] for one in answer.json()] == [202, 422, 202]


@pytest.mark.parametrize(
    ("content", "headers", "status", "code"),
    [
        (b"{", EVENT, 400, "not_json"),
        (b"{}", EVENT, 400, "not_an_event"),
        (event(onprem_data(severity="Z")), EVENT, 422, "invalid_data"),
        (event(onprem_data(description="x" * 5_000_000)), EVENT, 413, "too_large"),
        (b"x" * 17_000_000, EVENT, 413, "too_large"),
        (b"a,b", {"Content-Type": "text/csv"}, 415, "unknown_format"),
    ],
    ids=["no json", "no event", "severity Z", "5 MB", "17 MB", "csv"],
)
def test_what_is_refused_is_a_problem_with_its_reason(
    web: httpx.Client, content: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    """Problem details with a code, a detail, and a status that fits."""
    answer = web.post("/v1/requests", content=content, headers=headers)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == code
    assert answer.json()["detail"]


def test_nobody_knows_an_unknown_number(web: httpx.Client) -> None:
    """404 with the reason."""
    assert web.get("/v1/requests/TR-0").json()["code"] == "unknown_request"


def test_health_is_told(web: httpx.Client) -> None:
    """200 while the database answers."""
    assert web.get("/healthz").json() == {"status": "ok"}
