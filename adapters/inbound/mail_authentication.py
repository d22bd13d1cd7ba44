"""Whether a mail is its sender's, as our own mail server found it (RFC 8601).

Only the topmost result of the server that is trusted counts; whatever cannot be read proves
nothing. Never looks at a signature itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

EXCHANGE_ONLINE = "exchange-online"
"""Writes its results without a name, and says of mails of its own people that they signed in."""
_LONGEST = 8_000
_PIECE = re.compile(r'"((?:[^"\\]|\\.)*)"|([;=()])|([^\s;=()"]+)')
_METHOD = re.compile(r"([a-z][a-z0-9-]*)(?:/\d+)?", re.IGNORECASE)
_PROVES = {"dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",)}
"""Methods that prove a domain, and the properties that name it."""


@dataclass(frozen=True, slots=True)
class Result:
    """One method's word: `dkim`, `pass`, and what it was found for."""

    method: str
    word: str
    properties: tuple[tuple[str, str], ...]

    def domains(self, *names: str) -> Iterator[str]:
        for name, value in self.properties:
            if name in names:
                yield value.rpartition("@")[2].rstrip(".").lower()


def is_authentic(
    sender: str, results: Sequence[str], internal: Sequence[str], trusted: str
) -> bool:
    """Whether the trusted server vouches that the sender's domain sent this."""
    domain = sender.rpartition("@")[2]
    if trusted == EXCHANGE_ONLINE and [word.lower() for word in internal] == ["internal"]:
        return True
    found = _topmost(results, trusted)
    return found is not None and any(_speaks_for(result, domain) for result in found)


def _speaks_for(result: Result, domain: str) -> bool:
    if result.word != "pass":
        return False
    if result.method == "dmarc":
        return [*result.domains("header.from")] == [domain]
    named = result.domains(*_PROVES.get(result.method, ()))
    # A part of a domain may belong to somebody else than the whole: only the other way round.
    return any(domain == one or ("." in one and domain.endswith(f".{one}")) for one in named)


def _topmost(results: Sequence[str], trusted: str) -> list[Result] | None:
    """Give what the trusted server found last; None if it said nothing, or nothing readable."""
    nameless = trusted == EXCHANGE_ONLINE
    for text in results:
        try:
            name, found = read_results(text, nameless=nameless)
        except ValueError:
            return None  # it may be our server's: what stands below it may be anybody's
        if nameless or name == trusted.lower():
            return found
    return None


def read_results(text: str, *, nameless: bool = False) -> tuple[str, list[Result]]:
    """Read a header: the server's name, then each method's result; raise ValueError."""
    if len(text) > _LONGEST:
        raise ValueError("is longer than a server writes")
    statements = [part for part in _statements(text) if part]
    name = "" if nameless else _server(statements)
    read = (_result(one) for one in statements[not nameless :])
    return name, [one for one in read if one is not None]


def _server(statements: list[list[str]]) -> str:
    if not statements or "=" in statements[0] or len(statements[0]) > len(("name", "version")):
        raise ValueError("does not begin with a server's name")
    return statements[0][0].lower()


def _statements(text: str) -> Iterator[list[str]]:
    """Give the words between the semicolons; comments, which may nest, are left out."""
    words: list[str] = []
    for word in _words(text):
        if word == ";":
            yield words
            words = []
        else:
            words.append(word)
    yield words


def _words(text: str) -> Iterator[str]:
    at, depth = 0, 0
    while at < len(text):
        if depth:
            step, depth = _in_comment(text, at, depth)
            at += step
            continue
        found = _PIECE.match(text, at)
        if found is None:
            if not text[at].isspace():
                raise ValueError("has a quotation mark without another")
            at += 1
            continue
        at = found.end()
        quoted, sign, plain = found.groups()
        if sign == ")":
            raise ValueError("ends a comment that did not begin")
        if sign == "(":
            depth = 1
        else:
            yield sign or plain or _unquoted(quoted or "")
    if depth:
        raise ValueError("has a comment without an end")


def _in_comment(text: str, at: int, depth: int) -> tuple[int, int]:
    if text[at] == "\\":
        return 2, depth
    return 1, depth + {"(": 1, ")": -1}.get(text[at], 0)


def _unquoted(text: str) -> str:
    """Give a quoted word; a sign within quotation marks is no sign."""
    word = re.sub(r"\\(.)", r"\1", text)
    return f" {word}" if word in {";", "=", ""} else word


def _result(words: list[str]) -> Result | None:
    """Give None for a statement that cannot be read: it proves nothing."""
    pairs = _pairs(words)
    named = _METHOD.fullmatch(pairs[0][0]) if pairs else None
    if named is None or not pairs:
        return None
    properties = tuple((name.lower(), value) for name, value in pairs[1:])
    return Result(named[1].lower(), pairs[0][1].lower(), properties)


def _pairs(words: list[str]) -> list[tuple[str, str]]:
    """Take the words apart as name=value; empty if they are anything else."""
    threes = [words[at : at + 3] for at in range(0, len(words), 3)]
    fit = all(
        len(three) == len("a=b") and three[1] == "=" and "=" not in (three[0], three[2])
        for three in threes
    )
    return [(three[0], three[2]) for three in threes] if fit else []
