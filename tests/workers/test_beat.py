from __future__ import annotations

import threading

import pytest

from ledger import leases
from tests.driving import Driver
from workers import beat
from workers.app import App


def test_a_process_shows_that_it_runs(driver: Driver) -> None:
    """From its start to its end, under the name that it has in logs."""
    with beat.beating(driver.app):
        assert driver.app.store.read(leases.running) == [driver.app.owner]
    assert driver.app.store.read(leases.running) == []


def test_it_shows_it_again_and_again(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sign that is lost, or lapses, is made anew."""
    again, show = threading.Event(), beat._show

    def shown(app: App) -> None:
        show(app)
        if threading.current_thread().name == "beat":
            again.set()

    monkeypatch.setattr(beat, "BEAT_S", 0.01)
    monkeypatch.setattr(beat, "_show", shown)
    with beat.beating(driver.app):
        assert again.wait(30)
