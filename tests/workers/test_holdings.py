from __future__ import annotations

from workers.holdings import Holdings


def test_what_is_held_is_known_while_it_is_held() -> None:
    """A step's request is held for as long as the step runs."""
    holdings = Holdings()

    with holdings.holding("TR-1"), holdings.holding("TR-2"):
        assert holdings.now() == ["TR-1", "TR-2"]
    assert holdings.now() == []


def test_what_hangs_is_let_go() -> None:
    """A step that takes longer than any call may is not held up for ever."""
    holdings = Holdings()

    with holdings.holding("TR-1"):
        assert holdings.now(longest_s=0) == []
