"""Where a version stands on a day: n, n-1 or older, in mainstream support or not (P-4).

Reads the dated values only; judges no contract.
"""

from __future__ import annotations

from rules.case import ONPREM, Case
from rules.product import Product


def is_covered(case: Case) -> bool:
    """Tell whether core benefits serve the version; what has no version is not asked."""
    product = case.product
    if product is None or product.route != ONPREM:
        return True
    return is_recent(case, product) and not is_past_mainstream(case, product)


def is_recent(case: Case, product: Product) -> bool:
    return product in case.products.current(product, case.day)


def is_past_mainstream(case: Case, product: Product) -> bool:
    """Tell whether the n-1 policy, once in force, refuses the version for its age."""
    in_force = case.day >= case.benefits.n_minus_one_since
    return in_force and not product.in_mainstream(case.day)
