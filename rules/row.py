"""One row of a values file, read strictly: every fault names the place and what was wanted.

Takes mappings that are already loaded; never opens a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from rules.verdict import Text

T = TypeVar("T")


class ValuesInvalid(ValueError):
    """A values file cannot be used; the message names the place in it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A mapping and where it stands in its file."""

    values: Mapping[str, object]
    place: str

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def row(self, key: str) -> Row:
        return _row(self._value(key), f"{self.place}.{key}")

    def rows(self, key: str) -> Iterator[tuple[str, Row]]:
        """Give the named rows under `key`; none where the key is absent."""
        if key in self.values:
            inner = self.row(key)
            for name in inner.values:
                yield str(name), inner.row(name)

    def string(self, key: str) -> str:
        return self._kind(key, str)

    def number(self, key: str) -> int:
        return self._kind(key, int)

    def flag(self, key: str) -> bool:
        return self._kind(key, bool)

    def day(self, key: str) -> date:
        return self._kind(key, date)

    def open_day(self, key: str) -> date | None:
        """Give a day, or None where the file says null: open."""
        return None if self._value(key) is None else self.day(key)

    def strings(self, key: str) -> tuple[str, ...]:
        return tuple(str(value) for value in self._kind(key, list))

    def text(self, key: str) -> Text:
        """Give a name in both languages; one string stands for both."""
        value = self._value(key)
        if isinstance(value, str):
            return Text(value, value)
        both = self.row(key)
        return Text(both.string("ja"), both.string("en"))

    def _kind(self, key: str, kind: type[T]) -> T:
        value = self._value(key)
        if not isinstance(value, kind):
            raise ValuesInvalid(f"{self.place}.{key}: {kind.__name__} wanted, found {value!r}")
        return value

    def _value(self, key: str) -> object:
        try:
            return self.values[key]
        except KeyError:
            raise ValuesInvalid(f"{self.place}: {key!r} is missing") from None


def _row(value: object, place: str) -> Row:
    if not isinstance(value, Mapping):
        raise ValuesInvalid(f"{place}: a table wanted, found {value!r}")
    return Row(value, place)
