"""What the official client's errors mean for an order; the table itself is `adapters.answers`.

Trusts a 'not sent' only where the connection itself failed: the client also calls it a request
error when the answer's body stopped half-way, and then a ticket may exist.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from typing import cast

from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ResourceNotFoundError,
    ServiceRequestError,
)
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from adapters import answers
from adapters.answers import Fault
from adapters.errors import OutcomeUnknown, PortalError, Refused, TryLater
from adapters.portals.azure.operation import Answer
from adapters.portals.azure.patience import Pause
from adapters.portals.azure.wire import read_envelope
from adapters.retry_after import retry_after

NOT_REGISTERED = "MissingSubscriptionRegistration"

_NOT_THE_TICKET = ("subscription", "tenant")
_SIGN_IN_CODE = re.compile(r"AADSTS[0-9]+")


@contextmanager
def already_taken() -> Iterator[None]:
    """Within this an order may have become a ticket: 'try again' becomes 'look it up'."""
    try:
        yield
    except TryLater as late:
        raise OutcomeUnknown(
            late.code, late.message, look_after_s=late.after_s, named=late.named, ill=late.ill
        ) from None


def proves_absence(error: ResourceNotFoundError) -> bool:
    """Tell 'no such ticket' from 'no such subscription' and from a page that Azure never wrote."""
    answer = answer_of(error)
    code = read_envelope(answer.text()).code if answer else None
    return code is not None and not any(word in code.casefold() for word in _NOT_THE_TICKET)


class Faults:
    """Judges the client's errors by the clock handed in."""

    def __init__(self, clock: Callable[[], datetime], longest_named_s: float) -> None:
        self._clock = clock
        self._longest_named_s = longest_named_s

    def after_create(self, error: AzureError | ValueError) -> PortalError:
        if isinstance(error, ClientAuthenticationError):
            return answers.unauthorized(_sign_in(error))
        if _not_sent(error):
            return answers.unreachable(_name(error))
        answer = answer_of(error)
        if answer is None or answer.status_code < HTTPStatus.BAD_REQUEST:
            return answers.no_answer(_name(error))
        return self.refused_or_unknown(answer)

    def after_read(self, error: AzureError | ValueError) -> TryLater:
        if isinstance(error, ClientAuthenticationError):
            return answers.unauthorized(_sign_in(error))
        if _not_sent(error):
            return answers.unreachable(_name(error))
        answer = answer_of(error)
        if answer is None or answer.status_code < HTTPStatus.BAD_REQUEST:
            return answers.unread(_name(error))
        return answers.after_read(self.fault(answer))

    def refused_or_unknown(self, answer: Answer) -> PortalError:
        fault = self.fault(answer)
        judged = answers.after_create(fault)
        if fault.status == HTTPStatus.CONFLICT and fault.code != NOT_REGISTERED:
            # The name is taken or a creation under it is under way: perhaps our own.
            return OutcomeUnknown(fault.label, judged.message)
        return judged

    def after_poll(self, answer: Answer, poll_s: float) -> Pause | None:
        """Say how long to wait before asking again; raise when we are not let in.

        None when Azure no longer knows the operation: the ticket alone can tell what became of it.
        """
        if answer.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
            return None
        fault = self.fault(answer)
        judged = answers.after_read(fault)
        if answer.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            raise judged
        pause_s = poll_s if fault.retry_after_s is None else fault.retry_after_s
        return Pause(pause_s, named=judged.named, ill=judged.ill)

    def fault(self, answer: Answer) -> Fault:
        envelope = read_envelope(answer.text())
        return Fault(
            status=answer.status_code,
            code=answers.without_secrets(envelope.code, ()),
            message=answers.without_secrets(envelope.message, ()),
            retry_after_s=self.named_wait(answer),
        )

    def named_wait(self, answer: Answer) -> float | None:
        return retry_after(answer.headers, now=self._clock(), cap_s=self._longest_named_s)


def failed(code: str | None, message: str | None) -> PortalError:
    """Judge an operation that failed: Azure's own trouble is not a refusal of the order."""
    words = answers.without_secrets(message, ())
    if code is None or code.casefold() in _PASSING:
        return OutcomeUnknown("operation_failed", words or "The operation failed.")
    return Refused(code, words or f"Azure refused the order ({code}).")


def answer_of(error: Exception) -> Answer | None:
    if not isinstance(error, HttpResponseError) or error.response is None:
        return None
    return cast("Answer", error.response)


_PASSING = frozenset(
    {"internalservererror", "serviceunavailable", "gatewaytimeout", "servertimeout", "serverbusy"}
)


def _not_sent(error: Exception) -> bool:
    if not isinstance(error, ServiceRequestError):
        return False
    causes = list(_causes(error))
    return len(causes) == 1 or any(
        isinstance(cause, NewConnectionError | ConnectTimeoutError) for cause in causes
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Walk from the client's error to the one of the connection."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = _wrapped(error)


def _wrapped(error: BaseException) -> BaseException | None:
    inner = getattr(error, "inner_exception", None) or getattr(error, "reason", None)
    first = error.args[0] if error.args else None
    candidates = (inner, first)
    return next((item for item in candidates if isinstance(item, BaseException)), None)


def _sign_in(error: ClientAuthenticationError) -> str:
    """Name the cause without the words: those of a sign-in may hold what was sent."""
    code = _SIGN_IN_CODE.search(str(error.message))
    if code:
        return code.group()
    return f"HTTP {error.status_code}" if error.status_code else "sign-in failed"


def _name(error: Exception) -> str:
    return type(error).__name__
