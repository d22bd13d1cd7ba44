"""Answers to what is missing that name no field."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from ledger.mails import Standing
from ledger.tables import mails as table
from sandbox.server import SandboxServer
from tests.driving import Driver, new_app
from tests.mailing import MAILBOX, came, lacking, mail
from workers.mail_reading import MOST_TAKEN


@pytest.fixture(name="post")
def _post(
    tmp_path: Path, database_url: str, embedded_redis_url: str, sandbox: SandboxServer
) -> Iterator[Driver]:
    app = new_app(tmp_path, database_url, embedded_redis_url, sandbox, mailbox=MAILBOX)
    yield Driver(app, sandbox)
    app.close()


def mails_of(post: Driver, request: str) -> list[str | None]:
    """Give the names of the mails that belong to a request."""
    query = select(table.c.message_id).where(table.c.request == request)
    return sorted(post.app.store.read(lambda db: db.execute(query).scalars()))


def asked(post: Driver) -> int:
    """Give how often it was told what is missing."""
    return post.types().count("request.incomplete")


def test_words_without_a_field_are_asked_about_again(post: Driver) -> None:
    """The request is decided anew, and so tells once more what is missing: once for each mail."""
    request = lacking(post)
    answer = mail("わかりました。", "In-Reply-To: <m1@contoso.example>", number="m2")

    assert came(post, answer) == Standing("recorded", request, "completed")
    assert came(post, answer + b"\r\n") == Standing("recorded", request, "repeat")
    post.settle()
    assert came(post, answer + b"\r\n\r\n") == Standing("recorded", request, "repeat")
    assert post.story(request).line.state == "incomplete"
    assert asked(post) == 2
    assert mails_of(post, request) == ["m1@contoso.example", *["m2@contoso.example"] * 3]


def test_words_alone_are_not_asked_about_for_ever(post: Driver) -> None:
    """A machine that answers each letter comes to an end; who names the field is heard."""
    request = lacking(post)
    again = "In-Reply-To: <m1@contoso.example>"
    for number in range(MOST_TAKEN):
        assert came(post, mail("はい。", again, number=f"w{number}")).why == "completed"
        post.settle()

    assert came(post, mail("はい。", again, number="late")) == Standing(
        "attached", request, "names no field"
    )
    assert came(post, mail("サービス契約への同意： はい", again, number="end")).why == "completed"
    post.settle()
    assert post.story(request).line.state == "submitted"


def test_a_machine_s_words_are_not_asked_about(post: Driver) -> None:
    """An absence note to what is missing leaves the request as it is."""
    request = lacking(post)
    note = mail("不在です。", "In-Reply-To: <m1@contoso.example>", "Auto-Submitted: auto-replied")

    assert came(post, note).state == "ignored"
    assert post.story(request).line.state == "incomplete"
    assert asked(post) == 1
