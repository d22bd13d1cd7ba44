"""The portal's plan label, read and written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.plan_label import PlanLabel, parse

LABEL = "17 SCS – 46xxxxx – unk (xxxxxxx)"

words = st.text("abcdefghijklmnopqrstuvwxyzABC0123456789", min_size=1, max_size=12)
numbers = st.text("0123456789x", min_size=1, max_size=10)


def test_example() -> None:
    """The label of the article says year, Signature, and whose contract it is."""
    assert parse(LABEL) == PlanLabel(2017, "SCS", "46xxxxx", "unk", "xxxxxxx")


@pytest.mark.parametrize(
    "written",
    [
        "17 SCS - 46xxxxx - unk (xxxxxxx)",
        "１７ SCS — 46xxxxx — unk(xxxxxxx)",
        " 17  SCS –  46XXXXX – unk (XXXXXXX) ",
    ],
)
def test_forgives(written: str) -> None:
    """Kinds of dash, width and blanks do not matter."""
    found = parse(written)
    assert found is not None
    assert found.shown().lower() == LABEL.lower()


@pytest.mark.parametrize("written", ["", "SCS", "17 SCS", "Cloud Solution Provider", LABEL + "!"])
def test_is_none(written: str) -> None:
    """What is no label is not read as one."""
    assert parse(written) is None


@given(
    label=st.builds(
        PlanLabel,
        year=st.integers(2000, 2099),
        text=st.lists(words, min_size=1, max_size=3).map(" ".join),
        partner=numbers,
        region=words,
        number=numbers,
    )
)
def test_both_ways(label: PlanLabel) -> None:
    """What was written is read back."""
    assert parse(label.shown()) == label
