"""The mailbox against a real IMAP server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typing_extensions import override

from adapters.inbound.imap import MailboxAway
from contracts.ids import request_id
from ledger import mails, quarantine, views
from ledger.tables import mails as table
from sandbox.server import SandboxServer
from tests import dovecot as server
from tests.builders import AGENT
from tests.conftest import missing
from tests.dovecot import Dovecot, reach
from tests.driving import Driver, new_app
from tests.mailing import MAILBOX, REQUEST, box_of, mail
from workers.app import App
from workers.failpoints import POINTS
from workers.listeners.mailbox import MailboxListener
from workers.processes import intake

DONE, QUARANTINE, IGNORED = "Toritsugi/Done", "Toritsugi/Quarantine", "Toritsugi/Ignored"
PATIENCE_S = 100.0


@pytest.fixture(name="imap", scope="module")
def _imap() -> Iterator[Dovecot]:
    if server.find() is None:
        missing("dovecot")
    with server.dovecot() as running:
        yield running


@pytest.fixture(name="post")
def _post(
    tmp_path: Path,
    database_url: str,
    embedded_redis_url: str,
    sandbox: SandboxServer,
    imap: Dovecot,
) -> Iterator[Driver]:
    imap.empty()
    app = new_app(tmp_path, database_url, embedded_redis_url, sandbox, mailbox=reached(imap))
    yield Driver(app, sandbox)
    app.close()


def reached(imap: Dovecot, **more: Any) -> dict[str, Any]:
    """Give the settings that lead to the server."""
    there = {"port": imap.port, "user": server.USER, "password": server.PASSWORD}
    return {**MAILBOX, **there, **more}


def once(app: App) -> int:
    """Connect, make good what another left, and deal with what is new."""
    box = box_of(app.letterbox)
    listener = MailboxListener(app, box)
    with closing(box.connect()) as connection:
        listener.tidy(connection)
        return listener.once(connection)


def opened(imap: Dovecot, *mails: bytes) -> None:
    """Have a person open these mails; none: all that lie there."""
    with closing(reach(imap)) as connection:
        for uid in connection.unseen():
            if not mails or connection.raw(uid) in mails:
                connection.flag(uid)


def count(app: App) -> int:
    """Give how many requests there are."""
    return sum(app.store.read(views.counts).values())


def states(app: App) -> list[str]:
    """Give what became of each mail."""
    query = select(table.c.state).order_by(table.c.state)
    return list(app.store.read(lambda db: db.execute(query).scalars()))


class Soon(threading.Event):
    """A signal to stop that nobody waits for longer than a moment."""

    @override
    def wait(self, timeout: float | None = None) -> bool:
        return super().wait(None if timeout is None else min(timeout, 0.1))


@contextmanager
def listening(app: App) -> Iterator[None]:
    """Run the process that takes mails in until the block ends."""
    stopping = Soon()
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(intake, app, stopping)
        try:
            yield
        finally:
            stopping.set()
        assert run.result() == 0


def until(holds: Callable[[], bool]) -> None:
    """Wait until it holds."""
    ticking = threading.Event()
    for _ in range(round(PATIENCE_S / 0.02)):
        if holds():
            return
        ticking.wait(0.02)
    raise AssertionError("it does not come about")


def test_each_mail_goes_where_it_belongs(post: Driver, imap: Dovecot) -> None:
    """Taken in, left alone or quarantined: seen, and moved to the folder that says so."""
    good, loop, forged = (
        mail(),
        mail(REQUEST, "Precedence: bulk", number="m2"),
        mail(vouched="", number="m3"),
    )
    imap.deliver(good, loop, forged)

    assert once(post.app) == 3

    assert imap.held() == []
    assert imap.held(DONE) == [(good, "S")]
    assert imap.held(IGNORED) == [(loop, "S")]
    assert imap.held(QUARANTINE) == [(forged, "S")]
    assert states(post.app) == ["ignored", "quarantined", "recorded"]


def test_what_was_read_before_we_began_is_left(post: Driver, imap: Dovecot) -> None:
    """Of an old mailbox only what nobody has read is taken in, whenever we look."""
    old, unread = mail(), mail(number="m2")
    imap.deliver(old)
    opened(imap)
    imap.deliver(unread)

    assert once(post.app) == 1
    assert once(post.app) == 0
    assert imap.held() == [(old, "S")]
    assert [raw for raw, _ in imap.held(DONE)] == [unread]


def test_a_mail_that_somebody_opens_first_is_taken_in(post: Driver, imap: Dovecot) -> None:
    """While we look elsewhere, and while no process runs; what was left before stays."""
    box = box_of(post.app.letterbox)
    listener = MailboxListener(post.app, box)
    with closing(box.connect()) as connection:
        assert listener.once(connection) == 0
        imap.deliver(mail())
        opened(imap)
        until(lambda: listener.once(connection) == 1)
    imap.deliver(mail(number="m2"))
    opened(imap)

    assert once(post.app) == 1
    assert once(post.app) == 0
    assert {raw for raw, _ in imap.held(DONE)} == {mail(), mail(number="m2")}
    assert count(post.app) == 2


def test_a_folder_that_is_numbered_anew(post: Driver, imap: Dovecot) -> None:
    """It is begun with anew: what nobody has read is taken in, and all that comes from now on."""
    assert once(post.app) == 0
    read, unread, later = (mail(number=f"m{n}") for n in range(3))
    imap.deliver(read)
    opened(imap)
    imap.deliver(unread)
    imap.renumber()

    assert once(post.app) == 1
    imap.deliver(later)
    opened(imap, later)
    assert once(post.app) == 1
    assert imap.held() == [(read, "S")]
    assert {raw for raw, _ in imap.held(DONE)} == {unread, later}


def test_what_cannot_be_moved_is_fetched_once(post: Driver, imap: Dovecot) -> None:
    """A mail that has to stay is known as dealt with, by the process and by the ledger."""
    assert once(post.app) == 0
    app = replace(post.app, letterbox=replace(box_of(post.app.letterbox), done="no" * 200))
    imap.deliver(mail())
    box = box_of(app.letterbox)
    listener = MailboxListener(app, box)
    for expected in (1, 0):
        with closing(box.connect()) as connection:
            assert listener.once(connection) == expected
            assert listener.once(connection) == 0

    assert imap.held() == [(mail(), "S")]
    assert once(app) == 1
    assert (count(app), once(post.app)) == (1, 0)
    assert [raw for raw, _ in imap.held(DONE)] == [mail()]


def test_repeats_and_reused_names(post: Driver, imap: Dovecot) -> None:
    """The same mail again is the first; the same name with other content is refused."""
    imap.deliver(mail(), mail(), mail(REQUEST, "Received: twice"), mail(f"{REQUEST}!"))

    assert once(post.app) == 4

    assert count(post.app) == 1
    assert (len(imap.held(DONE)), len(imap.held(QUARANTINE))) == (3, 1)


def test_a_mail_that_is_too_large(post: Driver, imap: Dovecot) -> None:
    """Its beginning is kept and its sender told; the whole of it waits on the server."""
    big = mail(REQUEST + "x" * 300_000)
    imap.deliver(big)

    assert once(post.app) == 1

    (kept,) = post.app.store.read(quarantine.kept)
    assert (kept.code, kept.size) == ("too_large", 65_536)
    assert [raw for raw, _ in imap.held(QUARANTINE)] == [big]


def test_odd_bytes_do_not_stop_the_mailbox(post: Driver, imap: Dovecot) -> None:
    """Whatever lies in the folder, its neighbours pass."""
    odd = [b"\r\n", b"From: \xff\r\n\r\n", b"\x00" * 100, b"From: a@b.example\n\n\xe9" * 50]
    imap.deliver(*odd, mail())

    assert once(post.app) == 5
    assert (count(post.app), len(imap.held(QUARANTINE))) == (1, 4)


class Ended(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("by_person", [False, True], ids=["new", "opened"])
@pytest.mark.parametrize("point", [one for one in POINTS if one.startswith("mail.")])
def test_a_process_ends_at_any_place(
    post: Driver, imap: Dovecot, point: str, *, by_person: bool
) -> None:
    """Between any two steps it may end: the next one makes it good, once, whoever has opened it."""
    good, unproven = mail(), mail(vouched="", number="m2")
    if by_person:
        once(post.app)
    imap.deliver(good, unproven)
    if by_person:
        opened(imap)

    def reach(name: str, request: str = "") -> None:
        if name == point:
            raise Ended(request)

    with pytest.raises(Ended):
        once(replace(post.app, reach=reach))
    before = len(imap.held()) + len(imap.held(DONE))
    assert before == 2, "nothing is gone"
    once(post.app)
    once(post.app)

    assert (imap.held(), imap.held(DONE), imap.held(QUARANTINE)) == (
        [],
        [(good, "S")],
        [(unproven, "S")],
    )
    assert states(post.app) == ["quarantined", "recorded"]
    assert count(post.app) == 1
    assert len(post.app.store.read(quarantine.kept)) == 1


def test_two_processes_read_one_mailbox(post: Driver, imap: Dovecot) -> None:
    """Both may fetch the same mail: it is one request, and in one folder."""
    imap.deliver(*(mail(number=f"m{n}") for n in range(20)))

    with ThreadPoolExecutor(2) as pool:
        for run in [pool.submit(once, post.app) for _ in range(2)]:
            run.result()

    assert count(post.app) == 20
    assert imap.held() == []
    assert {raw for raw, _ in imap.held(DONE)} == {mail(number=f"m{n}") for n in range(20)}


def test_a_folder_that_is_taken_away_is_made_again(post: Driver, imap: Dovecot) -> None:
    """Where a mail is to be put is made when it is missing, also in the middle."""
    box = box_of(post.app.letterbox)
    listener = MailboxListener(post.app, box)
    with closing(box.connect()) as connection:
        imap.deliver(mail())
        until(lambda: listener.once(connection) == 1)
        imap.remove(DONE)
        imap.deliver(mail(number="m2"))
        until(lambda: listener.once(connection) == 1)

    assert [raw for raw, _ in imap.held(DONE)] == [mail(number="m2")]


def test_a_folder_that_is_not_there_is_said(post: Driver, imap: Dovecot) -> None:
    """The folder that mails come to is not made: it is a fault of the settings."""
    app = replace(
        post.app,
        letterbox=replace(
            box_of(post.app.letterbox),
            connect=lambda: reach(imap, "Nowhere"),
        ),
    )

    with pytest.raises(MailboxAway):
        once(app)


def test_a_server_that_comes_back(post: Driver, imap: Dovecot) -> None:
    """Stopped in the middle and started again: every mail is dealt with, each once."""
    total = 60
    with listening(post.app):
        imap.deliver(*(mail(number=f"m{n}") for n in range(total)))
        until(lambda: count(post.app) > 5)
        imap.stop()
        imap.start()
        until(lambda: len(imap.held(DONE)) >= total)

    assert count(post.app) == total
    assert imap.held() == []
    assert len(imap.held(DONE)) == total


@pytest.mark.costly
def test_a_burst(post: Driver, imap: Dovecot) -> None:
    """Five hundred mails at once are five hundred requests, and new ones are heard of."""
    with listening(post.app):
        imap.deliver(*(mail(number=f"m{n}") for n in range(500)))
        until(lambda: len(imap.held(DONE)) == 500)
        imap.deliver(mail(number="late"))
        until(lambda: len(imap.held(DONE)) == 501)

    assert count(post.app) == 501


def test_a_process_makes_good_what_was_left(post: Driver, imap: Dovecot) -> None:
    """A mail that was kept, and that somebody then took away, is dealt with all the same."""
    post.app.store.write(
        lambda db: mails.keep(db, post.app.vault, mail(), way="in", message_id=None)
    )

    with listening(post.app):
        until(lambda: count(post.app) == 1)

    assert states(post.app) == ["recorded"]
    assert imap.held() == []
    assert post.story(request_id(f"mailto:{AGENT}", "m1@contoso.example")).line.source
