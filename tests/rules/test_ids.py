"""Spelling of ids: blanks go, full-width digits fold, zeros are put in front up to the longest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.ids import LONGEST, normalise, padded


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("0230242323", "0230242323"),
        (" 02302 42323\t", "0230242323"),
        ("０２３０２４２３２３", "0230242323"),
        ("0230　242323\n", "0230242323"),
        ("0230\u200b242323", "0230242323"),
        ("", ""),
    ],
)
def test_normalise(written: str, plain: str) -> None:
    """Only the digits and letters of an id are left."""
    assert normalise(written) == plain


def test_padded() -> None:
    """One zero more each time, the id itself not among them."""
    spellings = padded(" 23 02")
    assert spellings[:2] == ("02302", "002302")
    assert len(spellings[-1]) == LONGEST
    assert len(spellings) == LONGEST - 4


@pytest.mark.parametrize("written", ["", "  ", "1" * LONGEST, "1" * (LONGEST + 5)])
def test_padded_nothing(written: str) -> None:
    """No id, or one as long as ids get, has no other spelling."""
    assert padded(written) == ()


@given(st.text(max_size=40))
def test_normalise_is_final(written: str) -> None:
    """A second time changes nothing, and no blank is left."""
    plain = normalise(written)
    assert normalise(plain) == plain
    assert not any(char.isspace() for char in plain)
