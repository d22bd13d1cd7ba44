"""The clauses of an edition: all of them in a list, or one with everything known of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from difflib import get_close_matches
from itertools import groupby
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding

from ops.answer import Answer
from ops.answers.reasons import INDENT, STYLES
from ops.answers.rule_cases import RuleCase, cases_of
from ops.answers.rule_findings import Refusal, refusals
from ops.answers.rule_values import Value, cell, values_of
from ops.answers.rules_in_force import shelf_in_force
from ops.output import add, line, table
from ops.problem import Problem, bad_input
from ops.unspaced import Unspaced
from rules.catalogue import EDITIONS
from rules.clause import Clause
from workers import bootstrap

NEAR = 0.5


def listing(edition: str | None) -> Answer:
    """List every clause of the edition in force, or of another."""
    name, clauses = _clauses(edition)
    items = [_line(clause) for clause in clauses]
    document = {"edition": name, "editions": list(EDITIONS), "items": items, "next": None}
    return Answer(document, lambda _columns: _list(name, clauses))


def show(written: str, edition: str | None) -> Answer:
    """Show one clause; raise `Problem` with the closest guesses for an id there is not."""
    name, clauses = _clauses(edition)
    clause = {each.id: each for each in clauses}.get(_folded(written))
    if clause is None:
        raise _unknown(written, clauses)
    shelf = shelf_in_force(bootstrap.read_settings(), name)
    values, cases = values_of(clause.id, shelf), cases_of(clause.id, since(clause))
    document = {
        "edition": name,
        **_line(clause),
        "refusals": [asdict(each) for each in refusals(clause)],
        "values": [value.as_dict() for value in values],
        "cases": [asdict(case) for case in cases],
    }
    return Answer(document, lambda _columns: _pages(clause, values, cases))


def since(clause: Clause) -> str:
    """Give the edition in which a clause came to say what it says."""
    of_old = (name for name, edition in EDITIONS.items() if clause in edition.clauses)
    return next(of_old, "")


def _clauses(edition: str | None) -> tuple[str, Sequence[Clause]]:
    name = edition or bootstrap.read_settings().edition
    if name not in EDITIONS:
        raise bad_input(f"--edition: there is no {name}; choose one of {', '.join(EDITIONS)}")
    return name, EDITIONS[name].clauses


def _line(clause: Clause) -> dict[str, Any]:
    return {
        "id": clause.id,
        "section": clause.section,
        "text": clause.title.as_dict(),
        "codes": list(dict.fromkeys(each.code for each in refusals(clause))),
        "since": since(clause),
    }


def _folded(written: str) -> str:
    """Forgive case, width and a missing hyphen: a1 is A-1."""
    plain = "".join(unicodedata.normalize("NFKC", written).split()).upper()
    return f"{plain[:1]}-{plain[1:]}" if plain[1:].isdigit() else plain


def _unknown(written: str, clauses: Sequence[Clause]) -> Problem:
    spoken = {each.code: clause.id for clause in clauses for each in refusals(clause)}
    code = written.strip().casefold()
    if code in spoken:
        return bad_input(f"{code} is a code; toritsugi rules show {spoken[code]} tells of it")
    near = get_close_matches(_folded(written), [each.id for each in clauses], n=3, cutoff=NEAR)
    meant = f" (did you mean {', '.join(near)}?)" if near else ""
    return bad_input(f"there is no rule {written}{meant}; toritsugi rules list shows all")


# ---- Pages ---------------------------------------------------------------------------------------


def _list(name: str, clauses: Sequence[Clause]) -> Iterator[RenderableType]:
    others = ", ".join(each for each in EDITIONS if each != name)
    yield line(f"edition {name}{f'; there is also {others}' if others else ''}", style="bold")
    found = table("rule!", "section and clause")
    for clause in clauses:
        texts = (clause.section, clause.title.ja, clause.title.en)
        add(found, f"{clause.id}{_came(clause)}", "\n".join(texts))
    yield found


def _came(clause: Clause) -> str:
    """Say which edition brought a clause, unless it is the article's own."""
    came = since(clause)
    return "" if came == next(iter(EDITIONS)) else f" ({came})"


def _pages(
    clause: Clause, values: Sequence[Value], cases: Sequence[RuleCase]
) -> Iterator[RenderableType]:
    yield line(f"{clause.id}{_came(clause)}", style="bold")
    yield Padding(line(clause.section), INDENT)
    yield Padding(Unspaced(clause.title.ja), INDENT)
    yield Padding(line(clause.title.en), INDENT)
    yield from _refusals(refusals(clause))
    yield from _values(values)
    yield from _cases(cases)


def _refusals(found: Sequence[Refusal]) -> Iterator[RenderableType]:
    shown = table("outcome!", "code!", "field", title="\nmay answer")
    for each in found:
        add(shown, each.outcome, each.code, each.field, style=STYLES[each.outcome])
    if found:
        yield shown


def _values(values: Sequence[Value]) -> Iterator[RenderableType]:
    for names, rows in groupby(values, key=lambda value: tuple(value.says)):
        headings = (f"{name.removesuffix('_end')}!" for name in names)
        shown = table("value", *headings, "source!", "checked!", title="\nvalues")
        for value in rows:
            says = map(cell, value.says.values())
            add(shown, value.key, *says, value.source.letter, value.checked_on)
        yield shown
    for source in dict.fromkeys(value.source for value in values):
        yield line(f"{source.letter}  {source.title}\n   {source.href}")


def _cases(cases: Sequence[RuleCase]) -> Iterator[RenderableType]:
    if not cases:
        return
    shown = table("case", "outcome!", title="\ncases")
    for case in cases:
        add(shown, case.name, case.outcome)
    yield shown
