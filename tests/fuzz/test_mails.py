"""Mutated mails: whatever comes, it is kept, ends in a state, and takes no longer than a moment."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from sqlalchemy import select

from adapters.inbound.mail import parse_mail
from contracts.incoming import Incoming
from ledger import mails, quarantine
from ledger.tables import inbox, outbox
from tests.builders import with_directory
from tests.fuzz.mails import corpus, mutant
from tests.mailing import MAILBOX, REQUEST, box_of, mail
from tests.schema_check import broken_promises
from workers.app import App
from workers.bootstrap import build, read_settings
from workers.letterbox import Letterbox
from workers.mail_intake import take

SEED = os.environ.get("TORITSUGI_TEST_SEED")  # noqa: TID251  (to do again what a run has found)
USUAL = 20_261_128
BATCH = 50
CHECK, FUZZ = 6, 820
"""Batches."""
LONGEST_S = 5.0
"""Of the processor's time; a mail of these takes milliseconds."""
ENDS = {"recorded", "attached", "ignored", "quarantined"}


@pytest.fixture
def app(tmp_path: Path, embedded_redis_url: str) -> Iterator[App]:
    """Give an app on SQLite that has taken in a first mail and sent another."""
    told = read_settings(var=tmp_path, redis_url=embedded_redis_url, mailbox=MAILBOX)
    opened = build(told, "test")
    with_directory(opened.store, opened.vault)
    first = take(opened, box_of(opened.letterbox), mail(number="m0"))
    opened.store.write(
        lambda db: mails.keep(
            db,
            opened.vault,
            b"out",
            way="out",
            message_id="out@toritsugi.example",
            request=first.request,
            state="recorded",
        )
    )
    yield opened
    opened.close()


def boxes(app: App) -> tuple[Letterbox, Letterbox]:
    """Give the mailbox, and one where everybody is believed: more gets further there."""
    strict = box_of(app.letterbox)
    return strict, replace(strict, trusts=None)


def dealt(app: App, number: int) -> str:
    """Have a mail come in, and see that nothing of it is lost; give what became of it."""
    raw = mutant(number)
    begun = time.process_time()
    state = take(app, boxes(app)[number % 2], raw, whole=number % 17 != 0)
    assert time.process_time() - begun < LONGEST_S, number
    assert state.state in ENDS
    which = mails.mail_id(raw, "in")
    assert app.store.read(lambda db: mails.raw(db, app.vault, which)) == raw
    assert app.store.read(lambda db: mails.standing(db, which)) == state
    if state.state == "recorded":
        sealed = select(inbox.c.request).where(inbox.c.request == state.request)
        assert app.store.read(lambda db: db.execute(sealed).first()) is not None
    return state.state


def fuzz(app: App, batches: int, number: int) -> set[str]:
    """Deal with so many batches; what breaks is told with the numbers of its mails."""
    seen: set[str] = set()

    @seed(number)
    @settings(
        max_examples=batches,
        derandomize=False,
        database=None,
        deadline=None,
        print_blob=True,
        report_multiple_bugs=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(st.integers(0, 2**40), min_size=BATCH, max_size=BATCH))
    def run(numbers: Sequence[int]) -> None:
        seen.update(dealt(app, one) for one in numbers)

    try:
        run()
    except BaseException as error:
        error.add_note(f"TORITSUGI_TEST_SEED={number} finds it again")
        raise
    assert list(app.store.read(mails.kept)) == []
    bodies = app.store.read(lambda db: db.execute(select(outbox.c.body)).scalars().all())
    assert broken_promises(bodies) == []
    assert broke(app) == []
    return seen


def broke(app: App) -> list[str]:
    """Give what was put away because dealing with it broke, but for mails too deep to read."""
    return [
        one.message
        for one in app.store.read(quarantine.kept)
        if "could not be dealt with" in one.message and "RecursionError" not in one.message
    ]


def test_mutated_mails_end_somewhere(app: App) -> None:
    """Some hundreds, the same each time: none crashes, hangs or is dropped."""
    assert fuzz(app, CHECK, USUAL) == ENDS


@pytest.mark.fuzz
@pytest.mark.timeout(7_200)
def test_many_mutated_mails_end_somewhere(app: App) -> None:
    """Forty thousand, others each time."""
    assert fuzz(app, FUZZ, int(SEED) if SEED else secrets.randbelow(2**32)) == ENDS


def test_chance_makes_what_it_should() -> None:
    """What chance begins with can all be read, and much of what it makes."""
    assert [raw for raw in corpus() if not isinstance(parse_mail(raw)[0].outcome, Incoming)] == []
    read = [isinstance(parse_mail(mutant(n))[0].outcome, Incoming) for n in range(400)]
    assert 0.3 < sum(read) / len(read) < 0.95
    assert mutant(7) == mutant(7)


HUGE = 200_000
SLOW = {
    "tags": ("text/html", "<a "),
    "open quotes": ("text/html", "<a b='"),
    "comments": ("text/html", "<!--"),
    "declarations": ("text/html", "<![CDATA["),
    "ends": ("text/html", "</"),
    "soft lines": ("text/plain; format=flowed", "a \n"),
    "labels": ("text/plain", "a:\n"),
    "colons": ("text/plain", ":"),
    "escapes": ("text/plain", "\x1b$B"),
    "dates": ("text/plain", "2026年1月1日 1:11 <\n"),
    "borders": ("multipart/mixed; boundary=b", "\n--b\n"),
    "secrets": ("text/plain", "access id 1 "),
    "headers": ("text/plain\nX: y", "\nX: y"),
    "parameters": ("text/plain", "; a=b"),
    "words": ("text/plain\nSubject: x", " =?utf-8?b?"),
    "comments of results": (f"text/plain\n{mail().split(b';')[0].decode()}; x=y ", "("),
}


@pytest.mark.parametrize("what", SLOW)
def test_much_of_one_kind_takes_no_longer_than_its_length(app: App, what: str) -> None:
    """A mail that is made to take long takes a moment, whatever it repeats."""
    kind, piece = SLOW[what]
    repeated = piece * (HUGE // len(piece))
    in_header = what in {"headers", "parameters", "words", "comments of results"}
    head = f"From: a@b.example\nContent-Type: {kind}{repeated if in_header else ''}\n\n"
    raw = (head + (REQUEST if in_header else repeated)).encode()
    begun = time.process_time()

    assert take(app, boxes(app)[1], raw).state in ENDS
    parse_mail(raw)

    assert time.process_time() - begun < LONGEST_S
