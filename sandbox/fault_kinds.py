"""The kinds of faults and how a script spells them.

    {status: 429, retry_after: 3}     any status from 400 with, if asked for, Retry-After
    {slow: 2.5}                       done at once, answered late
    drop_before / drop_after          connection cut before anything, or after all, is done
    cut_body                          Content-Length promises more than is sent
    html                              200 with an error page
    {operation_failed: InvalidSupportPlan}     Azure: accepted, then failed
    maintenance / revoked / read_only          503 with Retry-After / 401 / 403

Written as a word, as `{word: value, ...}`, or as `{kind: word, ...}`. Only reads; never acts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.retry_after import RetryAfter, read_retry_after

#: Kind -> the setting that the value behind the word fills (None: the word stands alone).
KINDS: dict[str, str | None] = {
    "status": "status",
    "slow": "seconds",
    "drop_before": None,
    "drop_after": None,
    "cut_body": None,
    "html": None,
    "operation_failed": "code",
    "maintenance": None,
    "revoked": None,
    "read_only": None,
}
SETTINGS = {"status", "seconds", "code", "message", "retry_after"}


class UnreadableFault(ValueError):
    """A fault script says something that no portal can do."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to go wrong."""

    kind: str
    status: int = 500
    seconds: float = 1.0
    code: str | None = None
    message: str | None = None
    retry_after: RetryAfter | None = None


def read_fault(source: object) -> Fault:
    settings = {source: True} if isinstance(source, str) else source
    if not isinstance(settings, Mapping):
        raise UnreadableFault(f"a fault is a word or a mapping: {source!r}")
    rest = dict(settings)
    kind = str(rest.pop("kind", "")) or next((word for word in KINDS if word in rest), "")
    if kind not in KINDS:
        raise UnreadableFault(f"unknown fault: {source!r}")
    return checked(kind, spelled_out(kind, rest))


def spelled_out(kind: str, rest: dict[str, Any]) -> dict[str, Any]:
    """Turn `{slow: 2.5}` into `{seconds: 2.5}`."""
    value, setting = rest.pop(kind, True), KINDS[kind]
    if value is not True and setting is None:
        raise UnreadableFault(f"`{kind}` takes no value")
    if value is not True and setting is not None:
        rest[setting] = value
    if set(rest) - SETTINGS:
        raise UnreadableFault(f"unknown settings: {sorted(set(rest) - SETTINGS)}")
    return rest


def checked(kind: str, settings: dict[str, Any]) -> Fault:
    try:
        fault = Fault(
            kind,
            status=int(settings.get("status", 500)),
            seconds=float(settings.get("seconds", 1.0)),
            code=settings.get("code"),
            message=settings.get("message"),
            retry_after=read_retry_after(settings["retry_after"])
            if "retry_after" in settings
            else None,
        )
    except (TypeError, ValueError) as broken:
        raise UnreadableFault(f"unreadable settings of `{kind}`: {settings}") from broken
    if not 400 <= fault.status <= 599 or fault.seconds < 0:
        raise UnreadableFault(f"status is 400 to 599, seconds are not negative: {settings}")
    return fault
