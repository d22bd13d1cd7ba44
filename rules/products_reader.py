"""Reads the product catalogue out of the loaded values; knows the file's shape and nothing else.

Never opens a file, never leaves a name that could mean two things.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from rules.folding import fold
from rules.product import Family, Product
from rules.products import Entry, Naming, ProductCatalogue, product_catalogue
from rules.row import Row, ValuesInvalid
from rules.verdict import Text


@dataclass(frozen=True, slots=True)
class _Group:
    """What every member of one family row shares."""

    key: str
    row: Row
    name: Text
    spellings: tuple[str, ...]
    route: str
    line: str
    client: bool
    checked_on: date


def read_products(values: Mapping[str, object]) -> ProductCatalogue:
    """Parse the mapping of `values/products.yaml`."""
    file = Row(values, "products")
    checked_on = file.day("checked_on")
    families: list[Family] = []
    namings: list[Naming] = []
    for key, row in file.rows("families"):
        group = _group(key, row, checked_on)
        members = dict(_members(group))
        family = _family(group, tuple(members))
        families.append(family)
        namings += _family_names(group, family)
        namings += [(name, member) for member, names in members.items() for name in names]
    _refuse_ambiguity(namings)
    return product_catalogue(families, namings)


def _group(key: str, row: Row, checked_on: date) -> _Group:
    name = row.text("name")
    return _Group(
        key=key,
        row=row,
        name=name,
        spellings=(key, name.en, name.ja, *row.strings("aliases")),
        route=row.string("route"),
        line=row.string("line") if "line" in row else key,
        client=row.flag("client") if "client" in row else False,
        checked_on=checked_on,
    )


def _family(group: _Group, members: tuple[Product, ...]) -> Family:
    return Family(
        key=group.key, name=group.name, route=group.route, client=group.client, members=members
    )


def _family_names(group: _Group, family: Family) -> Iterator[Naming]:
    """Name the family, or the product it is itself: without versions, or also as a whole."""
    itself = (member for member in family.members if member.key == family.key)
    entry: Entry = next(itself, family)
    return ((spelling, entry) for spelling in group.spellings)


def _members(group: _Group) -> Iterator[tuple[Product, tuple[str, ...]]]:
    """Give each product of the family with every spelling of its name."""
    for key, row in group.row.rows("versions"):
        yield _version(group, key, row)
    for key, row in group.row.rows("services"):
        yield _service(group, key, row)
    if _is_product_itself(group.row):
        yield _cloud(group, group.key, group.name), ()


def _is_product_itself(row: Row) -> bool:
    if "whole" in row:
        return row.flag("whole")
    return "versions" not in row and "services" not in row


def _version(group: _Group, key: str, row: Row) -> tuple[Product, tuple[str, ...]]:
    label = row.text("label") if "label" in row else Text(key, key)
    product = Product(
        key=f"{group.key}/{key}",
        family=group.key,
        name=Text(f"{group.name.ja} {label.ja}", f"{group.name.en} {label.en}"),
        route=group.route,
        source=row.string("source"),
        checked_on=row.day("checked_on") if "checked_on" in row else group.checked_on,
        client=group.client,
        line=row.string("line") if "line" in row else group.line,
        ordinal=row.number("ordinal"),
        released=row.day("released"),
        mainstream_end=row.open_day("mainstream_end"),
        extended_end=row.open_day("extended_end"),
    )
    labels = (key, label.en, label.ja, *(row.strings("aliases") if "aliases" in row else ()))
    return product, _combined(group, labels)


def _service(group: _Group, key: str, row: Row) -> tuple[Product, tuple[str, ...]]:
    name = row.text("name")
    labels = (key, name.en, name.ja, *row.strings("aliases"))
    product = _cloud(group, f"{group.key}/{key}", name)
    return product, (*_combined(group, labels), *labels)


def _cloud(group: _Group, key: str, name: Text) -> Product:
    return Product(
        key=key,
        family=group.key,
        name=name,
        route=group.route,
        source=group.row.string("source"),
        checked_on=group.checked_on,
        line=key,
    )


def _combined(group: _Group, labels: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{spelling} {label}" for spelling in group.spellings for label in labels)


def _refuse_ambiguity(namings: list[Naming]) -> None:
    taken: dict[str, Entry] = {}
    for spelling, entry in namings:
        other = taken.setdefault(fold(spelling), entry)
        if other.key != entry.key:
            raise ValuesInvalid(f"products: {spelling!r} names {other.key} and {entry.key}")
