"""The decision on one request, on paper: nothing is stored, nothing is sent."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import RenderableType

from adapters.inbound.json_value import read_value
from contracts.codec import MEBIBYTE
from contracts.incoming import Incoming
from contracts.malformed import Malformed
from contracts.request import SupportRequest
from contracts.strict_json import parse
from ops import directory_facts
from ops.answer import Answer
from ops.answers.reasons import STYLES, reason_pages
from ops.answers.rules_in_force import shelf_in_force
from ops.output import line
from ops.problem import bad_input
from ops.reading import read_bytes, read_directory_file
from rules.engine import decide
from rules.verdict import Outcome, Verdict
from workers import bootstrap
from workers.facts import facts_of


def explain(file: Path, directory: Path | None, on: str | None) -> Answer:
    """Decide on a directory file's partners, or on the ledger's."""
    day = _day(on)
    request = _read(file).request
    if directory is None:
        verdict = _from_ledger(request, day)
    else:
        verdict = _from_file(request, directory, day)
    eligible = verdict.outcome is Outcome.ELIGIBLE
    return Answer(verdict.as_dict(), lambda _columns: _pages(verdict), ok=eligible)


def _read(file: Path) -> Incoming:
    try:
        return read_value(parse(read_bytes(file), MEBIBYTE), file.name)
    except Malformed as broken:
        faults = [{"place": fault.place, "message": fault.message} for fault in broken.faults]
        raise bad_input(f"{file} cannot be read as a request ({broken.code}):", faults) from None


def _from_ledger(request: SupportRequest, day: date | None) -> Verdict:
    from ops.opening import opened  # noqa: PLC0415  (heavy; a file's decision needs no ledger)
    from workers.paper import on_paper  # noqa: PLC0415  (as above)

    with opened() as app:
        return on_paper(app, request, day).verdict


def _from_file(request: SupportRequest, file: Path, day: date | None) -> Verdict:
    settings = bootstrap.read_settings()
    directory = read_directory_file(file)
    fingerprint = directory_facts.passing_fingerprint()
    names = (request.partner, request.agent, request.customer)
    known = directory_facts.known(directory, fingerprint, *names)
    today = _today(ZoneInfo(settings.time_zone))
    facts = facts_of(request, request.secrets(), known, fingerprint, day or today)
    return decide(facts, shelf_in_force(settings).book)


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise bad_input(f"--on: {text} is no day; write it like 2026-04-01") from None


def _today(zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(time.time(), zone).date()


def _pages(verdict: Verdict) -> Iterator[RenderableType]:
    plan = "–" if verdict.plan is None else f"{verdict.plan.kind} {verdict.plan.contract or ''}"
    yield line(verdict.outcome.value, style=f"bold {STYLES[verdict.outcome.value]}")
    doors = f"route {verdict.route or '–'}, entry {verdict.entry or '–'}"
    yield line(f"{doors}, plan {plan.strip()}, incidents {verdict.incidents}")
    if verdict.notices:
        yield line("notices", ", ".join(verdict.notices))
    yield from reason_pages([reason.as_dict() for reason in verdict.reasons])
    yield line("\nrules checked:", ", ".join(verdict.rules_checked))
