"""The rule book: one edition's clauses together with the values they stand on.

Built once from loaded values, then only read; never opens a file itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rules.benefits import BenefitTable, read_benefits
from rules.catalogue import EDITIONS, Edition
from rules.clause import Clause
from rules.products import ProductCatalogue
from rules.products_reader import read_products


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Everything a decision needs beside the facts."""

    edition: str
    clauses: tuple[Clause, ...]
    weighing: tuple[Clause, ...]
    refusing: tuple[Clause, ...]
    by_id: Mapping[str, Clause]
    products: ProductCatalogue
    benefits: BenefitTable

    def clause(self, id_: str) -> Clause:
        """Give one clause; an id the edition does not have is a KeyError."""
        return self.by_id[id_]


def book(
    products: Mapping[str, object], benefits: Mapping[str, object], edition: str = "2018"
) -> RuleBook:
    """Build the book from the mappings of `values/products.yaml` and `values/benefits.yaml`."""
    if edition not in EDITIONS:
        raise ValueError(f"edition {edition!r} is not known; there is: {', '.join(EDITIONS)}")
    return bound(EDITIONS[edition], read_products(products), read_benefits(benefits, edition))


def bound(edition: Edition, products: ProductCatalogue, benefits: BenefitTable) -> RuleBook:
    """Bind an edition to values that are already read."""
    by_id = {clause.id: clause for clause in edition.clauses}
    return RuleBook(
        edition=edition.name,
        clauses=edition.clauses,
        weighing=tuple(by_id[id_] for id_ in edition.weighing),
        refusing=tuple(by_id[id_] for id_ in edition.refusing),
        by_id=by_id,
        products=products,
        benefits=benefits,
    )
