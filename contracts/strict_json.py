"""JSON without room for two readings: no key twice, no NaN, UTF-8 only, nesting bounded.

Every error names line and column; no error shows the text around it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

import orjson

from contracts.malformed import Fault, Malformed

DEEPEST = 64
_BOM = b"\xef\xbb\xbf"
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]')
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_WHY = {
    "depth limit exceeded": f"is nested deeper than {DEEPEST} levels; flatten it",
    "no low surrogate in string": "holds half of a character (a lone surrogate); send it whole",
    "trailing comma is not allowed": "has a comma too many; remove it",
    "unexpected end of data": "ends in the middle; send it whole",
}


class _KeyTwice(Exception):
    """An object has a key twice."""


def parse(raw: bytes, limit: int) -> Any:  # noqa: ANN401 (any JSON value)
    """Raise Malformed `too_large` or `not_json`."""
    if len(raw) > limit:
        size = f"has {len(raw):,} bytes; at most {limit:,} are taken: send files by their address"
        raise Malformed("too_large", Fault("", size))
    raw = raw.removeprefix(_BOM)
    _check_syntax(raw)
    text = raw.decode()
    _check_depth(text)
    _check_nul(text)
    try:
        return json.loads(text, object_pairs_hook=_object)
    except _KeyTwice:
        _refuse(text, _second_key(text), "has a key for the second time; keep one of them")


def _check_syntax(raw: bytes) -> None:
    try:
        orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise Malformed("not_json", Fault(place, _why(raw, error.msg))) from None


def _why(raw: bytes, reason: str) -> str:
    if not raw.strip():
        return "is empty; send a JSON object"
    if "UTF-8" in reason:
        return "is not UTF-8; encode the text as UTF-8"
    return _WHY.get(reason, f"is not JSON ({reason}); correct it there")


def _check_depth(text: str) -> None:
    if text.count("{") + text.count("[") <= DEEPEST:
        return
    depth = 0
    for token in _TOKEN.finditer(text):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(token[0], 0)
        if depth > DEEPEST:
            _refuse(text, token.start(), _WHY["depth limit exceeded"])


def _check_nul(text: str) -> None:
    # Databases cannot keep this character in text.
    found = _NUL.search(text) if "\\u0000" in text else None
    if found is not None:
        _refuse(text, found.start(), "holds the character U+0000; remove it")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _KeyTwice
    return found


def _second_key(text: str) -> int:
    """Give the position of the first key that its object already has."""
    seen: list[set[str]] = []
    for key, at in _keys(text, seen):
        if key in seen[-1]:
            return at
        seen[-1].add(key)
    return 0


def _keys(text: str, seen: list[set[str]]) -> Iterator[tuple[str, int]]:
    """Walk valid JSON; `seen` is kept as the stack of open objects and lists."""
    last: re.Match[str] | None = None
    for token in _TOKEN.finditer(text):
        if token[0] in "{[":
            seen.append(set())
        elif token[0] in "}]":
            seen.pop()
        elif token[0] == ":" and last is not None:
            yield json.loads(last[0]), last.start()
        last = token


def _refuse(text: str, at: int, message: str) -> NoReturn:
    line = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1) + 1
    raise Malformed("not_json", Fault(f"line {line}, column {column}", message))
