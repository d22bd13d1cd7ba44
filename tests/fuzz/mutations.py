"""Valid messages, and what chance makes of them: values of the wrong kind, bytes out of place.

A number stands for one message: what a run found is made again from it.
"""

from __future__ import annotations

import copy
import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.builders import ACCESS_ID, CONTRACT_ID, onprem_data
from tests.driving import event

DEEP = 3_000
WIDE = 20_000
STRAY: tuple[bytes, ...] = (
    b"\x00", b"\\u0000", b"\xef\xbb\xbf", b"\xff\xfe", b"\xff", b"\xc3", b"\xed\xa0\x80",
    b"\\ud800", b"\\", b'"', b"'", b"{", b"}", b"[", b"]", b",", b":", b"\n", b"\r\n", b"\t",
    b"\x1b$B", b"\x85", b"\xe2\x80\xa8", b"\xf0\x9f\x98\x80", b" " * WIDE,
    b"1e999999", b"-0", b"9" * 5_000, b"NaN", b"Infinity", b"null", b"true",
    b'"id":"1",', b"[" * DEEP, b'{"a":' * DEEP, b'"a":1,' * 200,
)  # fmt: skip
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 2**63, 2**70, -(2**64), 1e308, 10**400,
    "", " ", "x", "\x00", "\ud800", "\ufeffx", "ｆｕｌｌ", "a" * WIDE, "\u2028", "<b>&",
    "'; DROP TABLE requests; --", "9999-99-99T99:99:99Z", "0001-01-01T00:00:00-23:59",
    "2026-02-30T00:00:00Z", "TR-0000000000000000", [], {}, [[]], [None], {"": ""}, {"\x00": 1},
    {"a" * 300: 1}, ["x"] * 500, {"ja": "x", "en": []},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """A message, and the way and file name that it comes by."""

    number: int
    channel: str
    name: str
    raw: bytes


def mutant(number: int) -> Mutant:
    """Give the message that this number stands for."""
    chance = Random(number)  # noqa: S311  (chance that can be had again)
    channel, name, make = chance.choice(FORMS)
    raw = make(chance)
    for _ in range(chance.choice((0, 0, 0, 1, 1, 2, 5))):
        raw = chance.choice(BYTES)(raw, chance)
    return Mutant(number, channel, name, raw)


# ---- Structure -----------------------------------------------------------------------------------


def _envelope(chance: Random) -> dict[str, Any]:
    more = {
        "access_id": ACCESS_ID,
        "contract_id": CONTRACT_ID,
        "severity": chance.choice("ABC"),
        "contact": {"name": "佐藤", "email": "a@b.example", "cc": ["c@d.example"]},
        "attachments": [{"name": "a.txt", "content_type": "text/plain", "content": "aGVsbG8="}],
        "reply_to": {"email": "a@b.example"},
    }
    found: dict[str, Any] = json.loads(event(onprem_data(**more), f"m{chance.getrandbits(24)}"))
    for _ in range(chance.choice((0, 0, 0, 1, 1, 2, 4))):
        _disturb(found, chance)
    return found


def _disturb(value: Any, chance: Random) -> None:
    """Go some way into a value, and change what is there."""
    while isinstance(value, dict | list) and value:
        places = list(value) if isinstance(value, dict) else list(range(len(value)))
        place = chance.choice(places)
        if isinstance(value[place], dict | list) and value[place] and chance.random() < 0.7:
            value = value[place]
            continue
        _change(value, place, chance)
        return


def _change(holder: Any, place: Any, chance: Random) -> None:
    match chance.randrange(5):
        case 0:
            del holder[place]
        case 1 if isinstance(holder, dict):
            holder[f"{place}{chance.choice(('', ' ', '.', 'x', 'Ｉ'))}"] = holder.pop(place)
        case 2:
            holder[place] = [
                copy.deepcopy(holder[place]) for _ in range(chance.choice((1, 2, 100)))
            ]
        case 3:
            holder[place] = _nested(chance)
        case _:
            holder[place] = copy.deepcopy(chance.choice(ODD))


