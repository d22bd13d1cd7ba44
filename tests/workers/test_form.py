from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from typing_extensions import override

from contracts.ids import is_request_id
from ledger.store import Store
from ledger.tables import requests
from tests.builders import ACCESS_ID, CONTRACT_ID
from tests.driving import Driver
from tests.workers.form import KEY, SEND, asks, count, errors, key_of, number_in, post, typed
from tests.workers.serving import serving
from workers.listeners.form.sending import token_of

pytestmark = pytest.mark.costly


@pytest.fixture(name="web")
def _web(driver: Driver) -> Iterator[httpx.Client]:
    with serving(driver.app) as client:
        yield client


def test_a_form_leads_to_its_number_and_its_ticket(driver: Driver, web: httpx.Client) -> None:
    """303 to a page with the number; once the ticket exists, the page names it and rests."""
    answer = post(web, typed(key=KEY, **SEND))
    before = web.get(answer.headers["Location"]).text
    driver.settle()
    after = web.get(answer.headers["Location"]).text

    assert is_request_id(number_in(answer))
    assert "受け付けました" in before
    assert 'http-equiv="refresh"' in before
    assert driver.tickets()[0]["number"] in after


def test_the_same_form_is_the_same_request(driver: Driver, web: httpx.Client) -> None:
    """A double click, a reload and a second try give one number, and one request."""
    values, files = typed(key=KEY, **SEND), [("log.txt", b"text")]
    numbers = {number_in(post(web, values, files=files)) for _ in range(3)}

    assert len(numbers) == 1
    assert count(driver) == (1, 0)


def test_a_used_key_with_other_content_is_told(driver: Driver, web: httpx.Client) -> None:
    """409 with the first one's number and page; sent again from there it is a new request."""
    first = post(web, typed(key=KEY, **SEND))
    other = post(web, typed(key=KEY, title="別の件", **SEND))
    again = post(web, typed(key=key_of(other.text), title="別の件", **SEND))

    assert other.status_code == 409
    assert first.headers["Location"].replace("&", "&amp;") in other.text
    assert key_of(other.text) != KEY
    assert number_in(again) != number_in(first)
    assert count(driver)[0] == 2


@pytest.mark.parametrize(
    ("fields", "asked", "not_asked"),
    [
        (
            {"product": "Virtual Machines"},
            {"severity", "problem_type", "access_id", "consents.advanced_diagnostics"},
            {"category", "payment", "consents.services_agreement", "subscription_id"},
        ),
        (
            {"product": "Exchange Online", "whose": "customer", "customer": "fabrikam.example"},
            {"contact.name", "contact.email", "contact.phone", "entry"},
            {"severity", "category", "problem_type", "access_id", "payment"},
        ),
        (
            {"product": "Windows Server 2025"},
            {"category", "problem_type", "payment", "consents.services_agreement", "contract"},
            {"subscription_id", "resource_id", "entry", "consents.advanced_diagnostics"},
        ),
        (
            {"kind": "advisory", "product": None},
            {"contact.name"},
            {"severity", "category", "access_id", "payment", "consents.services_agreement"},
        ),
    ],
    ids=["azure", "office", "onprem", "partner portal"],
)
def test_the_second_step_asks_what_the_rules_ask(
    web: httpx.Client, fields: dict[str, Any], asked: set[str], not_asked: set[str]
) -> None:
    """By product: what its route needs or allows, and nothing of another's."""
    first = {name: None for name in typed() if name not in {"partner", "agent", "whose", "kind"}}
    page = post(web, typed(**{**first, **fields, "go": "next"})).text

    assert {"title", "description", "attachments", *asked} <= asks(page)
    assert not not_asked & asks(page)


def test_what_is_missing_stands_beside_its_field(driver: Driver, web: httpx.Client) -> None:
    """422 with each field's error, and what was typed; no secret comes back, nothing is kept."""
    values = typed(key=KEY, title="  ", category=None, contract_id=CONTRACT_ID, **SEND)
    answer = post(web, values, files=[("log.txt", b"text")])

    assert answer.status_code == 422
    assert errors(answer.text).keys() == {"title", "category"}
    assert 'href="#f-title"' in answer.text
    assert typed()["description"] in answer.text
    assert "もう一度入力・選択してください" in answer.text
    assert CONTRACT_ID not in answer.text
    assert key_of(answer.text) == KEY
    assert count(driver) == (0, 0)


