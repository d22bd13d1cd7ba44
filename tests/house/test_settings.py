"""The page of settings tells of every setting, with its default."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from config.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(TORITSUGI_\w+(?:<\w+>\w+)?)` \| (.+?) \| (.+) \|$", re.MULTILINE)
PART = "__"


def _settings(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, str]]:
    """Name each setting as the environment does, with its default as the page writes it."""
    for field, info in model.model_fields.items():
        name = f"{prefix}{field.upper()}"
        part = _part(info)
        if part is None:
            yield name, _default(info)
        elif get_origin(info.annotation) is dict:
            yield from _settings(part, f"{name}{PART}<partner>{PART}")
        else:
            yield from _settings(part, f"{name}{PART}")


def _part(info: FieldInfo) -> type[BaseModel] | None:
    """Give the model of a part, or of each value of a part that is a mapping."""
    kinds = (info.annotation, *get_args(info.annotation))
    found = (kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel))
    return next(found, None)


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "required"
    if info.default is None:
        return "none"
    return f"`{info.default:g}`" if isinstance(info.default, float) else f"`{info.default}`"


def test_every_setting_is_told_with_its_default() -> None:
    """No setting is left out, none is told that there is not, and each default is today's."""
    told = [(name, default) for name, default, _ in ROW.findall(PAGE)]
    assert Counter(told) == Counter(_settings(Settings, "TORITSUGI_"))


def test_every_setting_has_a_meaning() -> None:
    """A row says more than name and default."""
    assert all(meaning.strip() for _, _, meaning in ROW.findall(PAGE))
