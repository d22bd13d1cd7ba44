"""A spreadsheet becomes a request a row."""

from __future__ import annotations

import pytest

from adapters.inbound.csv_file import parse_csv
from contracts.incoming import Incoming, Parsed
from contracts.malformed import Malformed

ENGLISH = b"""\
id,partner,agent,product,severity,contact.email,contact.cc,consents.services_agreement,project.code
1,0461234,sato@contoso.example,azure/x,A,a@b.example,c@b.example; d@b.example,true,7
2,,,,,,,false,
"""
JAPANESE = "パートナーID,製品,重大度,件名,内容,電話番号,サービス契約への同意\n"
ROW = '4612345,Exchange Server 2016,Ｂ,届かない,"一行目\n二行目, 続き",03-1234-5678,はい\n'


def outcomes(raw: bytes, name: str = "list.csv") -> list[Incoming | Malformed]:
    """Give what became of the rows."""
    return [parsed.outcome for parsed in parse_csv(raw, name)]


def only(found: list[Parsed]) -> Malformed:
    """Give the one fault of a file."""
    (parsed,) = found
    assert isinstance(parsed.outcome, Malformed)
    return parsed.outcome


def test_field_names() -> None:
    """Dotted names nest, lists part at semicolons, truths are truths, unknown columns stay."""
    first, second = outcomes(ENGLISH)
    assert isinstance(first, Incoming)
    assert isinstance(second, Incoming)
    assert (first.source, first.id) == ("file:list.csv", "1")
    assert first.data == {
        "partner": "0461234",
        "agent": "sato@contoso.example",
        "product": "azure/x",
        "severity": "A",
        "contact": {"email": "a@b.example", "cc": ["c@b.example", "d@b.example"]},
        "consents": {"services_agreement": True},
        "project": {"code": "7"},
    }
    assert first.request.extra == {"project": {"code": "7"}}
    assert second.data == {"consents": {"services_agreement": False}}


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_japanese_headers(codec: str) -> None:
    """Labels as people write them, in the charsets that spreadsheets write."""
    (row,) = outcomes((JAPANESE + ROW).encode(codec))
    assert isinstance(row, Incoming)
    assert row.data == {
        "partner": "4612345",
        "product": "Exchange Server 2016",
        "severity": "B",
        "title": "届かない",
        "description": "一行目\n二行目, 続き",
        "contact": {"phone": "03-1234-5678"},
        "consents": {"services_agreement": True},
    }


def test_rows_without_id_have_a_stable_one() -> None:
    """The same row has the same number, in another order and another charset too."""
    (first,) = outcomes((JAPANESE + ROW).encode())
    (again,) = outcomes((JAPANESE + "\n" + ROW).encode("cp932"))
    (other,) = outcomes((JAPANESE + ROW.replace("届かない", "遅い")).encode())
    assert isinstance(first, Incoming)
    assert isinstance(again, Incoming)
    assert isinstance(other, Incoming)
    assert first.request_id() == again.request_id()
    assert first.id != other.id


def test_a_broken_row_spares_its_neighbours() -> None:
    """Each fault names its line; what follows is read."""
    raw = (JAPANESE + ROW + ROW.replace("Ｂ", "Z") + "1,2,3,4,5,6,7,8\n" + ROW).encode()
    good, wrong, long, last = outcomes(raw)
    assert isinstance(good, Incoming)
    assert isinstance(last, Incoming)
    assert isinstance(wrong, Malformed)
    assert (wrong.code, wrong.place) == ("invalid_data", "line 4, data.severity")
    assert wrong.source == "file:list.csv"
    assert isinstance(long, Malformed)
    assert long.place == "line 6"


def test_a_kept_row_can_be_fed_in_again() -> None:
    """The bytes of an item are a file of their own."""
    for parsed in parse_csv((JAPANESE + ROW + ROW.replace("4612345", "1")).encode("cp932"), "a"):
        assert [again.outcome for again in parse_csv(parsed.raw, "a")] == [parsed.outcome]


def test_quotation_marks() -> None:
    """A mark too many costs its row."""
    first, second, third = outcomes(b'title,product\n"a"b,c\nd,e\n"f,g\n')
    assert isinstance(first, Malformed)
    assert (first.place, "quotation mark" in first.message) == ("line 2", True)
    assert isinstance(second, Incoming)
    assert isinstance(third, Malformed)
    assert third.place == "line 4"


@pytest.mark.parametrize("sign", [";", "\t"])
def test_other_separators(sign: str) -> None:
    """Semicolon and tab are known from the header."""
    (row,) = outcomes(f"title{sign}product\na, b{sign}c\n".encode())
    assert isinstance(row, Incoming)
    assert row.data == {"title": "a, b", "product": "c"}


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (b"", "line 1"),
        (b"\n\n", "line 1"),
        (b"title,Title\na,b\n", "line 1"),
        ("title,件名\na,b\n".encode(), "line 1"),
        (b'"title\na,b\n', "line 1"),
        (b"title,,product\na,b,c\n", "line 2"),
        (b"contact,contact.email\na,b\n", "line 2, data.contact.email"),
        (b"contact.email,contact\na,b\n", "line 2, data.contact"),
    ],
)
def test_headers_that_cannot_be_read(raw: bytes, place: str) -> None:
    """A header that means two things, or nothing, is said so."""
    assert only(parse_csv(raw, "a.csv")).place == place


def test_size_is_limited() -> None:
    """The limit is the caller's."""
    assert only(parse_csv(b"title\n" + b"x" * 100, "a.csv", limit=50)).code == "too_large"
