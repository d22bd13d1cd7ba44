"""What may be shown, and what must stay readable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.redaction import _PATTERNS, MASK, redact, redact_text

SECRET = "0230242323"


@pytest.mark.parametrize(
    "text",
    [
        f"access id: {SECRET}",
        f"Access ID is {SECRET}.",
        f"アクセス ID：{SECRET}",
        f"アクセスＩＤは{SECRET}です",
        f"契約 ID（{SECRET}）",
        f"コントラクト ID = 「{SECRET}」",
        f"{SECRET} (Access ID)",
        f'{{"accessId": "{SECRET}"}}',
        f"access_id={SECRET}&x=1",
        f"contract-id\n{SECRET}",
        f"アクセス ID と契約 ID: 0012345678 / {SECRET}",
        f"Bearer {SECRET}abc.def",
        f"Authorization: Basic {SECRET}",
        f"password={SECRET}",
        f"client_secret: '{SECRET}'",
        f"パスワード：{SECRET}",
        f"https://x.example/?api_key={SECRET}",
        f"redis://:{SECRET}@host:6379/0",
        f"postgresql://user:p@{SECRET}@host/db",
        f"gAAAAABk{SECRET}" + "x" * 60,
        f"eyJhbGciOiJIUzI1NiJ9.{SECRET}.abc",
    ],
)
def test_secrets_in_text_are_masked(text: str) -> None:
    """A secret is masked wherever a word or its shape gives it away."""
    assert SECRET not in redact_text(text)
    assert MASK in redact_text(text)


def test_spaced_and_full_width_digits_are_masked() -> None:
    """An id is an id however it is typed."""
    assert redact_text("Access ID 0230 242 323 ok") == f"Access ID {MASK} ok"
    assert redact_text("アクセス ID：０２３０２４２３２３") == f"アクセス ID：{MASK}"


@pytest.mark.parametrize(
    "text",
    [
        "ticket 120101234567890 was filed",
        "access id not found for ticket 120101234567890",
        "電話 03-1234-5678、090-1234-5678、+81312345678",
        "TR-37SN0B7PXSDJ5KD3",
        "contract gold-2026 has 12 incidents",
        "2026-11-22T06:15:00Z",
        "https://portal.example/tickets/120101234567890?x=a@b.example",
        "アクセス ID を忘れました。連絡先は 0312345678 です",
        "1f0c7a52-0000-4000-8000-000000000001",
    ],
)
def test_everything_else_stays(text: str) -> None:
    """Ticket numbers, telephone numbers and our own numbers can still be read."""
    assert redact_text(text) == text


@pytest.mark.parametrize(
    "name",
    [
        "access_id",
        "accessId",
        "ACCESS-ID",
        "アクセス ＩＤ",
        "契約ID",
        "x-api-key",
        "clientSecret",
        "smtp_password",
        "Set-Cookie",
        "Authorization",
        "token",
        "webhook_secret",
    ],
)
def test_secret_fields_are_masked(name: str) -> None:
    """A secret's name is known in every spelling, whatever its value is."""
    assert redact({"a": [{name: SECRET}]}) == {"a": [{name: MASK}]}
    assert redact({name: 12}) == {name: MASK}
    assert redact({name: [SECRET]}) == {name: MASK}


def test_structure_stays() -> None:
    """Containers keep their shape, numbers and truths their value."""
    value = {"n": 1, "b": True, "none": None, "token": None, "t": ("x", 2), "contract": "gold"}
    assert redact(value) == value
    assert redact({"raw": b"access id: 0230242323"}) == {"raw": f"access id: {MASK}"}


def test_what_contains_itself_ends() -> None:
    """A log line must never hang on what it is given."""
    loop: list[object] = []
    loop.append(loop)
    assert MASK in str(redact(loop))


@given(st.text())
def test_masking_twice_changes_nothing(text: str) -> None:
    """Logs mask what events have masked before."""
    once = redact_text(text)
    assert redact_text(once) == once


PIECES = st.sampled_from(
    [
        "access",
        "ID",
        "アクセス",
        "契約",
        "ＩＤ",
        "token",
        "=",
        ": ",
        "はBearer ",
        "sig=",
        "eyJ",
        "://",
    ]
)


@given(st.lists(PIECES | st.text(max_size=12) | st.from_regex(r"\d{9,12}"), max_size=8))
def test_letting_most_texts_through_at_once_misses_nothing(pieces: list[str]) -> None:
    """The quick look says no only where no pattern would have found anything."""
    text = slow = "".join(pieces)
    for pattern, replacement in _PATTERNS:
        slow = pattern.sub(replacement, slow)

    assert redact_text(text) == slow