def _nested(chance: Random) -> Any:
    value: Any = copy.deepcopy(chance.choice(ODD))
    for _ in range(chance.choice((1, 5, 63, 64, 65, 200))):
        value = [value] if chance.random() < 0.5 else {"a": value}
    return value


def _written(value: Any, chance: Random) -> bytes:
    plain = chance.random() < 0.7
    text = json.dumps(value, ensure_ascii=not plain, indent=chance.choice((None, None, 1)))
    return text.encode("utf-8", "surrogatepass")


def _event(chance: Random) -> bytes:
    return _written(_envelope(chance), chance)


def _bare(chance: Random) -> bytes:
    return _written(_envelope(chance).get("data"), chance)


def _list(chance: Random) -> bytes:
    return b"[" + b",".join(_event(chance) for _ in range(chance.randrange(4))) + b"]"


def _lines(chance: Random) -> bytes:
    ends = (b"\n", b"\r\n", b"\n\n", b"\r", b"\x00\n")
    return b"".join(
        chance.choice((_event, _bare))(chance) + chance.choice(ends)
        for _ in range(chance.randrange(5))
    )


def _sheet(chance: Random) -> bytes:
    """Write a table whose cells may hold separators, quotes and line ends."""
    flat = {name: one for name, one in onprem_data().items() if isinstance(one, str)}
    flat |= {"アクセスID": ACCESS_ID, "contact.name": "佐藤", "consents.services_agreement": "yes"}
    for _ in range(chance.choice((0, 1, 3))):
        flat[chance.choice([*flat, "contact", "", "a.b.c.d", "id"])] = chance.choice(
            ("", "x,y", 'say "no"', "a\nb", "\x00", "=1+1", "9" * 400, "　", "未記入")
        )
    written = io.StringIO()
    writer = csv.writer(
        written,
        delimiter=chance.choice(",,;\t"),
        quoting=chance.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
        lineterminator=chance.choice(("\n", "\r\n", "\r")),
    )
    writer.writerow(flat)
    for _ in range(chance.randrange(4)):
        writer.writerow(flat.values())
    return written.getvalue().encode(chance.choice(("utf-8", "utf-8-sig", "cp932")), "replace")


FORMS: tuple[tuple[str, str, Callable[[Random], bytes]], ...] = (
    ("stream", "", _event),
    ("stream", "", _event),
    ("amqp", "", _event),
    ("file", "m.json", _bare),
    ("file", "m.json", _list),
    ("file", "m.jsonl", _lines),
    ("file", "m.csv", _sheet),
)

# ---- Bytes ---------------------------------------------------------------------------------------


def _cut(raw: bytes, chance: Random) -> bytes:
    return raw[: chance.randrange(len(raw) + 1)]


def _lose(raw: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(raw) + 1)
    return raw[:at] + raw[at + chance.choice((1, 1, 2, 16)) :]


def _flip(raw: bytes, chance: Random) -> bytes:
    if not raw:
        return raw
    at = chance.randrange(len(raw))
    return raw[:at] + bytes([raw[at] ^ 1 << chance.randrange(8)]) + raw[at + 1 :]


def _stray(raw: bytes, chance: Random) -> bytes:
    at = chance.choice((0, len(raw), chance.randrange(len(raw) + 1)))
    return raw[:at] + chance.choice(STRAY) + raw[at:]


def _double(raw: bytes, chance: Random) -> bytes:
    first, last = sorted(chance.randrange(len(raw) + 1) for _ in range(2))
    return raw[:last] + raw[first:last] + raw[last:]


def _swap(raw: bytes, chance: Random) -> bytes:
    first, last = sorted(chance.randrange(len(raw) + 1) for _ in range(2))
    return raw[last:] + raw[first:last] + raw[:first]


def _noise(raw: bytes, chance: Random) -> bytes:
    return chance.randbytes(chance.choice((1, 30, 300))) if chance.random() < 0.2 else raw


BYTES: tuple[Callable[[bytes, Random], bytes], ...] = (
    _cut, _lose, _flip, _stray, _stray, _double, _swap, _noise,
)  # fmt: skip
