"""Everything a person may change or carry off, each action once; who did it is written down.

Never prints anything: command lines are thin over it.
"""

from __future__ import annotations

import getpass
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from contracts.directory import Directory
from contracts.incoming import Parsed
from ledger import directory as ledger_directory
from ledger import directory_export, outbox, requests
from ledger.store import Connection
from ops.problem import Problem
from workers import cancel as workers_cancel
from workers import settle as workers_settle
from workers.app import App
from workers.cancel import NotCancelled
from workers.findings import Finding
from workers.reconcile import Compared, reconcile
from workers.record import Receipt, record
from workers.settle import NotSettled, Word

log = structlog.get_logger()
BATCH = 100


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import found in the file, and how many held requests are decided again for it."""

    partners: int
    contracts: int
    woken: int


def whoami() -> str:
    """Give the name under which this person's actions are written down."""
    try:
        return getpass.getuser()
    except OSError:  # a user id without a name, as in containers
        return "operator"


def import_directory(app: App, directory: Directory, *, who: str) -> Imported:
    """Take the whole file in, and wake the held requests of its partners, or change nothing."""
    partners = [partner.id for partner in directory.partners]

    def write(db: Connection) -> int:
        ledger_directory.take_in(db, app.vault, directory, who=who)
        return requests.wake_held(db, partners)

    woken = app.store.write(write)
    contracts = sum(len(partner.contracts) for partner in directory.partners)
    log.info("directory.imported", partners=len(partners), contracts=contracts, who=who)
    return Imported(len(partners), contracts, woken)


def export_directory(app: App, *, who: str, secrets: bool) -> Directory:
    """Read the whole directory back; whoever takes the ids in clear is written down."""
    opener = app.vault.open if secrets else None
    found = app.store.read(lambda db: directory_export.export(db, opener))
    if secrets:
        log.info("directory.exported", partners=len(found.partners), secrets=True, who=who)
    return found


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


def replay_events(app: App, since: datetime, *, who: str) -> int:
    """Have every event of that moment or later published again, oldest first; give how many."""
    number = app.store.write(lambda db: outbox.replay(db, since))
    log.info("events.replayed", number=number, since=since.isoformat(), who=who)
    return number


def submit(app: App, items: Sequence[Parsed]) -> Iterator[list[Receipt]]:
    """Put what was read from files through the one door, a batch at a time."""
    for first in range(0, len(items), BATCH):
        yield record(app, "file", items[first : first + BATCH])
