"""How much may be attached, and what is wrong with what was. Never opens a file."""

from __future__ import annotations

from dataclasses import dataclass

from rules.verdict import Text
from workers.app import App
from workers.listeners.form.draft import Draft
from workers.listeners.form.words import PAGE

NAME = "attachments"
MOST_FILES = 20
TEXTS = 160_000
"""Bytes of a message that are left for what is typed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Files, and octets in all."""

    files: int
    octets: int


def limits(app: App) -> Limits:
    """Give what fits into the largest message that is taken: base64 makes four octets of three."""
    return Limits(MOST_FILES, max(0, app.limits.message_bytes - TEXTS) * 3 // 4)


def faults(app: App, draft: Draft) -> dict[str, Text]:
    """Give what is wrong with the files of a draft."""
    most = limits(app)
    if len(draft.files) > most.files:
        return {NAME: _filled(PAGE["too_many"], most)}
    if draft.file_octets > most.octets:
        return {NAME: _filled(PAGE["too_large"], most)}
    if not all(one.octets for one in draft.files):
        return {NAME: PAGE["empty_file"]}
    return {}


def _filled(text: Text, most: Limits) -> Text:
    parts = {"count": most.files, "most": f"{most.octets / 1_000_000:.1f} MB"}
    return Text(text.ja.format(**parts), text.en.format(**parts))
