"""The editions: what 2026 says anew, and that it shares all the rest with the article's."""

from __future__ import annotations

import pytest

from rules.benefits import read_benefits
from rules.catalogue import EDITION_2018, EDITION_2026, EDITIONS
from rules.granular_roles import ENTRA, PARTNER_CENTER, TICKETS_IN_AZURE, TICKETS_IN_MICROSOFT_365
from rules.words.clauses_2026 import CLAUSES_2026
from tests.rules.cast import rule_book, values

REPLACED_IN_2026 = {
    "R-2": "portals of today",
    "D-1": "GDAP for a CSP",
    "D-2": "no Azure by an indirect reseller",
    "D-3": "GDAP for an advisor, no Azure",
    "D-4": "roles per workload",
    "D-7": "roles per relationship",
    "A-3": "Partner Cloud Support, ids in Partner Center",
    "A-4": "no Azure on on-premises incidents",
    "A-5": "names",
    "O-2": "Partner Center only",
    "P-2": "ids in Partner Center",
    "P-3": "names",
    "P-4": "names",
    "P-11": "Engage Center",
    "C-5": "activation in Partner Center",
    "C-7": "ids in Partner Center",
    "C-8": "designations",
}.keys()


def test_2026_shares_every_rule_not_replaced() -> None:
    """A rule is replaced and named in the table, or it is the very same object."""
    both = zip(EDITION_2018.clauses, EDITION_2026.clauses, strict=True)
    shared = {old.id: old is new for old, new in both}
    assert {id_ for id_, same in shared.items() if not same} == REPLACED_IN_2026
    assert [clause.id for clause in EDITION_2026.clauses] == list(shared)


def test_every_rule_said_anew_has_words_of_its_own() -> None:
    """Each replaced rule has its sentence and cites the page that shows the change."""
    old = {clause.id: clause for clause in EDITION_2018.clauses}
    assert CLAUSES_2026.keys() == REPLACED_IN_2026
    for clause in (each for each in EDITION_2026.clauses if each.id in REPLACED_IN_2026):
        assert clause.section != old[clause.id].section
        assert "microsoft.com" in clause.section
        assert clause.title.ja.endswith("。")
        assert clause.title.en.endswith(".")


def test_contracts_are_weighed_in_the_same_order() -> None:
    """An edition changes what is weighed, not the order that verdicts are told in."""
    assert EDITION_2026.weighing == EDITION_2018.weighing


@pytest.mark.parametrize("edition", list(EDITIONS))
def test_an_edition_reads_its_own_values(edition: str) -> None:
    """Each kind and group has a name, a source in the file and the day it was checked."""
    table, sources = rule_book(edition).benefits, values("benefits.yaml")["sources"]
    for benefit in table.kinds.values():
        assert benefit.source in sources
        assert benefit.checked_on is not None
        assert benefit.routes == table.groups[benefit.group].routes


def test_what_the_programme_gives() -> None:
    """2026 gives other kinds than 2018; what ended is still known by its name."""
    old, new = (read_benefits(values("benefits.yaml"), edition) for edition in EDITIONS)
    assert [name.en for name in new.given("core")] == ["Partner On-premises Support 20"]
    assert [name.en for name in old.given("core")] == [
        "Partner Support Gold 20pack",
        "Partner Support Silver 15pack",
        "Partner Support MAPS 10pack",
    ]
    assert {kind for kind, benefit in new.kinds.items() if benefit.ended} == {
        "scs_unlimited", "scs_10", "silver_15", "maps_10"
    }  # fmt: skip
    assert "pcs_50" not in old.kinds
    assert new.of("silver_15").name == old.of("silver_15").name


def test_roles_are_of_one_kind() -> None:
    """A role stands in the partner's tenant, in the customer's, or on a subscription."""
    assert TICKETS_IN_MICROSOFT_365 < ENTRA
    assert not PARTNER_CENTER & ENTRA
    assert not TICKETS_IN_AZURE & (ENTRA | PARTNER_CENTER)
