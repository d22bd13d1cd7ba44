"""The way into the ledger: a request is stored once, with its raw bytes and its first event.

Never changes a request that is there: a repeat is answered with the state of the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from contracts.event_data import Accepted
from ledger import outbox
from ledger.clock import moment
from ledger.outbox import Cause, Note, Postbox
from ledger.requests import ASSESS, SYSTEM, TELL, history_line
from ledger.states import State
from ledger.tables import inbox, requests
from ledger.vault import Vault

FACETS = ("partner", "agent", "customer", "product", "title")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request as it came through the one door, its secrets still in the open."""

    id: str
    source: str
    sender_id: str
    content_hash: str
    channel: str
    raw: bytes = field(repr=False)
    body: Mapping[str, Any]
    facets: Mapping[str, str | None]
    """`partner`, `agent`, `customer`, `product`, `title`, `severity`: what lists filter by."""
    access_id: str | None = field(default=None, repr=False)
    contract_id: str | None = field(default=None, repr=False)
    traceparent: str | None = None

    @property
    def cause(self) -> Cause:
        return Cause(
            self.id,
            self.source,
            self.sender_id,
            self.facets.get("partner"),
            self.traceparent,
            self.body.get("extra", {}),
            bool(self.body.get("reply_to")),
        )


@dataclass(frozen=True, slots=True)
class Admission:
    """What became of an arrival: `new`, `repeat` or `reused` (same key, other content)."""

    id: str
    verdict: str
    state: State


KNOWN = select(requests.c.id, requests.c.content_hash, requests.c.state).where(
    requests.c.id.in_(bindparam("ids", expanding=True))
)
ADD = requests.insert().inline()
KEEP_RAW = inbox.insert().inline()


def admit(
    db: Connection,
    vault: Vault,
    postbox: Postbox,
    arrivals: Sequence[Arrival],
    *,
    hinted: bool = True,
) -> list[Admission]:
    """Store each arrival that is new, with its raw bytes and its `request.accepted` event.

    `hinted` says that the caller will hint them; otherwise the sweep does, in fair order.
    """
    known = {
        row.id: (row.content_hash, State(row.state))
        for row in db.execute(KNOWN, {"ids": [arrival.id for arrival in arrivals]})
    }
    answers, fresh = [], []
    for arrival in arrivals:
        if arrival.id not in known:
            known[arrival.id] = (arrival.content_hash, State.RECEIVED)
            fresh.append(arrival)
            answers.append(Admission(arrival.id, "new", State.RECEIVED))
            continue
        content, state = known[arrival.id]
        same = content == arrival.content_hash
        answers.append(Admission(arrival.id, "repeat" if same else "reused", state))
    if fresh:
        _store(db, vault, postbox, fresh, hinted=hinted)
    return answers


def _store(
    db: Connection, vault: Vault, postbox: Postbox, fresh: Sequence[Arrival], *, hinted: bool
) -> None:
    at = moment(db)
    db.execute(ADD, [_request_row(arrival, vault, at, hinted=hinted) for arrival in fresh])
    db.execute(KEEP_RAW, [{"request": a.id, "raw_sealed": vault.seal(a.raw)} for a in fresh])
    db.execute(
        TELL, [history_line(a.id, at, None, State.RECEIVED, a.channel, SYSTEM) for a in fresh]
    )
    for arrival in fresh:
        told = postbox.rows(arrival.cause, State.RECEIVED, [Note(Accepted)], last=1, at=at)
        outbox.add(db, told)


def _request_row(arrival: Arrival, vault: Vault, at: datetime, *, hinted: bool) -> dict[str, Any]:
    return {
        "id": arrival.id,
        "source": arrival.source,
        "sender_id": arrival.sender_id,
        "content_hash": arrival.content_hash,
        "channel": arrival.channel,
        "state": State.RECEIVED,
        "queue": ASSESS,
        "due_at": at,
        "hinted_at": at if hinted else None,
        "sequence": 1,
        "severity": arrival.facets.get("severity") or "C",
        **{name: arrival.facets.get(name) for name in FACETS},
        "traceparent": arrival.traceparent,
        "body": dict(arrival.body),
        "access_id_sealed": _sealed(vault, arrival.access_id),
        "contract_id_sealed": _sealed(vault, arrival.contract_id),
        "received_at": at,
        "updated_at": at,
    }


def _sealed(vault: Vault, secret: str | None) -> bytes | None:
    return None if secret is None else vault.seal(secret.encode())
