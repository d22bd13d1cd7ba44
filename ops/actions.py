"""Everything a person may change or carry off, each action once; who did it is written down.

Never prints anything: command lines are thin over it.
"""

from __future__ import annotations

import getpass
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial

import structlog

from contracts.directory import Directory
from contracts.incoming import Parsed
from ledger import directory as ledger_directory
from ledger import directory_export, outbox, quarantine, requests, senders
from ledger.directory import Taken
from ledger.quarantine import Chosen, Kept
from ledger.senders import Credentials, NotRegistered, Registration
from ledger.store import Connection
from ops.problem import Problem
from workers import cancel as workers_cancel
from workers import quarantine as workers_quarantine
from workers import settle as workers_settle
from workers.app import App
from workers.cancel import NotCancelled
from workers.findings import Finding
from workers.quarantine import NotEnded, Released, Repaired
from workers.reconcile import Compared, reconcile
from workers.record import Receipt, record
from workers.settle import NotSettled, Word

log = structlog.get_logger()
BATCH = 100


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import found in the file and did besides, and how many held requests it wakes."""

    partners: int
    contracts: int
    woken: int
    taken: Taken


def whoami() -> str:
    """Give the name under which this person's actions are written down."""
    try:
        return getpass.getuser()
    except OSError:  # a user id without a name, as in containers
        return "operator"


def import_directory(app: App, directory: Directory, *, who: str) -> Imported:
    """Take the whole file in, and wake the held requests of its partners, or change nothing."""
    partners = [partner.id for partner in directory.partners]

    def write(db: Connection) -> tuple[Taken, int]:
        taken = ledger_directory.take_in(db, app.vault, directory, who=who)
        return taken, requests.wake_held(db, partners)

    taken, woken = app.store.write(write)
    contracts = sum(len(partner.contracts) for partner in directory.partners)
    removed = len(taken.removed_agents) + len(taken.removed_customers)
    log.info(
        "directory.imported",
        partners=len(partners),
        contracts=contracts,
        removed=removed,
        unused=len(taken.unused_incidents),
        who=who,
    )
    return Imported(len(partners), contracts, woken, taken)


def export_directory(app: App, *, who: str, secrets: bool) -> Directory:
    """Read the whole directory back; whoever takes the ids in clear is written down."""
    opener = app.vault.open if secrets else None
    found = app.store.read(lambda db: directory_export.export(db, opener))
    if secrets:
        log.info("directory.exported", partners=len(found.partners), secrets=True, who=who)
    return found


def add_sender(app: App, new: Registration, *, signs: bool) -> Credentials:
    """Let a sender in; what it proves itself with is told this once."""
    drawn = senders.new_credentials(signs=signs)
    try:
        app.store.write(lambda db: senders.add(db, app.vault, new, drawn))
    except NotRegistered as error:
        raise Problem(str(error)) from None
    log.info("sender.added", sender=new.name, partners=list(new.partners), who=new.who)
    return drawn


def revoke_sender(app: App, name: str, word: Word) -> None:
    """Let a sender in no more, from now on."""
    try:
        app.store.write(lambda db: senders.revoke(db, name, who=word.who, why=word.why))
    except NotRegistered as error:
        raise Problem(str(error)) from None
    log.info("sender.revoked", sender=name, who=word.who, why=word.why)


def settle(app: App, request: str, *, number: str | None, url: str | None, word: Word) -> None:
    """Settle an uncertain request: its ticket has this number, or with None there is none."""
    try:
        if number is None:
            workers_settle.absent(app, request, word)
        else:
            workers_settle.found(app, request, number, url, word)
    except NotSettled as error:
        raise Problem(str(error)) from None


def cancel(app: App, request: str, word: Word) -> None:
    """Call a request off that has no ticket."""
    try:
        workers_cancel.cancel(app, request, who=word.who, why=word.why)
    except NotCancelled as error:
        raise Problem(str(error)) from None


def reconcile_portals(
    app: App, since: datetime | None, *, who: str, dry_run: bool
) -> tuple[datetime, list[Compared]]:
    """Compare the portals' tickets with the ledger, and adopt in this person's name."""
    begin, found = reconcile(app, since, who=who, dry_run=dry_run)
    numbers = {one.value: sum(each.number(one) for each in found) for one in Finding}
    log.info("portals.reconciled", since=begin, who=who, dry_run=dry_run, **numbers)
    return begin, found


def release(app: App, which: str, word: Word, repaired: Repaired | None = None) -> Released:
    """Feed a message in again that is in quarantine, as it came or repaired."""
    try:
        return workers_quarantine.release(app, which, word, repaired)
    except NotEnded as error:
        raise Problem(str(error), faults=[asdict(fault) for fault in error.faults]) from None


def release_all(app: App, code: str, word: Word) -> Iterator[Released | Problem]:
    """Feed in as they came all messages that wait with this code; those still refused stay."""
    after = None
    while page := app.store.read(partial(_page, code, after)):
        for one in page:
            try:
                yield release(app, one.id, word)
            except Problem as problem:
                yield problem
        after = page[-1].mark


def _page(code: str, after: str | None, db: Connection) -> list[Kept]:
    return quarantine.listing(db, Chosen(code=code), most=BATCH, after=after)


def drop(app: App, which: str, word: Word) -> None:
    """Write down that nothing will become of a message in quarantine."""
    try:
        workers_quarantine.drop(app, which, word)
    except NotEnded as error:
        raise Problem(str(error)) from None


def take_from_quarantine(app: App, which: str, *, who: str) -> bytes:
    """Give a message as it came, secrets and all; who takes it is written down."""
    raw = app.store.read(lambda db: quarantine.raw(db, app.vault, which))
    if raw is None:
        raise Problem(f"there is no {which}; toritsugi quarantine list --all shows all")
    log.info("quarantine.taken", quarantine=which, secrets=True, who=who)
    return raw


def replay_events(app: App, since: datetime, *, who: str) -> int:
    """Have every event of that moment or later published again, oldest first; give how many."""
    number = app.store.write(lambda db: outbox.replay(db, since))
    log.info("events.replayed", number=number, since=since.isoformat(), who=who)
    return number


def submit(app: App, items: Sequence[Parsed]) -> Iterator[list[Receipt]]:
    """Put what was read from files through the one door, a batch at a time."""
    for first in range(0, len(items), BATCH):
        yield record(app, "file", items[first : first + BATCH])