def test_what_cannot_be_read_stands_beside_its_field(web: httpx.Client) -> None:
    """A value that the contract refuses is told at its field, in the page's language."""
    values = typed(contact__email="nobody", started_at="yesterday", go="send", lang="en")
    answer = post(web, values)

    assert answer.status_code == 422
    assert errors(answer.text).keys() == {"contact-email", "started_at"}
    assert "name@example.com" in errors(answer.text)["contact-email"]


def test_a_refusal_is_told_before_it_is_sent(driver: Driver, web: httpx.Client) -> None:
    """Reason and remedy first; sent as it is, it has a number, and its page says the same."""
    values = typed(product="Exchange Server 2010", key=KEY)
    refused = post(web, {**values, **SEND})
    assert count(driver) == (0, 0)
    sent = post(web, {**values, "go": "anyway"})
    driver.settle()
    page = web.get(sent.headers["Location"]).text

    assert refused.status_code == 422
    assert 'value="anyway"' in refused.text
    for text in (refused.text, page):
        assert "コア特典" in text
        assert "アップグレード" in text
    assert "受け付けられませんでした" in page


def test_checking_leaves_nothing_behind(driver: Driver, web: httpx.Client) -> None:
    """A live check has the rules' answer, and no request, event or quarantine comes of it."""
    answer = post(web, typed(access_id=ACCESS_ID, contract_id=CONTRACT_ID), to="/form/check")

    assert "送信できます" in answer.text
    assert ACCESS_ID not in answer.text
    assert count(driver) == (0, 0)
    assert driver.events() == []


def test_missing_fields_come_under_the_same_number(driver: Driver, web: httpx.Client) -> None:
    """An incomplete request's page offers what it lacks; filled in, it goes on to its ticket."""
    sent = post(web, typed(category=None, key=KEY, go="anyway"))
    driver.settle()
    address = sent.headers["Location"]
    page = web.get(address).text
    fields = {
        "key": key_of(page),
        "token": httpx.URL(address).params["token"],
        "category": "DAG",
    }
    to = httpx.URL(address).path
    answers = [post(web, fields, to=to) for _ in range(2)]
    driver.settle()

    assert asks(page) == {"category"}
    assert [number_in(one) for one in answers] == [number_in(sent)] * 2
    assert driver.tickets()[0]["number"] in web.get(address).text


def test_blank_and_unfit_completions_are_told(driver: Driver, web: httpx.Client) -> None:
    """Nothing typed, or what cannot be read: 422, the field's error, and it stays incomplete."""
    sent = post(
        web,
        typed(
            product="Exchange Online",
            contact__name="佐藤",
            contact__method="email",
            go="anyway",
        ),
    )
    driver.settle()
    address = httpx.URL(sent.headers["Location"])
    fields = {"key": KEY, "token": address.params["token"]}
    blank = post(web, fields, to=address.path)
    unfit = post(web, {**fields, "contact.email": "nobody"}, to=address.path)

    assert [blank.status_code, unfit.status_code] == [422, 422]
    assert errors(blank.text).keys() == errors(unfit.text).keys() == {"contact-email"}
    assert driver.story(number_in(sent)).line.state == "incomplete"


def test_attachments_go_with_the_request(driver: Driver, web: httpx.Client) -> None:
    """Each file as base64, with its name and type, and nothing of the path it came from."""
    files = [("C:\\logs\\ログ.txt", "本文".encode()), ("b.txt", b"\x00\xff")]
    number = number_in(post(web, typed(**SEND), files=files))
    body = driver.app.store.read(
        lambda db: db.execute(select(requests.c.body).where(requests.c.id == number)).scalar_one()
    )

    assert [one["name"] for one in body["attachments"]] == ["ログ.txt", "b.txt"]
    assert [base64.b64decode(one["content"]) for one in body["attachments"]] == [
        octets for _, octets in files
    ]


class Away(Exception):
    """The process ends here."""


@pytest.mark.parametrize("place", ["record.received", "record.stored", "record.hinted"])
def test_a_crash_before_the_answer_costs_nothing(driver: Driver, place: str) -> None:
    """Wherever it ends between reading and answering, the same form gets one number."""
    struck: list[str] = []

    def reach(name: str, _request: str = "") -> None:
        if name == place and not struck:
            struck.append(name)
            raise Away

    with serving(replace(driver.app, reach=reach)) as web:
        lost = post(web, typed(key=KEY, **SEND))
        again = {number_in(post(web, typed(key=KEY, **SEND))) for _ in range(2)}

    assert lost.status_code == 500
    assert struck == [place]
    assert len(again) == 1
    assert count(driver) == (1, 0)


class Gone(Store):
    """A database that cannot be reached."""

    def __init__(self) -> None:
        pass

    @override
    def read(self, work: Any) -> Any:
        del work
        raise OperationalError("gone", None, Exception())

    write = read


