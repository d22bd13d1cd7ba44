"""Products of the operator's own: laid over the catalogue, or left out as a whole and told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ops.__main__ import run
from tests.ops.conftest import SAMPLES
from workers.products_file import ProductsFault, read_products_file
from workers.rulebook import load, read_shelf

Output = pytest.CaptureFixture[str]
ON_PAPER = ["--directory", str(SAMPLES / "directory.yaml")]
ROW = "families.exchange-server.versions.2016"
OWN = """\
checked_on: 2026-12-01
sources:
  O: {title: "A letter from the maker", href: "https://maker.example/letter"}
families:
  exchange-server:
    versions:
      "2016":
        {ordinal: 30, released: 2015-10-01, mainstream_end: 2020-10-13, extended_end: 2027-10-14,
         source: O}
  acme-server:
    route: onprem
    name: {ja: アクメ サーバー, en: Acme Server}
    aliases: [Acme]
    versions:
      "3": {ordinal: 10, released: 2020-01-01, mainstream_end: null, extended_end: null, source: O}
  azure:
    services:
      acme-cloud: {name: Acme Cloud, aliases: [アクメ]}
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the place where the operator keeps products."""
    path = tmp_path / "products.yaml"
    monkeypatch.setenv("TORITSUGI_PRODUCTS_FILE", str(path))
    return path


def faults(text: str, path: Path) -> list[tuple[int, str]]:
    """Give the line and the place of every fault of a text."""
    path.write_text(text, encoding="utf-8")
    fault = read_shelf("2018", path).fault
    assert fault is not None
    return [(one.line, one.place) for one in fault.faults]


def test_rows_are_added_and_replaced(own: Path) -> None:
    """A row of the same key is the operator's; all others stay as they were released."""
    own.write_text(OWN, encoding="utf-8")
    shelf, released = read_shelf("2018", own), read_shelf("2018", own.parent / "none")
    found, before = shelf.book.products.products, released.book.products.products
    assert shelf.own == own
    assert str(found["exchange-server/2016"].extended_end) == "2027-10-14"
    assert (found["acme-server/3"].source, str(found["acme-server/3"].checked_on)) == (
        "O",
        "2026-12-01",
    )
    assert shelf.book.products.find("アクメ サーバー 3") == found["acme-server/3"]
    assert shelf.book.products.find("Acme Cloud") == found["azure/acme-cloud"]
    added = {"exchange-server/2016", "acme-server/3", "azure/acme-cloud"}
    assert {key for key in found if found[key] != before.get(key)} == added
    assert [key for key in found if key in before] == list(before)


def test_the_catalogue_itself_has_the_form(own: Path) -> None:
    """Whatever the catalogue may say, an operator's file may: as a whole it changes no product."""
    released = (
        Path(load.__code__.co_filename).parents[1] / "rules/values/products.yaml"
    ).read_text(encoding="utf-8")
    own.write_text(released, encoding="utf-8")
    shelf, before = read_shelf("2018", own), read_shelf("2018", own.parent / "none")
    assert shelf.fault is None
    assert shelf.book.products.products == before.book.products.products


def test_comments_alone_change_nothing(own: Path) -> None:
    """A file in which everything is commented out is no fault."""
    own.write_text("# nothing yet\n", encoding="utf-8")
    shelf = read_shelf("2018", own)
    assert (shelf.own, shelf.fault) == (own, None)
    assert shelf.products == load("products")


@pytest.mark.parametrize(
    ("said", "instead", "line", "place"),
    [
        ("families:", "families: }", 4, ""),
        ("  acme-server:", "  exchange-server:", 10, "families.exchange-server"),
        ("2026-12-01", "yesterday", 1, "checked_on"),
        ("extended_end: 2027-10-14,", "", 7, f"{ROW}.extended_end"),
        ("2027-10-14", "2019-10-14", 7, ROW),
        ("released: 2015-10-01", "released: 2015-02-30", 8, f"{ROW}.released"),
        ("ordinal: 30", "ordinal: thirty", 8, f"{ROW}.ordinal"),
        ("source: O", "source: Z", 9, f"{ROW}.source"),
        ("  O: {", "  L: {", 3, "sources.L"),
        ("    route: onprem\n", "", 10, "families.acme-server"),
        ("route: onprem", "route: fax", 11, "families.acme-server.route"),
        ("aliases: [Acme]", "alias: [Acme]", 13, "families.acme-server.alias"),
        ("aliases: [Acme]", "aliases: [Exchange]", 10, "families.acme-server"),
        ("  acme-server:", "  Acme Server:", 10, "families.Acme Server"),
        ("aliases: [アクメ]", "aliases: [VM]", 18, "families.azure.services.acme-cloud"),
        ("name: Acme Cloud", "name: {ja: アクメ}", 18, "families.azure.services.acme-cloud.name"),
    ],
)  # fmt: skip
def test_every_fault_has_its_line(
    said: str, instead: str, line: int, place: str, own: Path
) -> None:
    """What is wrong is named with its line and its place, whoever finds it."""
    assert said in OWN
    found = faults(OWN.replace(said, instead, 1), own)
    assert found[0][0] == line
    assert found[0][1].startswith(place)


