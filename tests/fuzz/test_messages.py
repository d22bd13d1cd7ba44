"""Mutated messages of streams, queues and files: whatever comes, it is kept and answered."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from sqlalchemy import select

from adapters.inbound.event import parse_event
from adapters.inbound.files import read_file
from contracts.incoming import Incoming, Parsed
from ledger import quarantine
from ledger.tables import inbox, outbox
from ledger.tables import quarantine as rows
from ops.excerpts import excerpt
from ops.message_text import shown
from tests.fuzz.mutations import Mutant, mutant
from tests.schema_check import broken_promises
from workers.app import App
from workers.bootstrap import build, read_settings
from workers.quarantine import NotEnded, came, release
from workers.record import Receipt, record
from workers.settle import Word

SEED = os.environ.get("TORITSUGI_TEST_SEED")  # noqa: TID251  (to do again what a run has found)
USUAL = 20_261_128
BATCH = 50
"""Messages that come at once, as they do from a stream."""
CHECK, FUZZ = 8, 700
"""Batches."""
LOOKS = 2
"""How many of a batch are looked at as people do; it takes longer than taking them in."""
VERDICTS = {"new", "completed", "repeat", "reused", "unreadable"}


@pytest.fixture
def app(tmp_path: Path, embedded_redis_url: str) -> Iterator[App]:
    """Give an app on SQLite."""
    opened = build(read_settings(var=tmp_path, redis_url=embedded_redis_url), "test")
    yield opened
    opened.close()


def parsed(one: Mutant, app: App) -> list[Parsed]:
    """Read a message as its way does."""
    if one.channel == "file":
        return read_file(one.name, one.raw)
    return parse_event(one.raw, limit=app.limits.message_bytes)


def take(app: App, numbers: Sequence[int]) -> None:
    """Have these messages come in, and see that nothing of them is lost."""
    made = [mutant(number) for number in numbers]
    for channel in ("stream", "amqp", "file"):
        mutants = [one for one in made if one.channel == channel]
        batch = [item for one in mutants for item in parsed(one, app)]
        assert channel == "file" or len(batch) == len(mutants)
        receipts = record(app, channel, batch)
        assert len(receipts) == len(batch)
        assert all(one.verdict in VERDICTS for one in receipts)
        held = kept(app, receipts)
        for item, receipt in zip(batch, receipts, strict=True):
            assert held[receipt.quarantine or receipt.request or ""] == item.raw or (
                receipt.verdict == "repeat"  # of which the first is kept
            )
        for receipt in [one for one in receipts if one.quarantine is not None][:LOOKS]:
            look(app, receipt.quarantine or "")


def kept(app: App, receipts: Sequence[Receipt]) -> dict[str, bytes]:
    """Give the bytes that can be had back, as those of a request or from quarantine."""
    ids = {one.quarantine or one.request for one in receipts}
    queries = (
        select(inbox.c.request, inbox.c.raw_sealed).where(inbox.c.request.in_(ids)),
        select(rows.c.id, rows.c.raw_sealed).where(rows.c.id.in_(ids)),
    )
    found = app.store.read(lambda db: [row for query in queries for row in db.execute(query)])
    return {str(number): app.vault.open(sealed) for number, sealed in found}


def look(app: App, which: str) -> None:
    """Show a message as people see it, and release it as it came: neither may break."""
    line = app.store.read(lambda db: quarantine.one(db, which))
    raw = app.store.read(lambda db: quarantine.raw(db, app.vault, which))
    assert line is not None
    assert raw is not None
    text = shown(came(line), raw)
    for place in (line.place or "", *line.message.split(": ")):
        if (spot := text.spot(place)) is not None:
            assert len(excerpt(text, spot)) <= 4
    try:
        release(app, which, Word("test", "as it came"))
    except NotEnded as error:
        assert "still refused" in str(error)  # noqa: PT017  (either is right)


def fuzz(app: App, batches: int, number: int, caplog: pytest.LogCaptureFixture) -> None:
    """Take so many batches; what breaks is told with the numbers of its messages."""

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
    def run(numbers: list[int]) -> None:
        take(app, numbers)
        caplog.clear()  # or it grows to gigabytes

    try:
        run()
    except BaseException as error:
        error.add_note(f"TORITSUGI_TEST_SEED={number} finds it again")
        raise
    bodies = app.store.read(lambda db: db.execute(select(outbox.c.body)).scalars().all())
    assert len(bodies) > batches
    assert broken_promises(bodies) == []


def test_mutated_messages_are_kept_and_answered(app: App, caplog: pytest.LogCaptureFixture) -> None:
    """Some hundreds, the same each time: none crashes, hangs or is dropped."""
    fuzz(app, CHECK, USUAL, caplog)


@pytest.mark.fuzz
@pytest.mark.timeout(3_600)
def test_many_mutated_messages_are_kept_and_answered(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:
    """Some ten thousands, others each time."""
    fuzz(app, FUZZ, int(SEED) if SEED else secrets.randbelow(2**32), caplog)


def test_chance_makes_what_it_should() -> None:
    """Enough of what is made can be read, and enough cannot: else nothing would be shown."""
    made = [mutant(number) for number in range(400)]
    events = [parse_event(one.raw)[0].outcome for one in made if one.channel != "file"]
    readable = sum(isinstance(one, Incoming) for one in events) / len(events)
    assert 0.1 < readable < 0.6
    assert {one.channel for one in made} == {"stream", "amqp", "file"}
    assert mutant(7) == mutant(7)
