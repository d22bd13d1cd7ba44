"""Ends a message's stay in quarantine on a person's word: it is fed in again, or dropped.

Feeding in and ending are one unit of work: whatever dies, and however often it is released, there
is one request. What is still refused stays, as it was. Never changes the bytes that came.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import structlog

from adapters.inbound.again import Came, read_again
from contracts.incoming import Parsed
from contracts.malformed import Fault, Malformed
from contracts.redaction import MASK
from ledger import mails, quarantine
from ledger.quarantine import End, Kept
from ledger.requests import ASSESS
from ledger.store import Connection, DatabaseAway
from workers.app import App
from workers.hints import has_room
from workers.mail_intake import CHANNEL as MAIL
from workers.mail_vouched import vouched
from workers.record import Receipt, tell, write
from workers.settle import Word

log = structlog.get_logger()
T = TypeVar("T")


class NotEnded(Exception):
    """The message stays as it was; the words say why, `faults` what is still wrong with it."""

    def __init__(self, words: str, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(words)
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Repaired:
    """What is fed in in place of a message, and the name of the file that it stands in."""

    raw: bytes = field(repr=False)
    name: str = ""


@dataclass(frozen=True, slots=True)
class Released:
    """The request that a message became; `before`: another release had made it."""

    id: str
    request: str
    others: tuple[str, ...] = ()
    """Further requests that stood in it."""
    before: bool = False


def came(kept: Kept) -> Came:
    return Came(kept.channel, kept.id, kept.source, kept.sender_id)


def release(app: App, which: str, word: Word, repaired: Repaired | None = None) -> Released:
    """Feed the message in by the door that it came to, as it came or repaired.

    Who sent it is not asked again: the word stands for that. Raises `NotEnded`.
    """
    fed = _fed(app, which, repaired)
    hinted = has_room(app, ASSESS)

    def work(db: Connection) -> tuple[Kept, list[Receipt]]:
        kept = _held(db, which)
        if kept.outcome is not None:
            return kept, []
        receipts = write(db, app, kept.channel, fed, hinted=hinted)
        _check_taken(which, receipts)
        _end(db, app, kept, word, receipts[0].request, repaired)
        return kept, receipts

    kept, receipts = _stored(app, which, work)
    if not receipts:
        return _before(kept)
    tell(app, kept.channel, receipts, hinted=hinted)
    first, *others = dict.fromkeys(one.request or "" for one in receipts)
    log.info("quarantine.released", quarantine=which, request=first, who=word.who)
    return Released(which, first, tuple(others))


def drop(app: App, which: str, word: Word) -> None:
    """Write down that nothing will become of the message; its bytes are kept. Raises `NotEnded`."""

    def work(db: Connection) -> None:
        kept = _held(db, which)
        if kept.outcome == "released":
            raise NotEnded(f"{which} was released as {kept.request}; toritsugi requests cancel it")
        quarantine.finish(db, app.vault, which, End("dropped", word.who, word.why))

    app.store.write(work)
    log.info("quarantine.dropped", quarantine=which, who=word.who)


def _end(
    db: Connection, app: App, kept: Kept, word: Word, request: str | None, repaired: Repaired | None
) -> None:
    raw = None if repaired is None else repaired.raw
    quarantine.finish(db, app.vault, kept.id, End("released", word.who, word.why, request, raw))
    if kept.channel == MAIL:
        came_as = quarantine.raw(db, app.vault, kept.id) or b""
        mails.settle(db, mails.mail_id(came_as, "in"), "recorded", "released", request)


def _held(db: Connection, which: str) -> Kept:
    return _there(quarantine.hold(db, which), which)


def _there(kept: Kept | None, which: str) -> Kept:
    if kept is None:
        raise NotEnded(f"there is no {which}; toritsugi quarantine list --all shows all")
    return kept


def _before(kept: Kept) -> Released:
    if kept.outcome == "released" and kept.request is not None:
        return Released(kept.id, kept.request, before=True)
    raise NotEnded(
        f"{kept.id} was dropped by {kept.who} ({kept.why}); to have it after all, submit a file"
        f" of toritsugi quarantine show {kept.id} --raw --secrets"
    )


def _fed(app: App, which: str, repaired: Repaired | None) -> list[Parsed]:
    """Read what is to be fed in; nothing for a message whose stay has ended."""
    kept = _there(app.store.read(lambda db: quarantine.one(db, which)), which)
    if kept.outcome is not None:
        return []
    raw = app.store.read(lambda db: quarantine.raw(db, app.vault, which)) or b""
    fed = Repaired(raw) if repaired is None else repaired
    if MASK.encode() in fed.raw and MASK.encode() not in raw:
        raise NotEnded(
            f"{fed.name or kept.id} holds {MASK} in place of a secret; take the message with"
            f" toritsugi quarantine show {kept.id} --raw --secrets, and repair that"
        )
    found = _read(app, kept, fed)
    faults = [one.outcome for one in found if isinstance(one.outcome, Malformed)]
    if faults or not found:
        raise _still(kept.id, faults)
    return found


def _read(app: App, kept: Kept, fed: Repaired) -> list[Parsed]:
    if kept.channel == MAIL:
        return [vouched(app, fed.raw)]
    return read_again(came(kept), fed.raw, app.limits.message_bytes, fed.name)


def _check_taken(which: str, receipts: list[Receipt]) -> None:
    """Raise, so that nothing of it is kept, when the door itself refused any."""
    if faults := [one.fault for one in receipts if one.fault is not None]:
        raise _still(which, faults)


def _still(which: str, faults: list[Malformed]) -> NotEnded:
    found = tuple(fault for one in faults for fault in one.faults)
    code = faults[0].code if faults else "empty"
    words = f"{which} is still refused ({code}), and stays; put it right and release it --with FILE"
    return NotEnded(words, found)


def _stored(app: App, which: str, work: Callable[[Connection], T]) -> T:
    """Run the unit of work; a value that no database keeps is told as a fault."""
    try:
        return app.store.write(work)
    except (*DatabaseAway, NotEnded):
        raise
    except Exception as error:
        log.exception("message.unstorable", quarantine=which)
        words = f"holds a value that cannot be stored ({type(error).__name__}); leave it out"
        raise _still(which, [Malformed("unstorable", Fault("data", words))]) from None
