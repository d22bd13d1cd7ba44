from __future__ import annotations

import fcntl
import threading
from pathlib import Path

from ledger.turn import Turn


def test_turns_are_taken_one_after_the_other(tmp_path: Path) -> None:
    """Whoever waits gets the turn when it is given back, and not before."""
    one, other = (Turn(tmp_path / "ledger.db", longest_s=30) for _ in range(2))
    order: list[str] = []
    waiting = threading.Thread(target=lambda: _take(other, order))

    with one.taken():
        waiting.start()
        waiting.join(0.05)
        order.append("first")
    waiting.join()

    assert order == ["first", "second"]


def _take(turn: Turn, order: list[str]) -> None:
    with turn.taken():
        order.append("second")


def test_a_holder_that_was_stopped_holds_up_nobody_for_long(tmp_path: Path) -> None:
    """A turn that is never given back is gone without, and later taken again as usual."""
    turn = Turn(tmp_path / "ledger.db", longest_s=0.01)
    with (tmp_path / "ledger.db.turn").open("w") as stopped:
        fcntl.flock(stopped, fcntl.LOCK_EX)
        for _ in range(3):
            with turn.taken():
                pass

    patient = Turn(tmp_path / "ledger.db", longest_s=30)
    with patient.taken(), (tmp_path / "ledger.db.turn").open("w") as probe:
        try:
            fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
    raise AssertionError("nobody has the turn")


def test_without_a_place_for_its_file_there_are_no_turns(tmp_path: Path) -> None:
    """A folder that takes no file holds up nobody: the database will say what is wrong."""
    with Turn(tmp_path / "nowhere" / "ledger.db").taken():
        pass
