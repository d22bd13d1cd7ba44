"""The product catalogue: look-up by every kind of name, near names, life cycles, faults."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest

from rules.folding import fold
from rules.product import Product
from rules.products_reader import read_products
from rules.row import ValuesInvalid
from tests.rules.cast import rule_book, values

CATALOGUE = rule_book().products
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("exchange-server/2016", "exchange-server/2016"),
        ("Exchange Server 2016", "exchange-server/2016"),
        ("Microsoft Exchange Server 2016", "exchange-server/2016"),
        ("Exchange 2010", "exchange-server/2010"),
        ("ｅｘｃｈａｎｇｅ　２０１０", "exchange-server/2010"),
        ("エクスチェンジ サーバ 2016", "exchange-server/2016"),
        ("ｴｸｽﾁｪﾝｼﾞ ｻｰﾊﾞｰ 2016", "exchange-server/2016"),
        ("Exchange Server Subscription Edition", "exchange-server/se"),
        ("windows-server/2012-r2", "windows-server/2012-r2"),
        ("Windows Server 2012R2", "windows-server/2012-r2"),
        ("WINDOWS 8.1", "windows/8.1"),
        ("Windows 11", "windows/11-25h2"),
        ("Virtual Machines", "azure/virtual-machines"),
        ("仮想マシン", "azure/virtual-machines"),
        ("仮想ﾏｼﾝ", "azure/virtual-machines"),
        ("Azure 仮想マシン", "azure/virtual-machines"),
        ("Azure Virtual Machines", "azure/virtual-machines"),
        ("office365/exchange-online", "office365/exchange-online"),
        ("Office 365 Exchange Online", "office365/exchange-online"),
        ("Dynamics 365", "dynamics365"),
        ("Microsoft Intune", "intune"),
        ("Enterprise Mobility + Security", "ems"),
        ("exchange-server", "exchange-server"),
        ("SQL Server", "sql-server"),
        ("Azure", "azure"),
        ("Microsoft 365", "office365"),
        ("オフィス 365", "office365"),
    ],
)
def test_is_found(written: str, key: str) -> None:
    """A product or family is found by key, name or alias, however it is typed."""
    found = CATALOGUE.find(written)
    assert found is not None
    assert found.key == key


@pytest.mark.parametrize("written", ["", "Microsoft", "Windows 81", "Exchange Server 2011", "?"])
def test_is_not_guessed(written: str) -> None:
    """What is only near is not taken for a product."""
    assert CATALOGUE.find(written) is None


@pytest.mark.parametrize(("name", "whole"), [("Office 365", True), ("Azure", False)])
def test_a_family_may_be_a_product_itself(name: str, *, whole: bool) -> None:
    """The Office portal takes Office 365 as such; Azure needs one of its services."""
    assert isinstance(CATALOGUE.find(name), Product) is whole


def test_every_product_answers_to_its_names() -> None:
    """Key, English and Japanese name of every product lead to it, and to nothing else."""
    for key, product in CATALOGUE.products.items():
        for name in (key, product.name.en, product.name.ja):
            assert CATALOGUE.find(name) == product, name


def test_near_names_are_offered_nearest_first() -> None:
    """A typing error is answered with the names that were probably meant."""
    near = CATALOGUE.closest("Exchnage Servr 2016", TODAY)
    assert near[0].en == "Exchange Server 2016"
    assert len(near) == len(set(near)) <= 3


def test_near_names_are_out_on_the_day() -> None:
    """A version still to come is not offered."""
    near = CATALOGUE.closest("Exchange Server 2018", date(2018, 6, 1))
    assert "Exchange Server 2019" not in [name.en for name in near]


def test_endless_names_cost_little() -> None:
    """A name of any length is cut before it is compared."""
    assert len(fold("x" * 100_000)) == 120


@pytest.mark.parametrize(
    ("key", "day", "current"),
    [
        ("windows-server/2016", date(2017, 7, 22), {"2016", "2012-r2", "2012"}),
        ("windows-server/2016", TODAY, {"2025", "2022"}),
        ("exchange-server/2016", date(2018, 10, 21), {"2016", "2013"}),
        ("exchange-server/2016", date(2018, 10, 22), {"2019", "2016"}),
        ("sql-server/2016", date(2017, 9, 28), {"2016", "2014"}),
        ("sql-server/2016", date(2017, 9, 29), {"2017", "2016"}),
        ("visual-studio/2022", date(2025, 11, 10), {"2022", "2019"}),
        ("visual-studio/2022", date(2025, 11, 11), {"18", "2022"}),
        ("windows/10-ltsc-2021", TODAY, {"10-ltsc-2021", "10-ltsc-2019"}),
        ("windows/10", TODAY, {"11-25h2", "10"}),
        ("dynamics-crm/2016", TODAY, {"9", "2016"}),
        ("dynamics-nav/2018", TODAY, {"modern", "14"}),
    ],
)
def test_current_generations(key: str, day: date, current: set[str]) -> None:
    """The n and n-1 of a line change on the day of a release."""
    found = CATALOGUE.current(CATALOGUE.products[key], day)
    assert {product.key.rpartition("/")[2] for product in found} == current


@pytest.mark.parametrize(
    ("key", "mainstream", "extended"),
    [
        ("sql-server/2019", date(2025, 1, 14), date(2030, 1, 8)),
        ("windows-server/2022", date(2026, 10, 13), date(2031, 10, 14)),
        ("windows/10", date(2025, 10, 14), date(2025, 10, 14)),
    ],
)
def test_ends(key: str, mainstream: date, extended: date) -> None:
    """An end day is still in support, the day after is not."""
    product, a_day = CATALOGUE.products[key], date.resolution
    assert product.in_mainstream(mainstream)
    assert not product.in_mainstream(mainstream + a_day)
    assert product.in_support(extended)
    assert not product.in_support(extended + a_day)


def test_catalogue_is_whole() -> None:
    """The catalogue names over fifty installed products and many services, each with a source."""
    sources = values("products.yaml")["sources"]
    products = CATALOGUE.products.values()
    assert sum(product.route == "onprem" for product in products) > 50
    assert sum(product.route == "azure" for product in products) > 50
    assert {product.source for product in products} <= set(sources)
    assert all(product.checked_on >= date(2026, 11, 22) for product in products)


def test_ends_are_in_order() -> None:
    """Released before mainstream ends, mainstream no later than extended support."""
    for product in CATALOGUE.products.values():
        ends = [product.released, product.mainstream_end, product.extended_end]
        days = [day for day in ends if day is not None]
        assert days == sorted(days), product.key
        assert (product.mainstream_end is None) == (product.extended_end is None)


def test_ordinals_follow_releases() -> None:
    """Within a line a higher ordinal came out later."""
    for line in CATALOGUE.lines.values():
        dated = [product for product in line if product.released is not None]
        by_ordinal = sorted(dated, key=lambda product: (product.ordinal, product.released))
        by_release = sorted(dated, key=lambda product: (product.released, product.ordinal))
        assert by_ordinal == by_release


def _broken(path: tuple[str, ...], value: object) -> dict[str, Any]:
    whole: dict[str, Any] = copy.deepcopy(dict(values("products.yaml")))
    at = whole
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return whole


EXCHANGE = ("families", "exchange-server")


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("checked_on",), "yesterday", "products.checked_on: date wanted"),
        (("families",), [], "products.families: a table wanted"),
        ((*EXCHANGE, "name"), 5, "exchange-server.name: a table wanted"),
        ((*EXCHANGE, "name"), {"ja": "x"}, "exchange-server.name: 'en' is missing"),
        ((*EXCHANGE, "aliases"), "Exchange", "exchange-server.aliases: list wanted"),
        ((*EXCHANGE, "client"), "yes", "exchange-server.client: bool wanted"),
        ((*EXCHANGE, "aliases"), ["SQL Server"], "names exchange-server and sql-server"),
        ((*EXCHANGE, "versions", "2016", "ordinal"), "3", "2016.ordinal: int wanted"),
        ((*EXCHANGE, "versions", "2016"), {}, "exchange-server.versions.2016: 'source' is missing"),
    ],
)
def test_broken_values_name_the_place(path: tuple[str, ...], value: object, told: str) -> None:
    """A fault in the values says where it stands and what was wanted."""
    with pytest.raises(ValuesInvalid, match=told.replace(".", r"\.")):
        read_products(_broken(path, value))


def test_a_row_may_have_a_day_of_its_own() -> None:
    """A row checked later than the file says so itself."""
    path = (*EXCHANGE, "versions", "2016", "checked_on")
    later = read_products(_broken(path, date(2027, 1, 5)))
    found = later.find("Exchange Server 2016")
    assert isinstance(found, Product)
    assert found.checked_on == date(2027, 1, 5)
