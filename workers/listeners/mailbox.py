"""Listens at a mailbox: a mail is kept and dealt with, and only then flagged and moved.

What a process left behind is made good by the next. No mail stops the mailbox, and none is thrown
away: what is new stays new until it is committed. A mail that came since we began with the folder
is taken in whoever has opened it; of what lay there before, only what nobody has read.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import closing

import structlog

from adapters.inbound.imap import Imap, MailboxAway, MailUnfetched
from ledger import mailboxes, mails
from ledger.mails import Standing
from ledger.store import DatabaseError
from workers.app import App
from workers.letterbox import Letterbox
from workers.mail_intake import take, take_up

log = structlog.get_logger()

BATCH = 100
HEAD_BYTES = 65_536
"""So much is kept of a mail that is too large: enough to say whose it is."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0


class MailboxListener:
    """One connection to the mailbox at a time."""

    def __init__(self, app: App, box: Letterbox) -> None:
        self._app = app
        self._box = box
        self._passed_over: set[str] = set()
        self._staying: set[tuple[int, str]] = set()
        """Mails that were dealt with and may still lie in the folder, by numbering and number."""
        self._pause_s = FIRST_PAUSE_S

    def run(self, stopping: threading.Event) -> None:
        """Listen until told to stop; a server that is away is asked again, ever less often."""
        while not stopping.is_set():
            try:
                self._listen(stopping)
            except (MailboxAway, DatabaseError) as error:
                self._rest(stopping, type(error).__name__, str(error))
            except Exception as error:
                log.exception("mailbox.broke")
                self._rest(stopping, type(error).__name__, "")

    def once(self, imap: Imap) -> int:
        """Deal with what is new, up to a hundred; give how many mails that were."""
        uids = self._new(imap)[:BATCH]
        sizes = imap.sizes(uids) if uids else {}
        for uid in uids:
            self._one(imap, uid, sizes.get(uid, 0))
        return len(uids)

    def tidy(self, imap: Imap) -> None:
        """Move what was dealt with and flagged, and whose process ended before it moved it."""
        uids = imap.lately_seen(BATCH)
        sizes = imap.sizes(uids) if uids else {}
        for uid in uids:
            raw = self._bytes(imap, uid, sizes.get(uid, 0))
            standing = None if raw is None else self._standing(raw)
            if standing is not None and standing.state != "kept":
                imap.move(uid, self._folder(standing))

    def _new(self, imap: Imap) -> list[str]:
        """Give the mails that are ours and were not dealt with, as far as this process knows."""
        found = imap.unseen_or_from(self._first(imap))
        self._staying &= {(imap.uid_validity, uid) for uid in found}
        known = {uid for _, uid in self._staying} | self._passed_over
        return [uid for uid in found if uid not in known]

    def _first(self, imap: Imap) -> int:
        """Give the number from which on mails are ours: those that came since we began."""
        key = (self._box.name, imap.uid_validity)
        first = self._app.store.read(lambda db: mailboxes.first_uid(db, *key))
        if first is not None:
            return first
        log.info("mailbox.begun", folder=self._box.folder, first=imap.next_uid)
        return self._app.store.write(lambda db: mailboxes.begin(db, *key, imap.next_uid))

    def _listen(self, stopping: threading.Event) -> None:
        with closing(self._box.connect()) as imap:
            log.info("mailbox.open", folder=self._box.folder)
            self._passed_over.clear()
            take_up(self._app, self._box)
            self.tidy(imap)
            while not stopping.is_set():
                found = self.once(imap)
                self._pause_s = FIRST_PAUSE_S
                if not found:
                    imap.wait(self._box.poll_s, stopping)

    def _rest(self, stopping: threading.Event, error: str, says: str) -> None:
        log.warning("mailbox.away", error=error, says=says, pause_s=self._pause_s)
        stopping.wait(self._pause_s)
        self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)

    def _one(self, imap: Imap, uid: str, size: int) -> None:
        raw = self._bytes(imap, uid, size)
        if raw is None:
            return
        self._app.reach("mail.fetched")
        standing = take(self._app, self._box, raw, whole=size <= self._box.mail_bytes)
        imap.flag(uid)
        self._app.reach("mail.flagged")
        self._staying.add((imap.uid_validity, uid))
        if not imap.move(uid, self._folder(standing)):
            log.warning("mailbox.not_moved", uid=uid, folder=self._folder(standing))

    def _bytes(self, imap: Imap, uid: str, size: int) -> bytes | None:
        """Give the mail, or the beginning of one that is too large; None if there is none."""
        try:
            return imap.raw(uid, HEAD_BYTES if size > self._box.mail_bytes else None)
        except MailUnfetched:
            log.warning("mailbox.unfetched", uid=uid)
            self._passed_over.add(uid)
            return None

    def _standing(self, raw: bytes) -> Standing | None:
        which = mails.mail_id(raw, "in")
        return self._app.store.read(lambda db: mails.standing(db, which))

    def _folder(self, standing: Standing) -> str:
        folders: Mapping[str, str] = {
            "quarantined": self._box.quarantine,
            "ignored": self._box.ignored,
        }
        return folders.get(standing.state, self._box.done)
