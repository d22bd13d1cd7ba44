"""The form of a products file: which rows there are, and what each of them must say.

Knows no product; what the rows mean is read by `rules.products_reader`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

Name = Annotated[str, Field(min_length=1, max_length=120)]
Words = Annotated[str, Field(min_length=1, max_length=1_000)]
Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*$", max_length=60)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)


class Both(_Entry):
    """A name in Japanese and in English."""

    ja: Name
    en: Name


Names = Name | Both
Spellings = Annotated[tuple[Name, ...], Field(strict=False)]


class Source(_Entry):
    """Where rows were read; they name it by a letter."""

    title: Words
    href: Words


class _Row(_Entry):
    aliases: Spellings = ()
    checked_on: date | None = None
    note: Words | None = None


class Version(_Row):
    """One version of an installed product; an end of null is open."""

    label: Names | None = None
    line: Name | None = None
    ordinal: int
    released: date
    mainstream_end: date | None
    extended_end: date | None
    source: Name

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        days = [self.released, self.mainstream_end, self.extended_end]
        known = [day for day in days if day is not None]
        if known != sorted(known):
            raise PydanticCustomError("order", "must be released before its support ends")
        return self


class Service(_Row):
    """One cloud service."""

    name: Names
    source: Name | None = None


class Family(_Entry):
    """Products under one name; what it does not say stays as the catalogue has it."""

    route: Literal["azure", "office", "onprem"] | None = None
    name: Names | None = None
    aliases: Spellings | None = None
    line: Name | None = None
    client: bool | None = None
    whole: bool | None = None
    """Whether the family is a product itself, too."""
    source: Name | None = None
    versions: dict[Key, Version] = Field(default_factory=dict)
    services: dict[Key, Service] = Field(default_factory=dict)


class ProductsFile(_Entry):
    """The whole file."""

    checked_on: date
    sources: dict[Name, Source] = Field(default_factory=dict)
    families: dict[Key, Family]
