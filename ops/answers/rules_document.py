"""`docs/rules.md`: the rules as a page to read beside the article, written from the code.

Tells of the rules as released; an operator's own products are not in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from ops.answers.rule_findings import refusals
from ops.answers.rule_values import USES, Table, Value, cell
from rules.catalogue import EDITIONS, Edition
from rules.clause import Clause
from workers.rulebook import Shelf, read_shelf

PAGE = Path("docs") / "rules.md"
NOWHERE = Path("no operator's products")
CHAPTERS = {
    "G": "General",
    "R": "Routing",
    "D": "Delegated administration",
    "A": "Azure",
    "O": "Office",
    "P": "On-premises",
    "C": "Contracts",
}
HEAD = """# The rules

Written from the code by `make rules`: change the code, not this page.

Every clause of the article with its place there, what it demands, and what a request that fails it
is told: the outcome, the code, and the field that is missing. A dash means that the clause refuses
nothing: it chooses, fills in, or says when another is asked. The words that senders read are in
`rules/words/`; `toritsugi rules show ID --json` gives them, and the cases the clause is tested by.
"""
LEGEND = "The letter stands for the source; the day is when it was checked.\n"


def document() -> str:
    """Give the whole page."""
    first, *later = EDITIONS.values()
    shelf = read_shelf(first.name, NOWHERE)
    parts = [HEAD, f"## Edition {first.name}\n", *_chapters(first.clauses)]
    parts += ["## Values\n", LEGEND, *_tables(shelf), *_sources(shelf)]
    for edition in later:
        parts += _revised(edition, first, shelf)
    return "\n".join(parts)


def _revised(edition: Edition, first: Edition, before: Shelf) -> Iterator[str]:
    """Tell what an edition says otherwise than the first: clauses, then values."""
    yield f"## Edition {edition.name}\n"
    yield f"As edition {first.name}, but for what follows.\n"
    yield from _chapters([each for each in edition.clauses if each not in first.clauses])
    yield from _tables(read_shelf(edition.name, NOWHERE), before)


def _chapters(clauses: Sequence[Clause]) -> Iterator[str]:
    for letter, chapter in groupby(clauses, key=lambda clause: clause.id[0]):
        yield f"### {CHAPTERS.get(letter, letter)} ({letter})\n"
        for clause in chapter:
            yield from _clause(clause)


def _clause(clause: Clause) -> Iterator[str]:
    yield f"#### {clause.id}\n"
    yield f"{clause.title.ja}<br>\n{clause.title.en}\n"
    yield f"- Section: {clause.section}"
    yield f"- Refuses: {', '.join(_refusals(clause)) or '–'}"
    tables = ", ".join(_link(table) for table in USES.get(clause.id, ()))
    yield f"- Values: {tables}\n" if tables else ""


def _refusals(clause: Clause) -> Iterator[str]:
    """Give each outcome and code, with all the fields that it may ask for."""
    for (outcome, code), each in groupby(refusals(clause), key=lambda one: (one.outcome, one.code)):
        fields = ", ".join(f"`{one.field}`" for one in each if one.field)
        yield f"{outcome} `{code}`{f' ({fields})' if fields else ''}"


def _tables(shelf: Shelf, before: Shelf | None = None) -> Iterator[str]:
    """Give every table; with the values of before, only the rows that differ from them."""
    for table in dict.fromkeys(table for tables in USES.values() for table in tables):
        known = [] if before is None else list(table.rows(before))
        rows = [row for row in table.rows(shelf) if row not in known]
        if rows:
            yield f"### {table.name}\n\n{table.about}\n"
            yield _row("value", "日本語", "English", *rows[0].says, "source", "checked")
            yield _row(*["---"] * (5 + len(rows[0].says)))
            yield from map(_value, rows)
            yield ""


def _value(value: Value) -> str:
    says = (cell(each) for each in value.says.values())
    names = (value.name.ja, value.name.en)
    return _row(f"`{value.key}`", *names, *says, value.source.letter, value.checked_on)


def _sources(shelf: Shelf) -> Iterator[str]:
    yield "### Sources\n"
    every = {**shelf.products["sources"], **shelf.benefits["sources"]}
    for letter, row in every.items():
        yield f"- **{letter}** {row['title']}: <{row['href']}>"
    yield ""


def _link(table: Table) -> str:
    return f"[{table.name}](#{table.name.replace(' ', '-')})"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
