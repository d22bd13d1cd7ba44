"""What an HTTP answer that brought no ticket means for the order: one table for every carrier.

A creation is judged by one question: may a ticket exist now? A reading changes nothing, so
whatever goes wrong with it can be asked again.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from adapters.errors import OutcomeUnknown, PortalError, Refused, TryLater

BUSY_S = 30.0
UNREACHABLE_S = 15.0
UNAUTHORIZED_S = 900.0
"""Credentials are repaired by people, not by asking every minute."""
SHORTEST_NAMED_S = 1.0
"""A portal that always names zero seconds or a time gone by must not be asked in a tight loop."""
LONGEST_WORDS = 500

_SIGN_IN = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


@dataclass(frozen=True, slots=True)
class Fault:
    """An answer other than success: its status, the portal's own words, the wait that it named.

    `one_sign_in`: everybody's orders go under the sign-in that was used.
    """

    status: int
    code: str | None = None
    message: str | None = None
    retry_after_s: float | None = None
    one_sign_in: bool = False

    @property
    def label(self) -> str:
        return self.code or f"http_{self.status}"

    @property
    def words(self) -> str:
        return self.message or f"The portal answered {self.status} ({self.label})."


def after_create(fault: Fault) -> PortalError:
    """Judge a failed creation: whatever leaves room for a ticket is an unknown outcome."""
    wait = _not_taken(fault)
    if wait is not None:
        return wait
    if HTTPStatus.BAD_REQUEST <= fault.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Refused(fault.label, fault.words, status=fault.status)
    return OutcomeUnknown("server_error", fault.words, ill=True)


def after_read(fault: Fault) -> TryLater:
    """Judge a failed reading."""
    wait = _not_taken(fault)
    if wait is not None:
        return wait
    if fault.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return TryLater("server_error", fault.words, after_s=UNREACHABLE_S, ill=True)
    return TryLater(fault.label, fault.words, after_s=UNAUTHORIZED_S)


def unauthorized(detail: str, *, ill: bool = False) -> TryLater:
    message = f"The portal does not accept our sign-in ({detail}); its credentials need repair."
    return TryLater("unauthorized", message, after_s=UNAUTHORIZED_S, ill=ill)


def unreachable(detail: str) -> TryLater:
    message = f"The portal could not be reached ({detail}); nothing was sent."
    return TryLater("unreachable", message, after_s=UNREACHABLE_S, ill=True)


def no_answer(detail: str) -> OutcomeUnknown:
    message = f"The order was sent, its answer was lost ({detail})."
    return OutcomeUnknown("no_answer", message, ill=True)


def unread(detail: str) -> TryLater:
    message = f"The portal's answer was lost ({detail}); nothing was changed."
    return TryLater("no_answer", message, after_s=UNREACHABLE_S, ill=True)


def without_secrets(words: str | None, secrets: tuple[str, ...]) -> str | None:
    """Bring a portal's own words onto one line of readable length, our secrets masked in them."""
    if words is None:
        return None
    for secret in filter(None, secrets):
        words = words.replace(secret, "***")
    return " ".join(words.split())[:LONGEST_WORDS] or None


def _not_taken(fault: Fault) -> TryLater | None:
    """Pick out the answers that prove that the portal did not take the order."""
    if fault.status in _SIGN_IN:
        return unauthorized(f"HTTP {fault.status}", ill=fault.one_sign_in)
    if fault.status == HTTPStatus.TOO_MANY_REQUESTS:
        return _parked("too_many_requests", fault)
    if fault.status == HTTPStatus.SERVICE_UNAVAILABLE and fault.retry_after_s is not None:
        return _parked("unavailable", fault)
    return None


def _parked(code: str, fault: Fault) -> TryLater:
    if fault.retry_after_s is None:
        return TryLater(code, fault.words, after_s=BUSY_S, ill=True)
    after_s = max(fault.retry_after_s, SHORTEST_NAMED_S)
    return TryLater(code, fault.words, after_s=after_s, named=True, ill=True)
