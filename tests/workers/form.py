"""Fills in the form as a browser without JavaScript does, for tests."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from secrets import token_hex
from typing import Any

import httpx
from sqlalchemy import func, select

from ledger.tables import quarantine, requests
from tests.builders import AGENT, PARTNER
from tests.driving import Driver

KEY = "0123456789abcdef0123456789abcdef"
SEND = {"go": "send"}
NUMBER = re.compile(r"TR-[0-9A-Z]{16}")
KEY_FIELD = re.compile(r'name="key" value="([0-9a-f]{32})"')
CONTROL = re.compile(r'<(?:input(?! type="hidden")|select|textarea)[^>]* name="([\w.]+)"')
ERROR = re.compile(r'<p class="error" id="f-([\w-]+)-error">([^<]+)</p>')

TYPED = {
    "partner": PARTNER,
    "agent": AGENT,
    "whose": "own",
    "kind": "technical",
    "product": "Exchange Server Subscription Edition (SE)",
    "title": "データベース可用性グループが停止する",
    "description": "更新プログラムの適用後、DAG のメンバーが切り離されます。",
    "problem_type": "高可用性",
    "category": "DAG",
    "consents.services_agreement": "yes",
}
"""What a request on an installed product needs, of an agent with a contract."""
Files = Sequence[tuple[str, bytes]]


def key_of(page: str) -> str:
    """Give the key a page would send."""
    found = KEY_FIELD.search(page)
    assert found is not None
    return found[1]


def asks(page: str) -> set[str]:
    """Give the names of all controls of a page that can be seen."""
    return set(CONTROL.findall(page))


def errors(page: str) -> dict[str, str]:
    """Give what a page says beside its fields."""
    return {name: text.strip() for name, text in ERROR.findall(page)}


def typed(**fields: Any) -> dict[str, str]:
    """Give a whole form; None leaves a field out, `__` stands for a dot."""
    wanted = {name.replace("__", "."): value for name, value in fields.items()}
    whole: dict[str, Any] = {**TYPED, **wanted}
    return {name: value for name, value in whole.items() if value is not None}


def post(
    web: httpx.Client,
    values: Mapping[str, str],
    *,
    to: str = "/form",
    files: Files = (),
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    """Post a form as browsers do, from a page of the same origin."""
    whole = {"key": token_hex(16), **values}
    parts: list[tuple[str, Any]] = [(name, (None, value)) for name, value in whole.items()]
    parts += [("attachments", (name, octets, "text/plain")) for name, octets in files]
    parts += [] if files else [("attachments", ("", b"", "application/octet-stream"))]
    own = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "ja", "Connection": "close"}
    return web.post(to, files=parts, headers={**own, **(headers or {})})


def count(driver: Driver) -> tuple[int, int]:
    """Give how many requests there are, and messages in quarantine."""

    def read(db: Any) -> tuple[int, int]:
        numbers = [
            db.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (requests, quarantine)
        ]
        return numbers[0], numbers[1]

    return driver.app.store.read(read)


def number_in(answer: httpx.Response) -> str:
    """Give the number that a sent form leads to."""
    found = NUMBER.search(answer.headers.get("Location", ""))
    assert (answer.status_code, found is not None) == (303, True), errors(answer.text)
    assert found is not None
    return found[0]