def test_a_broken_file_stops_nothing(var: Path, own: Path, capsys: Output) -> None:
    """The decision stands on the catalogue as released, and says that the file was left out."""
    sample = str(SAMPLES / "http" / "aks-upgrade.json")
    own.write_text(OWN, encoding="utf-8")
    assert run(["explain", sample, *ON_PAPER, "--json"]) == 0
    before = capsys.readouterr()
    own.write_text(OWN.replace("route: onprem", "route: fax"), encoding="utf-8")
    assert run(["explain", sample, *ON_PAPER, "--json"]) == 0
    after = capsys.readouterr()
    assert after.out == before.out
    assert not before.err
    assert f"{own} is broken and left out" in after.err
    assert not var.exists()


def test_the_ledgers_commands_log_the_fault(imported: Path, own: Path, capsys: Output) -> None:
    """Whoever works on the ledger goes on, and the event log has a warning with the place."""
    own.write_text(OWN.replace("route: onprem", "route: fax"), encoding="utf-8")
    assert run(["ledger", "balance"]) == 0
    capsys.readouterr()
    events = [
        json.loads(one) for one in (imported / "log" / "toritsugi.jsonl").read_text().splitlines()
    ]
    (warning,) = (one for one in events if one["event"] == "products.ignored")
    assert warning["level"] == "warning"
    assert "families.acme-server.route" in warning["fault"]


def test_the_doctor_says_where(var: Path, own: Path, capsys: Output) -> None:
    """The place of the fault stands in the check; a file that is well is named."""

    def check() -> dict[str, Any]:
        run(["doctor", "--json"])
        checks = json.loads(capsys.readouterr().out)["checks"]
        (found,) = (one for one in checks if one["name"] == "products")
        assert isinstance(found, dict)
        return found

    assert not check()["ok"]  # it was set, and is not there
    own.write_text(OWN, encoding="utf-8")
    assert check()["ok"]
    assert str(own) in check()["says"]
    own.write_text(OWN.replace("ordinal: 30", "ordinal: thirty"), encoding="utf-8")
    broken = check()
    assert not broken["ok"]
    assert "line 8" in broken["says"]
    assert "families.exchange-server.versions.2016.ordinal" in broken["says"]
    assert not (var / "toritsugi.db").exists()


def test_decisions_and_rules_use_it(var: Path, own: Path, tmp_path: Path, capsys: Output) -> None:
    """A product of the operator's is routed by its row, and stands among the rule's values."""
    own.write_text(OWN, encoding="utf-8")
    request = json.loads((SAMPLES / "http" / "aks-upgrade.json").read_text(encoding="utf-8"))
    data = {**request.get("data", request), "product": "Acme 3"}
    (tmp_path / "acme.json").write_text(json.dumps(data), encoding="utf-8")
    run(["explain", str(tmp_path / "acme.json"), *ON_PAPER, "--json"])
    assert json.loads(capsys.readouterr().out)["route"] == "onprem"
    assert run(["rules", "show", "P-5", "--json"]) == 0
    values = {one["key"]: one for one in json.loads(capsys.readouterr().out)["values"]}
    assert values["acme-server/3"]["source"]["title"] == "A letter from the maker"
    assert not var.exists()


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    """A folder, other bytes than UTF-8 and a file that was named and is gone are told alike."""
    (tmp_path / "sjis.yaml").write_bytes("# 取次".encode("shift_jis"))
    for name in ("sjis.yaml", "gone.yaml", "."):
        with pytest.raises(ProductsFault, match=r"UTF-8|cannot be read"):
            read_products_file(tmp_path / name)
    assert read_shelf("2018", tmp_path / "gone.yaml").fault is None
    assert read_shelf("2018", tmp_path / "gone.yaml", must_exist=True).fault is not None
