"""A mail in quarantine is released on a person's word: its sender is believed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger import mails, quarantine
from ledger.mails import Standing
from sandbox.server import SandboxServer
from tests.builders import AGENT, PARTNER
from tests.driving import Driver, new_app
from tests.mailing import MAILBOX, REQUEST, box_of, mail
from workers.mail_intake import take
from workers.quarantine import NotEnded, Released, Repaired, release
from workers.settle import Word

WORD = Word("sato", "asked by phone")
FORGED = "Authentication-Results: mx.toritsugi.example; dmarc=fail header.from=contoso.example"


@pytest.fixture(name="post")
def _post(
    tmp_path: Path, database_url: str, embedded_redis_url: str, sandbox: SandboxServer
) -> Iterator[Driver]:
    app = new_app(tmp_path, database_url, embedded_redis_url, sandbox, mailbox=MAILBOX)
    yield Driver(app, sandbox)
    app.close()


def came(post: Driver, raw: bytes) -> Standing:
    """Take a mail in."""
    return take(post.app, box_of(post.app.letterbox), raw)


def released(post: Driver, repaired: Repaired | None = None) -> Released:
    """Release the mail that came last."""
    *_, last = post.app.store.read(quarantine.kept)
    return release(post.app, last.id, WORD, repaired)


def test_a_mail_nobody_vouched_for_becomes_its_senders_request(post: Driver) -> None:
    """It is read as mails are: the sender is the agent, and the mail belongs to the request."""
    raw = mail(REQUEST, vouched=FORGED)
    assert came(post, raw).state == "quarantined"

    found = released(post)
    post.settle()

    assert post.story(found.request).line.source == f"mailto:{AGENT}"
    assert post.story(found.request).line.partner == PARTNER
    assert post.story(found.request).line.state == "submitted"
    which = mails.mail_id(raw, "in")
    standing = post.app.store.read(lambda db: mails.standing(db, which))
    assert standing == Standing("recorded", found.request, "released")
    assert came(post, raw) == standing


def test_an_answer_nobody_vouched_for_completes_its_request(post: Driver) -> None:
    """By its thread; no second request comes of it."""
    first = came(post, mail(REQUEST.replace("サービス契約への同意： 同意する\n", "")))
    post.settle()
    answer = mail(
        "サービス契約への同意： 同意する\n",
        "In-Reply-To: <m1@contoso.example>",
        number="m2",
        vouched=FORGED,
    )
    assert came(post, answer).state == "quarantined"

    found = released(post)
    post.settle()

    assert found.request == first.request
    assert post.story(found.request).line.state == "submitted"


def test_an_answer_that_brings_nothing_stays(post: Driver) -> None:
    """The words say of which request, and why."""
    first = came(post, mail(REQUEST))
    post.settle()
    answer = mail("Thanks", "In-Reply-To: <m1@contoso.example>", number="m2", vouched=FORGED)
    assert came(post, answer).state == "quarantined"

    with pytest.raises(NotEnded) as caught:
        released(post)
    assert str(first.request) in caught.value.faults[0].message
