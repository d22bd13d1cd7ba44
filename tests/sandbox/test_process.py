"""The sandbox as a process: it starts, is killed, comes back, and ends cleanly."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.plain import http
from tests.sandbox.cast import SCOPE, TOKEN, VERSION, bridged, properties

TICKET = f"{SCOPE}/providers/Microsoft.Support/supportTickets/one?api-version={VERSION}"
ROOT = Path(__file__).parents[2]


@contextmanager
def running(*words: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Run `python -m sandbox` on a free port until the block ends."""
    command = [sys.executable, "-m", "sandbox", "--port", "0", *words]
    with subprocess.Popen(  # noqa: S603 - our own module
        command, cwd=ROOT, stdout=subprocess.PIPE
    ) as process:
        try:
            assert process.stdout is not None
            yield process, json.loads(process.stdout.readline())["base_url"]
        finally:
            process.kill()


def post(base: str, key: str) -> httpx.Response:
    """File a request."""
    headers = TOKEN | {"Idempotency-Key": key}
    return http().post(f"{base}/bridge/v1/tickets", json=bridged(), headers=headers)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_clean_end(sign: signal.Signals) -> None:
    """A signal to stop ends it with 0."""
    with running() as (process, base):
        assert post(base, "one").status_code == 201
        process.send_signal(sign)

        assert process.wait(10) == 0


def test_ends_with_answer_held_back() -> None:
    """An answer that a fault holds back does not hold back the end; its line is cut."""
    with running() as (process, base), ThreadPoolExecutor(1) as pool:
        script = {"operation": "create", "fault": {"slow": 60}}
        http().post(f"{base}/_sandbox/faults", json=script).raise_for_status()
        held = pool.submit(post, base, "one")
        while not http().get(f"{base}/_sandbox/journal").json()["calls"]:
            pass
        process.terminate()

        assert process.wait(10) == 0
        assert isinstance(held.exception(10), httpx.RemoteProtocolError | httpx.ReadError)


def test_kill(tmp_path: Path) -> None:
    """What was answered before a kill -9 is there afterwards: tickets, journal, spent faults."""
    faults = tmp_path / "faults.yaml"
    faults.write_text("- {portal: onprem, operation: create, fault: drop_after}\n", "utf-8")
    words = ("--state", str(tmp_path / "state"), "--faults", str(faults))
    with running(*words) as (process, base):
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            post(base, "lost")
        first = post(base, "kept").json()
        http().put(f"{base}/azure{TICKET}", json={"properties": properties()}, headers=TOKEN)
        process.kill()
        process.wait(10)
    with running(*words) as (_, base):
        again, lost, new = (post(base, key) for key in ("kept", "lost", "new"))
        statuses = [
            http().get(f"{base}/azure{TICKET}", headers=TOKEN).status_code for _ in range(2)
        ]
        journal = http().get(f"{base}/_sandbox/journal").json()["calls"]
        numbers = [
            each["number"] for each in http().get(f"{base}/_sandbox/tickets").json()["tickets"]
        ]

    assert (again.status_code, lost.status_code, new.status_code) == (200, 200, 201)
    assert {**again.json(), "url": ""} == {**first, "url": ""}
    assert statuses == [404, 200]
    assert [call["status"] for call in journal[:3]] == ["dropped", 201, 202]
    assert len(set(numbers)) == len(numbers) == 4


def test_operation_failed_lasts(tmp_path: Path) -> None:
    """An operation that is to fail still does after a restart."""
    words = ("--state", str(tmp_path), "--plan", "premier", "--plan", f"{SCOPE[15:]}=Free")
    with running(*words) as (process, base):
        accepted = http().put(
            f"{base}/azure{TICKET}", json={"properties": properties()}, headers=TOKEN
        )
        operation = accepted.headers["azure-asyncoperation"].removeprefix(base)
        process.kill()
        process.wait(10)
    with running(*words) as (_, base):
        answers = [http().get(base + operation, headers=TOKEN).json() for _ in range(2)]

    assert [answer["status"] for answer in answers] == ["InProgress", "Failed"]
    assert answers[1]["error"]["code"] == "InvalidSupportPlan"


def test_log() -> None:
    """With --log every call is one line of JSON on stdout."""
    with running("--log", "--latency", "0.01", "--operation-looks", "0") as (process, base):
        post(base, "one")
        assert process.stdout is not None
        line = json.loads(process.stdout.readline())

    assert (line["operation"], line["key"], line["status"]) == ("create", "one", 201)


def test_wrong_script(tmp_path: Path) -> None:
    """A script that cannot be read is told before anything listens; exit 2."""
    faults = tmp_path / "faults.yaml"
    faults.write_text("- {fault: explode}\n", "utf-8")
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--faults", str(faults)]
    ended = subprocess.run(  # noqa: S603 - our own module
        command, cwd=ROOT, capture_output=True, check=False, timeout=20
    )

    assert ended.returncode == 2
    assert b"explode" in ended.stderr
