"""Where a request stands, as its page tells it. Never shows a secret, a contract or an agent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ledger.states import SETTLED, State
from ledger.views import Story
from workers.listeners.form.fields import FIELDS

SOON_S = 2
LATER_S = 60
"""How long until a page looks again: while machines are at it, and while people are."""
SLOW = frozenset({State.HELD, State.HANDED_OVER, State.UNCERTAIN, State.SUBMITTED})
"""States that go on when somebody outside acts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a request's page shows."""

    number: str
    state: str
    product: str | None
    title: str | None
    received_at: datetime
    updated_at: datetime
    reasons: tuple[Mapping[str, Any], ...]
    notices: tuple[str, ...]
    ticket: Mapping[str, Any] | None
    incidents: int
    code: str | None
    asks: tuple[str, ...]
    """Fields that the request lacks, which the page offers to fill in."""
    again_s: int | None
    """When to look again; None: nothing will change by itself."""


def standing(story: Story) -> Standing:
    """Give what may be shown of a request to whoever holds its page's address."""
    line, verdict = story.line, story.verdict or {}
    if line.state == State.CANCELLED:
        verdict = {}
    reasons = tuple(verdict.get("reasons", ()))
    asks = dict.fromkeys(one.get("field") for one in reasons if one.get("field") in FIELDS)
    return Standing(
        number=line.id,
        state=line.state,
        product=line.product,
        title=line.title,
        received_at=line.received_at,
        updated_at=line.updated_at,
        reasons=reasons if line.state in REASONED else (),
        notices=tuple(verdict.get("notices", ())),
        ticket=story.ticket,
        incidents=story.incidents if story.ticket else 0,
        code=line.code if line.state == State.FAILED else None,
        asks=tuple(name for name in asks if name) if line.state == State.INCOMPLETE else (),
        again_s=_again_s(line.state),
    )


REASONED = frozenset({State.INCOMPLETE, State.HELD, State.REJECTED})


def _again_s(state: str) -> int | None:
    if state in SLOW:
        return LATER_S
    return None if state in SETTLED else SOON_S