def test_a_database_that_is_away_loses_nothing_typed(driver: Driver, web: httpx.Client) -> None:
    """503 with the form as it was, and the word that sending again is safe; later it goes."""
    values = typed(key=KEY, **SEND)
    with serving(replace(driver.app, store=Gone())) as lame:
        empty, answer = lame.get("/"), post(lame, values)
        token = token_of(driver.app, "TR-0")
        page = lame.get(f"/requests/TR-0?token={token}")

    assert (empty.status_code, answer.status_code, page.status_code) == (200, 503, 503)
    assert typed()["description"] in answer.text
    assert "二重に登録されることはありません" in answer.text
    assert key_of(answer.text) == KEY
    assert is_request_id(number_in(post(web, values)))


def test_what_cannot_be_stored_is_told(driver: Driver, web: httpx.Client) -> None:
    """Text that PostgreSQL does not take: 422, kept in quarantine as by every way in."""
    answer = post(web, typed(title="a\x00b", **SEND))

    if answer.status_code == 303:
        assert count(driver) == (1, 0)  # SQLite takes it
        return
    assert answer.status_code == 422
    assert "保存できませんでした" in answer.text
    assert count(driver) == (0, 1)


@pytest.mark.parametrize(
    ("header", "query", "lang"),
    [
        ("ja", "", "ja"),
        ("en-GB,en;q=0.8", "", "en"),
        ("fr, en;q=0.3, ja;q=0.7", "", "ja"),
        ("de", "", "ja"),
        ("ja;q=0, en;q=x, *", "", "ja"),
        ("ja", "?lang=en", "en"),
        ("en", "?lang=xx", "en"),
    ],
)
def test_the_language_is_the_visitors(
    web: httpx.Client, header: str, query: str, lang: str
) -> None:
    """By `Accept-Language` with its weights; the address has the last word."""
    page = web.get(f"/{query}", headers={"Accept-Language": header}).text

    assert f'<html lang="{lang}">' in page


def test_a_change_of_language_keeps_what_was_typed(web: httpx.Client) -> None:
    """The switch posts the form: the page comes back in the other language, and goes on in it."""
    page = post(web, typed(lang="ja", to="en", key=KEY)).text
    sent = post(web, typed(lang="en", key=KEY, **SEND))

    assert '<html lang="en">' in page
    assert typed()["description"] in page
    assert sent.headers["Location"].endswith("&lang=en")


def test_products_are_offered_by_name(web: httpx.Client) -> None:
    """Names of both languages are listed; a family or a slip brings names to choose from."""
    page = web.get("/", headers={"Accept-Language": "en"}).text
    family = post(web, typed(product="エクスチェンジ", go="next")).text
    slip = post(web, typed(product="Sharepoint Sever 2019", go="next")).text
    picked = post(web, typed(product="エクスチェンジ", pick="Exchange Server 2019")).text

    assert '<option value="Virtual Machines" label="仮想マシン">' in page
    assert 'name="pick" value="Exchange Server 2019"' in family
    assert 'name="pick" value="SharePoint Server 2019"' in slip
    assert "title" not in asks(family)
    assert "title" in asks(picked)


def test_a_customers_request_names_the_customer(driver: Driver, web: httpx.Client) -> None:
    """Asked on a customer's behalf, the tenant is wanted; for our own, what was typed stays out."""
    for_customer = typed(product="Exchange Online", whose="customer", **SEND)
    nobody = post(web, for_customer)
    own = typed(customer="nobody.example", whose="own", **SEND)
    number = number_in(post(web, own))

    assert "customer" in errors(nobody.text)
    assert (
        driver.app.store.read(
            lambda db: db.execute(
                select(requests.c.customer).where(requests.c.id == number)
            ).scalar()
        )
        is None
    )


def test_typed_values_of_another_product_are_carried(web: httpx.Client) -> None:
    """What the chosen product does not ask for waits in the page, and is not sent."""
    page = post(web, typed(product="Exchange Online", category="DAG")).text

    assert '<input type="hidden" name="category" value="DAG">' in page


def test_what_the_rules_say_is_said_to_a_person(web: httpx.Client) -> None:
    """No page names a field as systems do."""
    pages = [
        post(web, typed(product="SQL Server 2017", lang=lang), to="/form/check").text
        for lang in ("ja", "en")
    ]

    assert "支払方法を「インシデントごとに支払う」に" in pages[0]
    assert "choose “Pay per incident”" in pages[1]
    assert [page for page in pages if "payment to" in page or "payment を" in page] == []
