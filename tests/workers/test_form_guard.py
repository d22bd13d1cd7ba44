from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.builders import ACCESS_ID, CONTRACT_ID
from tests.driving import Driver
from tests.workers.form import KEY, SEND, count, errors, post, typed
from tests.workers.serving import serving
from workers.bootstrap import form_for, read_settings

pytestmark = pytest.mark.costly


@pytest.fixture(name="web")
def _web(driver: Driver) -> Iterator[httpx.Client]:
    with serving(driver.app) as client:
        yield client


def test_ids_cannot_be_found_out_by_checking(web: httpx.Client) -> None:
    """After a few checks with ids, an address is told to wait."""
    values = typed(access_id="0000000001", contract_id="0000000001")
    statuses = [post(web, values, to="/form/check").status_code for _ in range(12)]

    assert statuses[:10] == [200] * 10
    assert statuses[-1] == 429


def test_ids_cannot_be_found_out_by_sending(driver: Driver, web: httpx.Client) -> None:
    """What is sent and not taken counts too; what was typed comes back, and nothing is stored."""
    values = typed(title="", access_id="0000000001", contract_id="0000000001", **SEND)
    answers = [post(web, values) for _ in range(12)]

    assert [one.status_code for one in answers[:10]] == [422] * 10
    assert answers[-1].status_code == 429
    assert values["description"] in answers[-1].text
    assert count(driver) == (0, 0)


def test_a_form_that_never_ends_is_let_go(driver: Driver) -> None:
    """Half a body holds its connection for as long as any message may take, and no longer."""
    quick = replace(driver.app, limits=replace(driver.app.limits, http_read_s=0.5))
    said = b"POST /form HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n{"
    with serving(quick) as web:
        web.get("/healthz")
        port = web.base_url.port or 0
        with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
            line.sendall(said)
            answered = line.makefile("rb").read()

    assert answered.startswith(b"HTTP/1.1 408")


def test_a_number_alone_opens_nothing(web: httpx.Client) -> None:
    """Without its token a request's page is not found, as if there were none."""
    address = httpx.URL(post(web, typed(**SEND)).headers["Location"])

    assert web.get(address.path).status_code == 404
    assert web.get(f"{address.path}?token={'0' * 32}").status_code == 404
    assert web.get(f"{address.path}?token=ä").status_code == 404
    assert post(web, {"token": "x", "title": "x"}, to=address.path).status_code == 404
    assert web.get(address).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
    ],
    ids=["cross-site", "same-site", "other origin"],
)
def test_another_site_files_nothing(
    driver: Driver, web: httpx.Client, headers: dict[str, str]
) -> None:
    """403 for a post from a page of another origin; nothing is stored."""
    answer = post(web, typed(**SEND), headers=headers)

    assert answer.status_code == 403
    assert count(driver) == (0, 0)


def test_a_strange_name_for_this_machine_is_refused(web: httpx.Client) -> None:
    """421 where someone's own domain leads to this machine: its pages are not ours."""
    assert web.get("/", headers={"Host": "evil.example"}).status_code == 421
    strange = post(web, typed(**SEND), headers={"Host": "evil.example"})
    assert strange.status_code == 421


def test_a_form_that_is_off_is_not_there(driver: Driver) -> None:
    """404 for every page of it; the API is there."""
    with serving(replace(driver.app, form="off")) as web:
        assert web.get("/").status_code == 404
        assert post(web, typed(**SEND)).status_code == 404
        assert web.get("/healthz").status_code == 200


def test_an_open_form_is_for_any_name(driver: Driver) -> None:
    """Set to open, it answers under whatever name its gateway gives it."""
    with serving(replace(driver.app, form="open")) as web:
        assert web.get("/", headers={"Host": "desk.example"}).status_code == 200


def test_what_is_no_form_is_refused(driver: Driver, web: httpx.Client) -> None:
    """400 with what to do for a body that no page of ours sends; nothing is stored."""
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    torn = web.post("/form", content=b"--x\r\nnonsense", headers=kind)
    other = web.post("/form", json={})

    assert [torn.status_code, other.status_code] == [400, 400]
    assert count(driver) == (0, 0)


@pytest.mark.parametrize(
    "files",
    [[("big.bin", b"x" * 3_200_000)], [("a", b"x")] * 21, [("empty.txt", b"")]],
    ids=["too large", "too many", "empty"],
)
def test_files_that_cannot_go_are_told(
    driver: Driver, web: httpx.Client, files: list[tuple[str, bytes]]
) -> None:
    """422 at the files, whichever button was pressed, with what was typed; nothing is stored."""
    for go in ("send", "anyway"):
        answer = post(web, typed(go=go), files=files)
        assert answer.status_code == 422
        assert errors(answer.text).keys() == {"attachments"}
        assert typed()["description"] in answer.text
    assert count(driver) == (0, 0)


def test_far_too_large_is_told_without_being_kept(driver: Driver, web: httpx.Client) -> None:
    """413 with the way back for more than a form can hold."""
    answer = post(web, typed(**SEND), files=[("huge.bin", b"x" * 17_000_000)])

    assert answer.status_code == 413
    assert "戻る" in answer.text
    assert count(driver) == (0, 0)


def test_nothing_typed_becomes_markup(driver: Driver, web: httpx.Client) -> None:
    """What a visitor types is text on every page."""
    evil = '"><script>alert(1)</script>'
    checked = post(web, typed(title=evil, product=evil, partner=evil)).text
    sent = post(web, typed(title=evil, **SEND))
    driver.settle()

    assert "<script>alert" not in checked
    assert "<script>alert" not in web.get(sent.headers["Location"]).text


def test_pages_let_nothing_foreign_in(web: httpx.Client) -> None:
    """A strict policy, no inline script or style, nothing from elsewhere."""
    for address in ("/", "/requests/TR-0", "/form/form.css", "/form/form.js", "/form/none"):
        answer = web.get(address)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert not re.search(r"<script(?! src=)|<style| style=| on\w+=", answer.text)
        assert not re.search(r'(?:src|href)="(?:https?:)?//', answer.text)


def test_ids_are_in_no_page_address_or_log(
    driver: Driver, web: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    """Checked, refused, sent, sent otherwise and looked at: an id is shown nowhere."""
    ids = {"access_id": ACCESS_ID, "contract_id": CONTRACT_ID}
    answers = [
        post(web, typed(key=KEY, **ids), to="/form/check"),
        post(web, typed(key=KEY, title="", **ids, **SEND)),
        post(web, typed(key=KEY, **ids, **SEND)),
        post(web, typed(key=KEY, title="別の件", **ids, **SEND)),
    ]
    driver.settle()
    answers.append(web.get(answers[2].headers["Location"]))

    assert [one.status_code for one in answers] == [200, 422, 303, 409, 200]
    shown = [caplog.text, *(f"{one.headers} {one.text}" for one in answers)]
    assert [text for text in shown if ACCESS_ID in text or CONTRACT_ID in text] == []


@pytest.mark.parametrize(
    ("settings", "whom"),
    [
        ({}, "local"),
        ({"senders": "registered"}, "off"),
        ({"http_host": "0.0.0.0"}, "off"),  # noqa: S104  (nothing listens)
        ({"http_host": "0.0.0.0", "form": "open"}, "open"),  # noqa: S104  (as above)
        ({"form": "off"}, "off"),
    ],
    ids=["as it comes", "registered", "reached", "opened", "off"],
)
def test_whom_the_form_is_for(settings: dict[str, Any], whom: str) -> None:
    """By itself it is there only on this machine, and only where anyone may send."""
    assert form_for(read_settings(**settings)) == whom
