"""Reads citations such as `Azure 3, 手順 2 注`, and looks them up in the table of the article.

A chapter or section named once holds for what follows it; `…` stands for words left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

ARTICLE: Mapping[str, Mapping[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "article.yaml").read_text(encoding="utf-8")
)
BETWEEN = re.compile(r"\s*[;,/]\s*")
PART = re.compile(
    rf"(?:(?P<chapter>{'|'.join(ARTICLE)})\s*)?"
    r"(?:(?P<section>\d+(?:\.\d+)?|概要|「.+?」)\s*)?"
    r"(?:(?:手順\s*)?(?P<first>(?<=手順 )\d+|(?<=」)\d+)(?:–(?P<last>\d+))?)?"
    r"\s*(?P<note>注)?"
)


@dataclass(frozen=True, slots=True)
class Place:
    """One place a citation names; `steps` are numbers within the section."""

    chapter: str = ""
    section: str = ""
    steps: tuple[int, ...] = ()
    note: bool = False


def unknown_places(citation: str) -> list[str]:
    """Give the parts of a citation that are nowhere in the article."""
    return [part for part, place in _places(citation) if place is None or not _exists(place)]


def _places(citation: str) -> Iterator[tuple[str, Place | None]]:
    before = Place()
    for part in BETWEEN.split(citation):
        place = _read(part, before)
        yield part, place
        before = place or before


def _read(part: str, before: Place) -> Place | None:
    if before.steps and part.isdecimal():
        return replace(before, steps=(int(part),), note=False)
    found = PART.fullmatch(part)
    if found is None or not part:
        return None
    chapter = found["chapter"] or before.chapter
    section = found["section"] or ("" if found["chapter"] else before.section)
    first = int(found["first"] or 0)
    last = int(found["last"] or first)
    steps = tuple(range(first, last + 1)) if first else ()
    return Place(chapter, section.strip("「」"), steps, note=found["note"] is not None)


def _exists(place: Place) -> bool:
    sections = ARTICLE.get(place.chapter)
    if sections is None:
        return False
    if not place.section:
        return not place.steps and not place.note
    return any(_holds(sections[name], place) for name in _meant(sections, place))


def _meant(sections: Mapping[str, Any], place: Place) -> list[str]:
    """Give the sections a name may mean: itself, or for steps the one section that has any."""
    pattern = ".+".join(map(re.escape, place.section.split("…")))
    named = [name for name in sections if re.fullmatch(pattern, name)]
    stepped = [name for name in sections if "steps" in sections[name]]
    lacking = place.steps and named and not any(name in stepped for name in named)
    return stepped if lacking and len(stepped) == 1 else named


def _holds(section: Mapping[str, Any], place: Place) -> bool:
    steps = range(1, section.get("steps", 0) + 1)
    notes = section.get("notes", ())
    noted = not place.note or all(step in notes for step in place.steps)
    return all(step in steps for step in place.steps) and noted
