"""Parts of the tests of what people run: a door for child processes, and a folder of one's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.__main__ import run
from tests.ops.door import Door

SAMPLES = Path(__file__).parents[2] / "sandbox" / "samples"


@pytest.fixture
def door() -> Iterator[Door]:
    """Give a door that child processes come to."""
    with Door() as opened:
        yield opened


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make commands work in a folder of their own."""
    folder = tmp_path / "var"
    monkeypatch.setenv("TORITSUGI_VAR", str(folder))
    return folder


@pytest.fixture
def imported(var: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Give such a folder whose ledger knows the sample directory."""
    assert run(["directory", "import", str(SAMPLES / "directory.yaml")]) == 0
    capsys.readouterr()
    return var
