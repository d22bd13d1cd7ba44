"""A spreadsheet saved as CSV: a header of field names or labels, a request a row.

A broken row never costs its neighbours. Empty cells are fields not given.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from adapters.inbound.charset import text_of
from adapters.inbound.fields import NameConflict
from adapters.inbound.file_source import FILE_LIMIT, check_size, content_key, file_source
from adapters.inbound.label_values import form_data
from adapters.inbound.labels import field_of
from contracts.codec import from_data
from contracts.incoming import Incoming, Parsed
from contracts.malformed import Fault, Malformed


@dataclass(frozen=True, slots=True)
class _Row:
    """A row with the lines it came from; `fault` instead of cells where it cannot be read."""

    line: int
    text: str
    cells: tuple[str, ...]
    fault: str | None = None


def parse_csv(raw: bytes, name: str, *, limit: int = FILE_LIMIT) -> list[Parsed]:
    try:
        check_size(raw, limit)
        rows = _rows(text_of(raw))
        head = next(rows, None)
        fields = _fields(head)
    except Malformed as fault:
        return [Parsed(raw, fault)]
    return [_parsed(row, head.text if head else "", fields, name) for row in rows]


def _rows(text: str) -> Iterator[_Row]:
    lines = [f"{line}\n" for line in text.split("\n")]
    reader = csv.reader(iter(lines), delimiter=_delimiter(lines), strict=True)
    while reader.line_num < len(lines):
        first = reader.line_num
        try:
            cells, fault = tuple(next(reader, [])), None
        except csv.Error:
            cells, fault = (), "has a quotation mark too many or too few; correct it"
        text_of_row = "".join(lines[first : reader.line_num])
        if fault or any(cell.strip() for cell in cells):
            yield _Row(first + 1, text_of_row, cells, fault)


def _delimiter(lines: list[str]) -> str:
    """Spreadsheets of some countries separate by semicolon, copied tables by tab."""
    head = next((line for line in lines if line.strip()), "")
    return max(",;\t", key=head.count)


def _fields(head: _Row | None) -> list[str]:
    if head is None:
        raise Malformed("invalid_data", Fault("line 1", "is missing; begin with the field names"))
    place = f"line {head.line}"
    if head.fault:
        raise Malformed("invalid_data", Fault(place, head.fault))
    fields = [field_of(cell) or cell.strip() for cell in head.cells]
    twice = sorted({field for field in fields if field and fields.count(field) > 1})
    if twice:
        words = f"names {', '.join(twice)} for the second time; keep one column of each"
        raise Malformed("invalid_data", Fault(place, words))
    return fields


def _parsed(row: _Row, head: str, fields: list[str], name: str) -> Parsed:
    # With its header, so that a kept row can be fed in again.
    raw = f"{head.rstrip()}\n{row.text.rstrip()}\n".encode()
    try:
        return Parsed(raw, _request(row, fields, name))
    except Malformed as fault:
        return Parsed(raw, fault.moved(f"line {row.line}"))


def _request(row: _Row, fields: list[str], name: str) -> Incoming:
    if row.fault:
        raise Malformed("invalid_data", Fault("", row.fault))
    if any(cell.strip() for cell in row.cells[len(fields) :]):
        words = "has more cells than the header; put cells that hold a comma in quotes"
        raise Malformed("invalid_data", Fault("", words))
    cells = dict(zip(fields, row.cells, strict=False))
    if cells.pop("", "").strip():
        raise Malformed("invalid_data", Fault("", "has a cell below no name; name its column"))
    key = cells.pop("id", "").strip()
    try:
        data = form_data(cells.items())
    except NameConflict as conflict:
        words = "is given as a value and as a group; keep one of them"
        raise Malformed("invalid_data", Fault(f"data.{conflict}", words)) from None
    return from_data(data, file_source(name), key or content_key(data))
