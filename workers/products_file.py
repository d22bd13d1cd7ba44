"""The operator's own products: a file in the form of the catalogue's, laid over it row by row.

All or nothing: a broken file is refused with every fault and its line, and never in part used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from contracts.directory_faults import DirectoryFault, LineFault
from contracts.faults import faults_of
from contracts.yaml_marks import MarkedYaml, read_yaml
from rules.row import ValuesInvalid
from workers.products_rows import ProductsFile

Values = Mapping[str, Any]


class ProductsFault(Exception):
    """A file that cannot be used; `faults` are in the order of its lines."""

    def __init__(self, path: Path, faults: Iterable[LineFault]) -> None:
        self.path = path
        self.faults = tuple(sorted(set(faults)))
        super().__init__(f"{path}: {'; '.join(map(str, self.faults))}")


@dataclass(frozen=True, slots=True)
class OwnProducts:
    """What an operator's file holds, and where in it each thing stands."""

    path: Path
    marked: MarkedYaml

    @property
    def values(self) -> Values:
        """Give what was checked when it was read; a file of comments alone holds nothing."""
        return cast("Values", self.marked.value or {})

    def over(self, released: Values) -> Values:
        """Give the catalogue with these rows added, or in place of those of the same key."""
        own = self.values
        self._check_sources(own, released)
        return {
            **released,
            "sources": {**released["sources"], **own.get("sources", {})},
            "families": _families(released["families"], own),
        }

    def refused(self, error: ValuesInvalid) -> ProductsFault:
        """Say where in the file the thing stands that the rules cannot read."""
        message = str(error)
        place, _, words = message.partition(": ")
        self.marked.say(self._path_of(message), words or place)
        return ProductsFault(self.path, self.marked.faults)

    def _check_sources(self, own: Values, released: Values) -> None:
        sources = own.get("sources", {})
        for letter, source in sources.items():
            if released["sources"].get(letter, source) != source:
                words = "stands for another source in the catalogue; choose another name"
                self.marked.say(("sources", letter), words)
        known = {*released["sources"], *sources}
        for path, row in _rows(own):
            if row.get("source") not in {None, *known}:
                self.marked.say((*path, "source"), "is not among the sources; add it there")
        if self.marked.faults:
            raise ProductsFault(self.path, self.marked.faults)

    def _path_of(self, message: str) -> tuple[int | str, ...]:
        """Find what the rules complain of: by its place, else by the key of a product."""
        by_place = {
            ".".join(map(str, ("products", *path))): path for path in self.marked.marks if path
        }
        for place in sorted(by_place, key=len, reverse=True):
            if re.match(rf"{re.escape(place)}[.:]", message):
                return by_place[place]
        sharing = message.rpartition(" names ")[2].split(" and ")
        rows = {_key(path): path for path, _ in _rows(self.values)}
        # Of two that share a name the operator's is meant; of two such the later one.
        return next((rows[key] for key in reversed(sharing) if key in rows), ())


def read_products_file(path: Path) -> OwnProducts:
    """Raise `ProductsFault` with every fault there is; a file that is not there is one, too."""
    try:
        marked = read_yaml(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _whole(path, f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise _whole(path, "is not UTF-8: save it as UTF-8") from None
    except DirectoryFault as fault:
        raise ProductsFault(path, fault.faults) from None
    if marked.value is not None:
        _validate(marked)
    if marked.faults:
        raise ProductsFault(path, marked.faults)
    return OwnProducts(path, marked)


def _validate(marked: MarkedYaml) -> None:
    try:
        ProductsFile.model_validate(marked.value)
    except ValidationError as error:
        for detail, fault in zip(error.errors(), faults_of(error, ""), strict=True):
            marked.say(_of_the_file(detail["loc"]), fault.message)


def _of_the_file(loc: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Leave out what only the checking knows: which key, which way of writing a name."""
    return tuple(step for step in loc if step not in {"[key]", "str", "Both"})


def _whole(path: Path, words: str) -> ProductsFault:
    return ProductsFault(path, [LineFault(1, 1, "", words)])


def _families(released: Values, own: Values) -> dict[str, Any]:
    anew = {
        key: _family(released.get(key, {}), row, own["checked_on"])
        for key, row in own.get("families", {}).items()
    }
    return {**released, **anew}


def _family(released: Values, own: Values, checked_on: object) -> dict[str, Any]:
    found = {**released, **own}
    for part in ("versions", "services"):
        if part in own:
            rows = {key: {"checked_on": checked_on, **row} for key, row in own[part].items()}
            there = released.get(part, {})
            new = {key: row for key, row in rows.items() if key not in there}
            # The newest come first in the catalogue, and what an operator adds is newer.
            found[part] = {**new, **there, **{key: rows[key] for key in there if key in rows}}
    return found


def _rows(own: Values) -> Iterator[tuple[tuple[str, ...], Values]]:
    """Give every family, version and service with its path."""
    for key, family in own.get("families", {}).items():
        yield ("families", key), family
        for part in ("versions", "services"):
            for name, row in family.get(part, {}).items():
                yield ("families", key, part, name), row


def _key(path: tuple[str, ...]) -> str:
    """Give the key by which requests name a family or a product."""
    return "/".join((path[1], *path[3:]))
