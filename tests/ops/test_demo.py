from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.incoming import Parsed
from contracts.malformed import Malformed
from ops import embedded
from ops.demo.judging import Outcome
from ops.demo.samples import Expected, Sample
from ops.demo.standing import Standing
from ops.site import only_one
from tests.ops.conftest import SAMPLES

CHOSEN = (
    "directory.yaml",
    "http/aks-upgrade.json",
    "stream/dap-requested.json",
    "stream/unknown-severity.json",
    "files/proseware.jsonl",
)
EXPECTED = """source,id,state,code
urn:toritsugi:http,aks-upgrade,submitted,
urn:contoso:servicedesk,INC-20451,held,dap_pending
urn:litware:noc,LW-3325,unreadable,invalid_data
urn:proseware:helpdesk,PW-12,held,activation_pending
urn:proseware:helpdesk,PW-13,rejected,contract_expired
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a small folder of samples."""
    for name in CHOSEN:
        (tmp_path / "samples" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SAMPLES / name, tmp_path / "samples" / name)
    return tmp_path / "samples"


@contextmanager
def command(var: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command in a process of its own."""
    with subprocess.Popen(  # noqa: S603  (our own command line)
        [sys.executable, "-m", "ops", *words],
        env={**os.environ, "TORITSUGI_VAR": str(var)},  # noqa: TID251  (handed on, not read)
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def demo(var: Path, folder: Path) -> tuple[int, dict[str, Any]]:
    """Play the demonstration; give its exit status and its document."""
    (folder / "expected.csv").write_text(EXPECTED)
    with command(var, "demo", "--samples", str(folder), "--json") as playing:
        out, _ = playing.communicate()
    return playing.returncode, json.loads(out)


def test_samples_of_anyones_are_played(var: Path, folder: Path) -> None:
    """The demonstration knows no sample: it plays a folder, and proves what became of it."""
    status, document = demo(var, folder)
    assert status == 0
    assert document["ok"]
    assert document["verify"]["clean"]
    assert document["tickets"] == {"number": 1, "doubtful": []}
    assert {one["incidents"] for one in document["samples"]} == {0, 1}
    (place,) = (var / "demo").iterdir()
    assert document["log"] == str(place / "log" / "toritsugi.jsonl")
    events = [json.loads(line)["event"] for line in Path(document["log"]).read_text().splitlines()]
    assert "request.decided" in events
    with only_one(place):
        assert not embedded.answers(place / "redis" / "v.sock")


@pytest.mark.parametrize(
    ("state", "code", "expected", "ok"),
    [
        ("held", "dap_pending", Expected("held", "dap_pending"), True),
        ("held", "dap_pending", Expected("held", ""), True),
        ("held", "dap_pending", Expected("held", "activation_pending"), False),
        ("held", "dap_pending", Expected("submitted", ""), False),
        ("held", "dap_pending", None, True),
        ("queued", "", None, False),
        ("–", "", None, False),
    ],
)
def test_an_end_is_judged(*, state: str, code: str, expected: Expected | None, ok: bool) -> None:
    """A sample ends as its folder says, or, where the folder says nothing, at least rests."""
    sample = Sample("stream", Parsed(b"", Malformed("not_json", ())))
    assert Outcome(sample, Standing(state, code), expected, 0).ok is ok


def test_up_says_where_it_is_and_leaves_nothing(var: Path) -> None:
    """It answers HTTP at the address it names, and on SIGTERM everything is gone."""
    with command(var, "up", "--json") as staying:
        assert staying.stdout is not None
        document = _document(staying.stdout)
        answer = httpx.get(document["openapi"], trust_env=False)
        assert answer.json()["info"]["title"] == "Toritsugi"
        assert set(document["processes"]) == {
            "redis", "sandbox", "web", "intake", "worker", "clock",
        }  # fmt: skip
        assert embedded.answers(Path(document["redis_socket"]))
        staying.send_signal(signal.SIGTERM)
        assert staying.wait(timeout=60) == 0
    assert not embedded.answers(Path(document["redis_socket"]))
    with pytest.raises(httpx.ConnectError):
        httpx.get(document["openapi"], trust_env=False)


def _document(lines: Any) -> dict[str, Any]:
    """Read one JSON document off a stream that stays open."""
    text = ""
    for line in lines:
        text += line
        if line == "}\n":
            break
    found: dict[str, Any] = json.loads(text)
    return found
