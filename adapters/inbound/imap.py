"""A mailbox over IMAP: what is new in a folder, its bytes, and where it is put afterwards.

Never changes a mail by reading it, and never deletes one: what is put away is flagged as seen and
moved. Never shows what the server was told at sign-in.
"""

from __future__ import annotations

import imaplib
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError
from imap_tools.utils import encode_folder

_SIZE = re.compile(rb"UID (\d+)|RFC822\.SIZE (\d+)")
_SLICE_S = 1.0
_CHUNK = 100
_LAST = 4_294_967_295


class MailboxAway(Exception):
    """The server cannot be asked now: connect again after a while."""


class MailUnfetched(Exception):
    """The server does not give this one mail: pass over it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Where the mailbox is, and how we sign in: by password, or by a token that is asked for."""

    host: str
    port: int
    user: str
    password: str | None = field(default=None, repr=False)
    token: Callable[[], str] | None = None
    tls: bool = True
    ca_file: Path | None = None
    timeout_s: float = 30.0


def connect(access: Access, folder: str) -> Imap:
    """Sign in and open the folder; raise `MailboxAway`."""
    with _asking():
        box = _open(access)
        try:
            if access.token is not None:
                box.xoauth2(access.user, access.token(), initial_folder=None)
            else:
                box.login_utf8(access.user, access.password or "", initial_folder=None)
            return Imap(box, folder)
        except BaseException:
            with suppress(Exception):
                box.client.shutdown()
            raise


def _open(access: Access) -> BaseMailBox:
    if not access.tls:
        return MailBoxUnencrypted(access.host, access.port, timeout=access.timeout_s)
    # Without a context the library would believe any certificate.
    context = ssl.create_default_context(cafile=access.ca_file)
    return MailBox(access.host, access.port, timeout=access.timeout_s, ssl_context=context)


@contextmanager
def _asking() -> Iterator[None]:
    """Turn whatever the server or the line says into `MailboxAway`."""
    try:
        yield
    except MailboxAway:
        raise
    except (OSError, imaplib.IMAP4.error, ImapToolsError, EOFError) as error:
        raise MailboxAway(type(error).__qualname__) from None


class Imap:
    """A connection that is signed in, with a folder open."""

    def __init__(self, box: BaseMailBox, folder: str) -> None:
        self._box = box
        self._client = box.client
        _, said = self._client.capability()
        self._can = frozenset(b" ".join(said).decode("ascii", "replace").upper().split())
        self._delimiter = next((one.delim for one in box.folder.list("", "INBOX")), "/") or "/"
        self._made: set[str] = set()
        # Asked before it is opened: what comes in between has a number of `next_uid` or above.
        status = box.folder.status(self._local(folder), ("UIDVALIDITY", "UIDNEXT"))
        self.uid_validity, self.next_uid = status["UIDVALIDITY"], status["UIDNEXT"]
        box.folder.set(self._local(folder))

    def close(self) -> None:
        with suppress(Exception):
            self._box.logout()
        with suppress(Exception):
            self._client.shutdown()

    def unseen(self) -> Sequence[str]:
        """Give the new mails of the folder, oldest first."""
        with _asking():
            return self._box.uids("UNSEEN UNDELETED", charset=None)

    def unseen_or_from(self, first: int) -> Sequence[str]:
        """Give the new mails, and all of the number `first` or above, oldest first."""
        # `first:*` would always give the last mail, whatever its number.
        with _asking():
            return self._box.uids(f"UNDELETED OR UNSEEN UID {first}:{_LAST}", charset=None)

    def lately_seen(self, most: int) -> Sequence[str]:
        """Give the last mails of the folder that are not new, and not to be thrown away."""
        with _asking():
            return self._box.uids("SEEN UNDELETED", charset=None)[-most:]

    def sizes(self, uids: Sequence[str]) -> dict[str, int]:
        """Give how many bytes each mail has, as far as they are still there."""
        found: dict[str, int] = {}
        for at in range(0, len(uids), _CHUNK):
            for line in self._fetch(",".join(uids[at : at + _CHUNK]), "(UID RFC822.SIZE)"):
                parts = dict.fromkeys(("uid", "size"), 0)
                for uid, size in _SIZE.findall(line if isinstance(line, bytes) else b""):
                    parts |= {"uid": int(uid)} if uid else {"size": int(size)}
                if parts["uid"]:
                    found[str(parts["uid"])] = parts["size"]
        return found

    def raw(self, uid: str, first: int | None = None) -> bytes | None:
        """Give a mail's bytes, or the `first` so many; None when it is gone."""
        part = "" if first is None else f"<0.{first}>"
        for piece in self._fetch(uid, f"(BODY.PEEK[]{part})"):
            if isinstance(piece, tuple):
                return bytes(piece[1])
        return None

    def flag(self, uid: str) -> None:
        """Flag a mail as seen."""
        with _asking():
            self._do("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")

    def move(self, uid: str, folder: str) -> bool:
        """Move a mail, making the folder where it is missing; False if the server does not."""
        with _asking():
            place = self._local(folder)
            for _ in range(2):
                self._make(place)
                if self._moved(uid, encode_folder(place)):
                    return True
                self._made.discard(place)
            return False

    def wait(self, seconds: float, stopping: threading.Event) -> None:
        """Return when something is new, when the time is over, or soon after the signal."""
        if "IDLE" not in self._can:
            stopping.wait(seconds)
            return
        with _asking():
            until = time.monotonic() + seconds
            with self._box.idle as idle:
                while not stopping.is_set() and (left := until - time.monotonic()) > 0:
                    if idle.poll(min(_SLICE_S, left)) or self._ended_early(until, left):
                        return

    def _ended_early(self, until: float, left: float) -> bool:
        """Whether the line is closed: then a poll ends at once, and the next command says so."""
        spent = left - (until - time.monotonic())
        return spent < min(_SLICE_S, left) / 2

    def _fetch(self, uids: str, parts: str) -> Sequence[Any]:
        try:
            status, found = self._client.uid("FETCH", uids, parts)
        except (OSError, EOFError, imaplib.IMAP4.abort) as error:
            raise MailboxAway(type(error).__qualname__) from None
        except imaplib.IMAP4.error:
            raise MailUnfetched from None
        if status != "OK":
            raise MailUnfetched
        return [piece for piece in found if piece is not None]

    def _moved(self, uid: str, place: bytes) -> bool:
        if "MOVE" in self._can:
            return self._said_yes("MOVE", uid, place)
        if not self._said_yes("COPY", uid, place):
            return False
        self._do("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in self._can:
            # Without it an expunge would take along what other people have flagged.
            self._do("EXPUNGE", uid)
        return True

    def _make(self, place: str) -> None:
        if place in self._made:
            return
        if not self._box.folder.exists(place):
            # Another process may be quicker; whether it is there, the move will say.
            with suppress(ImapToolsError):
                self._box.folder.create(place)
            with suppress(ImapToolsError):
                self._box.folder.subscribe(place, value=True)
        self._made.add(place)

    def _local(self, folder: str) -> str:
        return folder.replace("/", self._delimiter)

    def _said_yes(self, command: str, uid: str, place: bytes) -> bool:
        return bool(self._client.uid(command, uid, place)[0] == "OK")  # type: ignore[arg-type]

    def _do(self, command: str, *words: str) -> None:
        status, _ = self._client.uid(command, *words)
        if status != "OK":
            raise MailboxAway(command)
