"""The directory as a file: taken in as a whole or with every fault, and given back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml

from contracts.directory_file import write_directory
from ops import actions
from ops.actions import Imported
from ops.answer import Answer
from ops.opening import opened
from ops.output import line
from ops.reading import read_directory_file


def import_file(path: Path, who: str | None) -> Answer:
    directory = read_directory_file(path)
    with opened(makes=True) as app:
        done = actions.import_directory(app, directory, who=who or actions.whoami())
    document = asdict(done)
    document.update(document.pop("taken"))
    return Answer(document, lambda _columns: map(line, _said(done)))


def _said(done: Imported) -> Iterator[str]:
    woken = f"; {done.woken} held requests are decided again" if done.woken else ""
    yield f"{done.partners} partners and {done.contracts} contracts taken in{woken}"
    removed = {"agents": done.taken.removed_agents, "customers": done.taken.removed_customers}
    for what, gone in removed.items():
        if gone:
            names = ", ".join(gone)
            yield f"{what} removed, since the file has their partner without them: {names}"
    for one in done.taken.unused_incidents:
        yield (
            f"incidents: {one.incidents} of {one.contract} is not used: its account was opened with"
            f" {one.opened_with} and goes on; what was bought since is a contract of another name"
        )


def export_text(who: str | None, *, secrets: bool) -> str:
    """Give the file, its ids masked unless they are asked for."""
    with opened() as app:
        found = actions.export_directory(app, who=who or actions.whoami(), secrets=secrets)
    return write_directory(found, secrets=secrets)


def export_document(who: str | None, *, secrets: bool) -> dict[str, Any]:
    """Give the same as a document."""
    text = export_text(who, secrets=secrets)
    document: dict[str, Any] = yaml.safe_load(text)
    return document
