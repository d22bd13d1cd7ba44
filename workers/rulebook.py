"""The rule book of an edition: values from the files of `rules/values`, an operator's laid over.

Nothing is decided here; an operator's file that is broken is left out, and said to be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from rules.book import RuleBook, book
from rules.row import ValuesInvalid

if TYPE_CHECKING:
    from workers.products_file import ProductsFault

Values = Mapping[str, Any]

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The quick one, where this system has it."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A rule book with the values it was made of, and what became of the operator's products."""

    book: RuleBook
    products: Values
    benefits: Values
    own: Path | None = None
    """The operator's file, if it is in use."""
    fault: ProductsFault | None = None


def read_shelf(edition: str, own: Path, *, must_exist: bool = False) -> Shelf:
    """Build the book, with the operator's products if there is a file that can be used."""
    as_released = released(edition)
    if not must_exist and not own.exists():
        return as_released
    from workers.products_file import (  # noqa: PLC0415  (few have such a file)
        ProductsFault,
        read_products_file,
    )

    try:
        file = read_products_file(own)
        products = file.over(as_released.products)
        try:
            whole = book(products, as_released.benefits, edition=edition)
        except ValuesInvalid as error:
            raise file.refused(error) from None
    except ProductsFault as fault:
        return replace(as_released, fault=fault)
    return Shelf(whole, products, as_released.benefits, own)


@cache
def released(edition: str) -> Shelf:
    """Build the book as it was released: once a process, for that takes a tenth of a second."""
    products, benefits = load("products"), load("benefits")
    return Shelf(book(products, benefits, edition=edition), products, benefits)


def load(name: str) -> Values:
    """Load a values file as it was released."""
    text = (resources.files("rules") / "values" / f"{name}.yaml").read_text(encoding="utf-8")
    loaded: Values = yaml.load(text, LOADER)  # noqa: S506  (a safe loader, only a quick one)
    return loaded
