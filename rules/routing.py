"""Clauses R: which portal a request belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rules.case import PARTNER_PORTAL, Case
from rules.product import Family, Product
from rules.remark import Door, Fill, Finding, Remark
from rules.wording import filled, joined, shown
from rules.words import routing as words

LISTED = 20
"""A list of versions or services longer than this is cut, and says so."""


def product_is_known(case: Case) -> Iterator[Remark]:
    """R-1: the product is in the catalogue, with its version, and out on the day."""
    match case.entry:
        case None:
            yield _unknown(case)
        case Family() as family:
            yield _versionless(case, family)
        case Product() as product if product is case.product:
            yield Fill("product", product.key)
            yield Fill("product_name", product.name.en)
        case product:
            yield _unreleased(case, product)


def portal_fits_product(case: Case) -> Iterator[Remark]:
    """R-2: a request that names a route names the one its product belongs to."""
    yield from _wrong_portal(case, words.PORTALS)


def portal_of_today_fits(case: Case) -> Iterator[Remark]:
    """R-2 of 2026: the same, with the portals as they are called and found today."""
    yield from _wrong_portal(case, words.PORTALS_OF_TODAY)


def partner_portal_takes_it(_case: Case) -> Iterator[Remark]:
    """R-3: advisory service and membership matters enter the partner portal."""
    yield Door(PARTNER_PORTAL)


def _wrong_portal(case: Case, portals: Mapping[str, words.Portal]) -> Iterator[Remark]:
    given, known = case.request.route, case.product or case.family
    if known is None or given is None or given == known.route:
        return
    right = portals[known.route]
    yield words.WRONG_PORTAL.finding(
        product=known.name,
        given=given,
        name=portals[given].name if given in portals else given,
        right=right.name,
        route=known.route,
        address=right.address,
    )


def _unknown(case: Case) -> Finding:
    written = case.request.product or ""
    near = case.products.closest(written, case.day)
    if not near:
        return words.UNKNOWN_PRODUCT_NOTHING_NEAR.finding(given=shown(written))
    return words.UNKNOWN_PRODUCT.finding(given=shown(written), closest=joined(near))


def _unreleased(case: Case, product: Product) -> Finding:
    near = case.products.closest(case.request.product or "", case.day)
    return words.NOT_RELEASED.finding(
        product=product.name,
        day=case.day,
        released=str(product.released),
        closest=joined(near) if near else words.NOTHING_NEAR,
    )


def _versionless(case: Case, family: Family) -> Finding:
    out = family.released(case.day)
    names = joined(member.name for member in out[:LISTED])
    more = len(out) - LISTED
    versions = filled(words.AND_MORE, names=names, more=str(more)) if more > 0 else names
    return words.NO_VERSION.finding(family=family.name, versions=versions)
