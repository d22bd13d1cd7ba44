"""The states of a request that events and answers name. Which moves exist is not said here."""

from __future__ import annotations

from typing import Literal, get_args

State = Literal[
    "received",
    "queued",
    "submitting",
    "submitted",
    "closed",
    "incomplete",
    "held",
    "rejected",
    "handed_over",
    "uncertain",
    "failed",
    "cancelled",
]
STATES: tuple[State, ...] = get_args(State)
