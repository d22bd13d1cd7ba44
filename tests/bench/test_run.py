"""The benchmark as a person runs it: measured, exact, and gone without a trace."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import orjson
import psycopg
import pytest

from bench import databases
from ops.waiting import wait_for
from tests.conftest import POSTGRESQL, missing

ROOT = Path(__file__).parents[2]
PROC = Path("/proc")


def started(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    """Start the benchmark; whatever it writes is written below `folder`."""
    here = os.environ  # noqa: TID251  (handed on)
    return subprocess.Popen(  # noqa: S603  (our own command line)
        [sys.executable, "-m", "bench", "--database", "sqlite", "--json", *words],
        cwd=ROOT,
        env={**here, "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def left_behind(folder: Path) -> list[str]:
    """Name the files that are left, and the processes that were started below `folder`."""
    files = [str(path) for path in folder.iterdir()]
    return files + [
        path.parent.name for path in PROC.glob("[0-9]*/environ") if _is_ours(path, folder)
    ]


def _is_ours(environ: Path, folder: Path) -> bool:
    try:
        return os.fsencode(folder) in environ.read_bytes()
    except OSError:  # ended just now, or another user's
        return False


def test_twenty_requests(tmp_path: Path) -> None:
    """A tiny run in real processes is exact, measures each of them, and leaves nothing."""
    with started(tmp_path, "--requests", "20", "--warm-up", "10") as bench:
        out, complaints = bench.communicate()
    assert bench.returncode == 0, complaints
    (run,) = orjson.loads(out)["runs"]
    assert run["requests"] == 20
    assert run["requests_per_s"] > 0
    assert 0 <= run["accepted"]["p50_ms"] <= run["submitted"]["p99_ms"]
    if PROC.exists():
        assert {"intake", "worker", "clock", "sandbox", "redis"} < set(run["processes"])
        assert run["processes"]["worker"]["cpu_s_per_thousand"] > 0
        assert run["processes"]["worker"]["peak_mib"] > 10
    assert left_behind(tmp_path) == []


def test_stopped_in_the_middle(tmp_path: Path) -> None:
    """Ctrl-C while everything runs ends in status 130, and leaves nothing."""
    with started(tmp_path, "--requests", "1000", "--rate", "1") as bench:
        log = "*/log/toritsugi.jsonl"
        everything = b"request.submitted"
        wait_for(
            lambda: any(everything in path.read_bytes() for path in tmp_path.glob(log)),
            "nothing was submitted",
            stopping=threading.Event(),
        )
        bench.send_signal(signal.SIGINT)
        _, complaints = bench.communicate()
    assert bench.returncode == 130, complaints
    assert b"stopped" in complaints
    assert left_behind(tmp_path) == []


def names() -> set[str]:
    """Give the names of all databases of the benchmark's."""
    with psycopg.connect(f"{POSTGRESQL}/postgres") as db:
        found = db.execute("SELECT datname FROM pg_database WHERE datname LIKE 'toritsugi_bench_%'")
        return {name for (name,) in found}


@pytest.mark.postgresql
def test_the_postgresql_database_is_our_own(tmp_path: Path) -> None:
    """A database is made for the run, has no one else working in it, and is dropped."""
    if not databases.reachable():
        missing("a PostgreSQL server")
    before = names()
    with databases.database(databases.POSTGRESQL, tmp_path) as found:
        (name,) = names() - before
        assert found.url.endswith(f"/{name}")
        assert list(found.backends()) == []
    assert names() == before
