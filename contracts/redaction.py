"""What may be shown: secrets are replaced by *** by field name and by pattern.

Pure, idempotent, never raises. Ticket numbers, telephone numbers and request numbers stay.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

MASK = "***"
_DEEPEST = 100

# Folded: lower case, full width made narrow, no blanks, hyphens or underscores.
SECRET_FIELDS = frozenset(
    {
        "accessid", "contractid", "accountkey", "apikey", "authorization", "clientsecret",
        "connectionstring", "cookie", "credential", "credentials", "encryptionkey", "fernetkey",
        "passphrase", "passwd", "password", "privatekey", "proxyauthorization", "pwd", "secret",
        "secretkey", "setcookie", "sharedkey", "signingkey", "token",
        "アクセスid", "契約id", "コントラクトid", "パスワード",
    }
)  # fmt: skip
_SECRET_ENDINGS = ("password", "secret", "token", "apikey", "cookie", "authorization", "accessid")

# Words that stand beside an id in prose, and what may stand between word and id.
_WORD = r"(?:(?:access|contract)[ _-]?id|(?:アクセス|契約|コントラクト)[ _\u3000]*[IiＩｉ][DdＤｄ])"
_BETWEEN = r"[\s\"'`*=:：はis（(\[【「』）)\]】」]{0,12}(?:それぞれ\s?)?"
_SIGN = r"[\"'\s]{0,3}[=:：][\"'\s]{0,3}"
_DIGITS = r"\d[\d \u3000‐－-]{4,22}\d(?:[\s/、,・と]{1,5}\d{9,12}(?!\d))*"
_KEY = (
    r"(?:passw(?:or)?d|pwd|secret|token|api[_-]?key|account[_-]?key|cookie|authorization"
    r"|パスワード|\bsig)"
)
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), replacement)
    for pattern, replacement in (
        (r"\bgAAAA[\w-]{40,}={0,2}", MASK),  # Fernet
        (r"\b(?:tsk|whsec)_[\w+/-]{16,}={0,2}", MASK),  # what senders prove themselves with
        (r"\beyJ[\w-]{5,4096}\.[\w-]{2,4096}\.[\w-]*", MASK),  # JSON Web Token
        (r"(?<=://)[^\s/?#@:]*:[^\s/?#]*@", f"{MASK}@"),
        (r"\b(bearer)\s{1,9}[\w.~+/=-]{6,}", rf"\1 {MASK}"),
        (rf"({_WORD}{_BETWEEN}){_DIGITS}", rf"\1{MASK}"),
        (rf"(?<!\d)\d{{9,12}}(?!\d)(\s?[(（]\s?{_WORD})", rf"{MASK}\1"),
        (rf"({_WORD}{_SIGN})[\w-]+", rf"\1{MASK}"),
        (rf"({_KEY}{_SIGN}(?:(?:bearer|basic)\s+)?)[^\s\"'&;,]+", rf"\1{MASK}"),
    )
)


def redact(value: Any, depth: int = 0) -> Any:  # noqa: ANN401 (any JSON-like value)
    """Copy of `value` that may be shown; None, numbers and booleans stay as they are."""
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, bytes | bytearray):
        return redact_text(value.decode("utf-8", "backslashreplace"))
    if isinstance(value, Mapping | list | tuple | set | frozenset):
        return MASK if depth > _DEEPEST else _redact_parts(value, depth + 1)
    return value


def _redact_parts(value: Mapping[Any, Any] | Collection[Any], depth: int) -> object:
    if isinstance(value, Mapping):
        return {name: _field(name, part, depth) for name, part in value.items()}
    parts = [redact(part, depth) for part in value]
    return tuple(parts) if isinstance(value, tuple) else parts


_TRIGGER = re.compile(
    r"access|contract|アクセス|契約|コントラクト|passw|pwd|secret|token|api[_-]?key|account[_-]?key"
    r"|cookie|authorization|パスワード|sig|bearer|gaaaa|eyj|tsk_|whsec_|://",
    re.IGNORECASE,
)
"""Each pattern needs one of these; most texts have none, and are let through at once."""


def redact_text(text: str) -> str:
    if _TRIGGER.search(text) is None:
        return text
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def _field(name: object, value: object, depth: int) -> object:
    if value is None or isinstance(value, bool):
        return value
    return MASK if isinstance(name, str) and is_secret_field(name) else redact(value, depth)


@lru_cache(maxsize=2_048)
def is_secret_field(name: str) -> bool:
    folded = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", name)).lower()
    return folded in SECRET_FIELDS or folded.endswith(_SECRET_ENDINGS)
