from __future__ import annotations

import pytest

from adapters.answers import (
    BUSY_S,
    LONGEST_WORDS,
    SHORTEST_NAMED_S,
    UNAUTHORIZED_S,
    Fault,
    after_create,
    after_read,
    without_secrets,
)
from adapters.errors import OutcomeUnknown, Refused, TryLater


@pytest.mark.parametrize("status", [400, 404, 405, 408, 409, 413, 422, 451, 499])
def test_refused(status: int) -> None:
    """A client error refuses the order in the portal's own words."""
    error = after_create(Fault(status, "severity_invalid", "Severity Z is unknown."))
    assert isinstance(error, Refused)
    assert (error.code, error.message) == ("severity_invalid", "Severity Z is unknown.")
    assert error.status == status


@pytest.mark.parametrize("status", [301, 307, 500, 502, 503, 504, 520])
def test_unknown(status: int) -> None:
    """What leaves room for a ticket is an unknown outcome."""
    assert isinstance(after_create(Fault(status)), OutcomeUnknown)


@pytest.mark.parametrize("status", [401, 403])
def test_credentials(status: int) -> None:
    """Broken credentials keep the order waiting, long enough for a person to mend them."""
    for error in (after_create(Fault(status)), after_read(Fault(status))):
        assert isinstance(error, TryLater)
        assert (error.code, error.after_s, error.named) == ("unauthorized", UNAUTHORIZED_S, False)


@pytest.mark.parametrize("status", [429, 503])
def test_named_wait(status: int) -> None:
    """A portal that names a time is left alone for that time, which spends no attempt."""
    error = after_create(Fault(status, retry_after_s=17.0))
    assert isinstance(error, TryLater)
    assert (error.after_s, error.named) == (17.0, True)


def test_busy_without_time() -> None:
    """A 429 that names no time is waited out by our own measure, and spends an attempt."""
    error = after_create(Fault(429))
    assert isinstance(error, TryLater)
    assert (error.after_s, error.named) == (BUSY_S, False)


def test_named_zero() -> None:
    """A portal that always says 'now' is not asked in a tight loop."""
    error = after_create(Fault(429, retry_after_s=0.0))
    assert isinstance(error, TryLater)
    assert error.after_s == SHORTEST_NAMED_S


@pytest.mark.parametrize("status", [302, 400, 404, 429, 500, 503])
def test_reading_never_fails_for_good(status: int) -> None:
    """Whatever a reading is answered, it can be asked again."""
    assert isinstance(after_read(Fault(status)), TryLater)


def test_secrets_are_masked() -> None:
    """A portal that quotes what we sent gives nothing away."""
    words = without_secrets("Access ID 0230242323\n is  unknown", ("0230242323", ""))
    assert words == "Access ID *** is unknown"
    assert without_secrets("x" * 9000, ()) == "x" * LONGEST_WORDS
    assert without_secrets(None, ()) is None
