"""The one door: what came in is kept, new requests are admitted, and only then is it acknowledged.

A whole batch is one transaction. What cannot be read goes into quarantine with the reason, and its
neighbours pass. Never decides anything about a request.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import structlog

from contracts.incoming import Incoming, Parsed
from contracts.malformed import Fault, Malformed
from contracts.trace import begin_trace, trace_of
from ledger import admission, outbox, quarantine
from ledger.admission import Admission, Arrival
from ledger.completion import Completion, NotTaken, complete
from ledger.quarantine import Unreadable
from ledger.requests import ASSESS
from ledger.states import State
from ledger.store import Connection, DatabaseAway
from ledger.vault import Vault
from workers.app import App
from workers.hints import has_room, hint

log = structlog.get_logger()
FRESH = ("new", "completed")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one message: a request's number and state, or its place in quarantine."""

    verdict: str
    """`new`, `completed`, `repeat`, `reused` or `unreadable`."""
    request: str | None = None
    state: str | None = None
    quarantine: str | None = None
    fault: Malformed | None = None
    trace: str | None = None

    @property
    def accepted(self) -> bool:
        return self.verdict in {"new", "completed", "repeat"}


def record(app: App, channel: str, batch: Sequence[Parsed]) -> list[Receipt]:
    """Store the batch in one transaction; give a receipt for each message, in order."""
    app.reach("record.received")
    hinted = has_room(app, ASSESS)
    receipts = _stored(app, channel, batch, hinted=hinted)
    return tell(app, channel, receipts, hinted=hinted)


def tell(app: App, channel: str, receipts: list[Receipt], *, hinted: bool) -> list[Receipt]:
    """Log and hint what `write` has stored, once that is committed; give the receipts."""
    app.reach("record.stored")
    fresh = [one.request for one in receipts if one.verdict in FRESH and one.request]
    for receipt in receipts:
        _log(channel, receipt)
    if hinted:
        hint(app, ASSESS, fresh)
    app.reach("record.hinted")
    return receipts


def _stored(app: App, channel: str, batch: Sequence[Parsed], *, hinted: bool) -> list[Receipt]:
    """Store the batch; a message the database cannot keep is found alone and quarantined."""
    try:
        return app.store.write(lambda db: write(db, app, channel, batch, hinted=hinted))
    except DatabaseAway:
        raise
    except Exception as error:
        log.exception("message.unstorable", messages=len(batch))
        if len(batch) > 1:
            return [one for item in batch for one in _stored(app, channel, [item], hinted=hinted)]
        refused = _unstorable(batch[0], error)
        return app.store.write(lambda db: write(db, app, channel, [refused], hinted=hinted))


def _unstorable(item: Parsed, error: Exception) -> Parsed:
    words = f"holds a value that cannot be stored ({type(error).__name__}); leave it out"
    if isinstance(item.outcome, Malformed):  # then it is its key or a place in it
        return Parsed(item.raw, Malformed("unstorable", Fault("", words)))
    fault = Malformed("unstorable", Fault("data", words))
    return Parsed(item.raw, fault.known_as(item.outcome.source, item.outcome.id))


def write(
    db: Connection, app: App, channel: str, batch: Sequence[Parsed], *, hinted: bool
) -> list[Receipt]:
    """Store the batch within the caller's unit of work; whoever commits it calls `tell`."""
    arrivals = [
        _arrival(app.vault, channel, item.raw, item.outcome)
        for item in batch
        if isinstance(item.outcome, Incoming) and item.outcome.completes() is None
    ]
    admissions = iter(admission.admit(db, app.vault, app.postbox, arrivals, hinted=hinted))
    door = _Door(db, app, channel, admissions, hinted)
    receipts = [door.take(item) for item in batch]
    repeats = [one.request for one in receipts if one.verdict == "repeat" and one.request]
    outbox.send_again(db, repeats)
    app.reach("record.written")
    return receipts


@dataclass(frozen=True, slots=True)
class _Door:
    """One batch on its way in, within its unit of work."""

    db: Connection
    app: App
    channel: str
    admissions: Iterator[Admission]
    hinted: bool

    def take(self, item: Parsed) -> Receipt:
        if isinstance(item.outcome, Malformed):
            return self._keep(item.raw, item.outcome)
        if (request := item.outcome.completes()) is not None:
            return self._complete(item.raw, item.outcome, request)
        return self._admit(item.raw, item.outcome, next(self.admissions))

    def _admit(self, raw: bytes, incoming: Incoming, admitted: Admission) -> Receipt:
        if admitted.verdict != "reused":
            trace = trace_of(_traceparent(incoming))
            return Receipt(admitted.verdict, admitted.id, admitted.state, trace=trace)
        kept = self._keep(raw, _reused(incoming, admitted.id))
        return replace(kept, verdict="reused", request=admitted.id, state=admitted.state)

    def _complete(self, raw: bytes, incoming: Incoming, request: str) -> Receipt:
        """Bring an incomplete request what it lacked, or say why it is not taken."""
        completion = Completion(
            request=request,
            source=incoming.source,
            sender_id=incoming.id,
            content_hash=self.app.vault.fingerprint(incoming.content_hash()),
            raw=raw,
            given=incoming.request.given(),
            secrets=incoming.request.secrets(),
        )
        try:
            first = complete(self.db, self.app.vault, completion, hinted=self.hinted)
        except NotTaken as error:
            fault = Malformed(error.code, Fault("subject", str(error)))
            return self._keep(raw, fault.known_as(incoming.source, incoming.id))
        return Receipt("completed" if first else "repeat", request, State.RECEIVED)

    def _keep(self, raw: bytes, fault: Malformed) -> Receipt:
        unreadable = Unreadable(
            channel=self.channel,
            raw=raw,
            code=fault.code,
            message=fault.message,
            place=fault.place,
            source=fault.source,
            sender_id=fault.sender_id,
        )
        kept = quarantine.keep(self.db, self.app.vault, self.app.postbox, unreadable)
        return Receipt("unreadable", quarantine=kept, fault=fault)


def _reused(incoming: Incoming, request: str) -> Malformed:
    words = f"was used for another content, {request}; send what has changed under a new id"
    fault = Malformed("id_reused", Fault("id", words))
    return fault.known_as(incoming.source, incoming.id)


def _arrival(vault: Vault, channel: str, raw: bytes, incoming: Incoming) -> Arrival:
    request = incoming.request
    secrets = request.secrets()
    return Arrival(
        id=incoming.request_id(),
        source=incoming.source,
        sender_id=incoming.id,
        content_hash=vault.fingerprint(incoming.content_hash()),
        channel=channel,
        raw=raw,
        body=request.public(),
        facets={
            "partner": request.partner,
            "agent": request.agent,
            "customer": request.customer,
            "product": request.product,
            "title": request.title,
            "severity": request.severity,
        },
        access_id=secrets.get("access_id"),
        contract_id=secrets.get("contract_id"),
        traceparent=_traceparent(incoming),
    )


def _traceparent(incoming: Incoming) -> str:
    """Go on with the sender's trace, or begin one."""
    return incoming.traceparent or begin_trace(incoming.request_id())


def _log(channel: str, receipt: Receipt) -> None:
    log.info(
        "message.recorded",
        verdict=receipt.verdict,
        request=receipt.request,
        trace=receipt.trace,
        channel=channel,
        quarantine=receipt.quarantine,
        code=None if receipt.fault is None else receipt.fault.code,
    )
