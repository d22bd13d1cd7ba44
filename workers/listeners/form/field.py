"""A field of the form: its name in the request's data, how it is put, and its words.

Knows nothing of when a field is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rules.verdict import Text

Control = Literal["text", "email", "tel", "area", "moment", "radio", "select", "tick", "secret"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values a field may have."""

    value: str
    label: Text
    hint: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question; `name` is the dotted name in the data, or the form's own."""

    name: str
    label: Text
    control: Control = "text"
    hint: Text | None = None
    choices: tuple[Choice, ...] = ()
    most: int = 250
    """The longest value, in characters."""
    default: str = ""
    autocomplete: str = "off"
    example: str = ""

    @property
    def id(self) -> str:
        """Give the name as an HTML id."""
        return f"f-{self.name.replace('.', '-')}"

    @property
    def is_choice(self) -> bool:
        return self.control in {"radio", "select", "tick"}
