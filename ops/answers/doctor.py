"""What the doctor says: the checks, one line each, or the settings in force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from rich.console import RenderableType

from contracts.redaction import redact
from ops import health
from ops.answer import Answer
from ops.check import Check
from ops.event_log import logging_to_file
from ops.output import add, line, table
from workers import bootstrap


def checks() -> Answer:
    """Run every check; the answer is no if anything is wrong."""
    settings = bootstrap.read_settings()
    with logging_to_file(settings, "doctor"):
        found = health.examine(settings)
    document = {"ok": all(one.ok for one in found), "checks": [asdict(one) for one in found]}
    return Answer(document, lambda _columns: _pages(found), ok=document["ok"] is True)


def _pages(found: Sequence[Check]) -> Iterator[RenderableType]:
    for one in found:
        remedy = "" if one.ok or not one.remedy else f" → {one.remedy}"
        sign, style = ("ok   ", "green") if one.ok else ("WRONG", "red")
        yield line(f"{sign} {one.name}: {one.says}{remedy}", style=style)


def settings() -> Answer:
    """Print the settings in force, secrets masked."""
    found = redact(bootstrap.read_settings().model_dump(mode="json"))
    shown = table("setting", "value")
    for name, value in found.items():
        parts = value.items() if isinstance(value, dict) else [("", value)]
        for part, inner in parts:
            add(shown, f"{name}.{part}".removesuffix("."), inner)
    return Answer(found, lambda _columns: [shown])
