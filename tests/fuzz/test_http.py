"""Whatever is posted is answered, kept where it was read and refused, and tells no secret."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import CHECKS as ALL
from schemathesis.core.result import Ok
from typing_extensions import override

from ledger import quarantine
from sandbox.server import SandboxServer
from tests.driving import new_app
from tests.fuzz.http_messages import ACCESS_ID, CONTRACT_ID, Message, messages
from tests.senders import key_of, secret_of
from workers.app import App
from workers.listeners.http.application import create

SEED = int(os.environ.get("TORITSUGI_TEST_SEED") or 5)  # noqa: TID251  (to do again what was found)
MANY = pytest.mark.parametrize(
    "number", [200, pytest.param(15_000, marks=[pytest.mark.fuzz, pytest.mark.timeout(3_600)])]
)
SOME = pytest.mark.parametrize(
    "number", [30, pytest.param(1_500, marks=[pytest.mark.fuzz, pytest.mark.timeout(3_600)])]
)
PROMISES = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
"""What schemathesis compares; it knows them by name once a document was read."""
ANSWERED = {
    "too_many", "unknown_format", "unknown_encoding", "no_key", "invalid_parameter",
}  # fmt: skip
"""Refused with a reason, before anything was made of what was sent: not kept."""


class Heard(logging.Handler):
    """Remembers what was logged, as it would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(f"{record.getMessage()} {record.args} {record.exc_info}")


@pytest.fixture(name="app")
def _app(tmp_path: Path, embedded_redis_url: str) -> Iterator[App]:
    """Give an app on SQLite that nobody slows down."""
    with SandboxServer() as sandbox:
        url = f"sqlite:///{tmp_path / 'ledger.db'}"
        app = new_app(tmp_path, url, embedded_redis_url, sandbox, sender_per_s=100_000)
        yield app
        app.close()


@pytest.fixture(name="heard")
def _heard() -> Iterator[Heard]:
    handler = Heard()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


def settled(number: int) -> settings:
    """Give how inputs are drawn: so many, as long as each takes, never kept between runs."""
    return settings(
        max_examples=number,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.parametrize("registered", [False, True], ids=["open", "registered"])
@MANY
def test_any_message_is_answered(app: App, heard: Heard, *, registered: bool, number: int) -> None:
    """No 5xx; what was read and refused is in quarantine; no secret in an answer or a log."""
    key = key_of(app)
    secret_of(app, "erp", "urn:erp")
    api = create(replace(app, registered=registered))

    @seed(SEED)
    @settled(number)
    @given(message=messages())
    def check(message: Message) -> None:
        heard.said.clear()
        shown = {name: value.replace("KEY", key) for name, value in message.headers.items()}
        answer = loop.run(post(web, replace(message, headers=shown)))
        judge(app, answer)
        told = answer.text + " ".join(heard.said)
        assert not [secret for secret in (ACCESS_ID, CONTRACT_ID, key) if secret in told]

    transport = httpx.ASGITransport(api, raise_app_exceptions=False)
    web = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")
    with asyncio.Runner() as loop:
        check()
        loop.run(web.aclose())


async def post(web: httpx.AsyncClient, message: Message) -> httpx.Response:
    """Post it, its headers as the bytes that they are."""
    headers = [(name.encode(), value.encode("latin-1")) for name, value in message.headers.items()]
    return await web.post("/v1/requests", content=message.body, headers=headers)


def judge(app: App, answer: httpx.Response) -> None:
    """Look at one answer, or at each item of a batch."""
    document = answer.json()
    assert answer.status_code < 500, document
    items = document if isinstance(document, list) else [{"body": document}]
    for body in (one["body"] for one in items):
        if "request" in body:
            continue
        assert body["detail"]
        which = body.get("quarantine")
        assert (body["code"] in ANSWERED) == (which is None), body
        if which is not None:
            assert is_kept(app, which)


def is_kept(app: App, which: str) -> bool:
    """Whether the message is in quarantine, and can be had back."""
    return app.store.read(lambda db: quarantine.raw(db, app.vault, which)) is not None


@SOME
def test_the_document_keeps_its_word(app: App, number: int) -> None:
    """Every answer to every call that the document describes is as it says."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", create(app))
    promises: list[Any] = ALL.get_by_names(PROMISES)
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @seed(SEED)
        @settled(number)
        @given(case=operation.as_strategy())
        def check(case: schemathesis.Case[Any]) -> None:
            answer = case.call()
            assert answer.status_code < 500
            case.validate_response(answer, checks=promises)

        check()
