from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from ledger.tables import requests
from ops.demo.samples import Samples
from ops.site import Site
from tests.journeys.browsing import (
    AGENT,
    PARTNER,
    SE,
    TYPED,
    chromium,
    fill_details,
    fill_who,
    number,
    ticket,
    visiting,
)
from tests.journeys.conftest import started

pytestmark = pytest.mark.timeout(300)
PHONE = {"viewport": {"width": 320, "height": 640}, "is_mobile": True, "has_touch": True}
CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module", name="site")
def _site(tmp_path_factory: pytest.TempPathFactory, samples: Samples) -> Iterator[Site]:
    with started(tmp_path_factory.mktemp("form"), samples) as site:
        yield site


@pytest.fixture(scope="module", name="browser")
def _browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def at_the_portal(site: Site) -> list[str]:
    """Give the numbers of the tickets that the portals hold."""
    answer = httpx.get(f"{site.sandbox_url}/_sandbox/tickets").json()
    tickets = answer["tickets"] if isinstance(answer, dict) else answer
    return [one["number"] for one in tickets]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_filling_in_live(site: Site, browser: Browser, tmp_path: Path, lang: str) -> None:
    """A refusal and its remedy are shown while typing; put right, it ends with a ticket."""
    refusal = {"ja": "コア特典", "en": "is not covered by"}[lang]
    log = tmp_path / "ログ.txt"
    log.write_text("1135", encoding="utf-8")
    with visiting(browser, site.http_url, lang) as page:
        fill_who(page, "Exchange Server 2010")
        page.wait_for_selector(f"#verdict.is-rejected:has-text('{refusal}')")
        page.wait_for_selector("#verdict .remedy")
        page.fill("#f-product", SE[lang])
        fill_details(page, TYPED[lang])
        page.set_input_files("#f-attachments", log)
        page.wait_for_selector("#files li:has-text('ログ.txt')")
        page.wait_for_selector("#verdict .ok")
        page.click("#send")

        request = number(page)
        assert ticket(page) in at_the_portal(site)

    body = site.app.store.read(
        lambda db: db.execute(select(requests.c.body).where(requests.c.id == request)).scalar_one()
    )
    assert body["description"] == TYPED[lang]["description"]
    assert [one["name"] for one in body["attachments"]] == ["ログ.txt"]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_filling_in_without_javascript(site: Site, browser: Browser, lang: str) -> None:
    """Two pages from the server; an error keeps what was typed, and the ticket comes by itself."""
    go_on = {"ja": "次へ進む", "en": "Continue"}[lang]
    with visiting(browser, site.http_url, lang, java_script_enabled=False) as page:
        fill_who(page, SE[lang])
        page.click(f"button:text-is('{go_on}')")
        fill_details(page, {**TYPED[lang], "title": ""})
        page.click("#send")
        assert page.get_attribute("#f-title", "aria-invalid") == "true"
        assert page.input_value("#f-description") == TYPED[lang]["description"]
        page.fill("#f-title", TYPED[lang]["title"])
        page.click("#send")

        assert number(page)
        assert ticket(page) in at_the_portal(site)


def test_a_change_of_language_on_the_way(site: Site, browser: Browser) -> None:
    """What was typed, files and ids included, is there in the other language, and goes on in it."""
    with visiting(browser, site.http_url, "ja") as page:
        fill_who(page, SE["ja"], "tanaka@litware.example")
        page.fill("#f-access_id", "0248811357")
        page.fill("#f-title", "件名")
        page.set_input_files("#f-attachments", __file__)
        page.click("button.language:text-is('English')")
        page.wait_for_selector("h1:text-is('Create a support request')")

        assert page.input_value("#f-title") == "件名"
        assert page.input_value("#f-access_id") == "0248811357"
        assert "test_form.py" in page.inner_text("#files")
        page.wait_for_selector("#files button:has-text('Remove')")


def press(page: Page, text: str) -> None:
    """Go on to the next control by keyboard, and type there."""
    page.keyboard.press("Tab")
    page.keyboard.type(text)


def test_by_keyboard_alone(site: Site, browser: Browser) -> None:
    """From the first field to the number with Tab, blank and Enter; Enter alone never sends."""
    with visiting(browser, site.http_url, "en") as page:
        page.focus("#f-partner")
        page.keyboard.type(PARTNER)
        press(page, AGENT)
        page.keyboard.press("Tab")  # whose
        page.keyboard.press("Tab")  # kind
        press(page, SE["en"])
        page.keyboard.press("Enter")
        page.wait_for_selector("#f-title")
        tabs_to(page, "#f-title")
        for text in TYPED["en"].values():
            page.keyboard.insert_text(text)
            page.keyboard.press("Tab")
        tabs_to(page, "#f-consents-services_agreement")
        page.keyboard.press("Space")
        page.wait_for_selector("#verdict .ok")
        tabs_to(page, "#send")
        page.keyboard.press("Enter")

        assert number(page)


def tabs_to(page: Page, selector: str) -> None:
    """Press Tab until the control has the focus, which has to be seen."""
    for _ in range(40):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
        outline = page.evaluate(
            "() => { const one = document.activeElement; const choice = one.closest('.choice');"
            " const style = getComputedStyle(choice || one);"
            " return style.outlineStyle + style.boxShadow }"
        )
        assert outline != "nonenone", page.evaluate(
            "document.activeElement.outerHTML.slice(0, 200)"
        )
    raise AssertionError(f"{selector} is not reached by Tab")


def test_on_a_phone(site: Site, browser: Browser) -> None:
    """At 320 pixels nothing is wider than the screen, and what is touched is large enough."""
    with visiting(browser, site.http_url, "ja", **PHONE) as page:
        fill_who(page, SE["ja"])
        page.wait_for_selector("#f-title")
        fill_details(page, TYPED["ja"])
        for group in page.query_selector_all("details summary"):
            group.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        small = page.eval_on_selector_all(
            "button:not(.first), .choice, select, summary, input:not([type=hidden])",
            "all => all.filter(one => one.offsetParent && !one.closest('label.choice input')"
            " && !['radio', 'checkbox'].includes(one.type)"
            " && one.getBoundingClientRect().height < 44).map(one => one.outerHTML)",
        )
        assert small == []
        page.wait_for_selector("#verdict .ok")
        page.tap("#send")

        assert number(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_going_back_and_clicking_twice_send_nothing_twice(site: Site, browser: Browser) -> None:
    """Two clicks, and a way back to the form to send it again, lead to one number."""
    with visiting(browser, site.http_url, "ja") as page:
        fill_who(page, SE["ja"])
        fill_details(page, TYPED["ja"])
        page.wait_for_selector("#verdict .ok")
        page.dblclick("#send")
        first = number(page)
        page.go_back()
        page.wait_for_selector("#f-title")
        assert page.input_value("#f-title") == TYPED["ja"]["title"]
        page.click("#send")

        assert number(page) == first


def test_files_are_dropped_and_taken_away(site: Site, browser: Browser) -> None:
    """A file that is dropped is listed; too large, it is told at once; taken away, it is gone."""
    drop = """size => { const bag = new DataTransfer();
      bag.items.add(new File([new Uint8Array(size)], 'dump.bin'));
      document.querySelector('.drop').dispatchEvent(
        new DragEvent('drop', { dataTransfer: bag, bubbles: true, cancelable: true })) }"""
    with visiting(browser, site.http_url, "en") as page:
        fill_who(page, SE["en"])
        page.wait_for_selector(".drop")
        page.evaluate(drop, 4_000_000)
        page.wait_for_selector("#f-attachments-error:has-text('3.0 MB')")
        page.click("#files button")

        assert page.is_hidden("#f-attachments-error")
        assert page.evaluate("document.querySelector('#f-attachments').files.length") == 0
        page.evaluate(drop, 10)
        assert page.evaluate("document.querySelector('#f-attachments').files[0].name") == "dump.bin"


def test_what_was_missing_is_filled_in_on_the_requests_page(site: Site, browser: Browser) -> None:
    """Sent as it is, a form waits for what it lacks, takes it there, and gets its ticket."""
    with visiting(browser, site.http_url, "ja") as page:
        fill_who(page, SE["ja"])
        fill_details(page, {**TYPED["ja"], "category": ""})
        page.click("#send")
        page.click("button:text-is('このまま送信する')")
        first = number(page)
        page.wait_for_selector("#complete")
        page.fill("#f-category", "DAG")
        page.click("#complete .button")
        page.wait_for_selector("#standing[data-state=submitted]", timeout=60_000)

        assert page.inner_text("#number") == first
        assert ticket(page) in at_the_portal(site)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_read_and_has_a_name(site: Site, browser: Browser, scheme: str) -> None:
    """Every control has a name, every text a contrast of 4.5 at least, whatever the colours."""
    with visiting(browser, site.http_url, "ja", color_scheme=scheme) as page:
        fill_who(page, "Exchange Server 2010")
        page.wait_for_selector("#verdict.is-rejected")
        for group in page.query_selector_all("details summary"):
            group.click()
        page.click("#send")
        page.wait_for_selector("#summary-box")
        nameless = page.eval_on_selector_all(
            "input:not([type=hidden]), select, textarea",
            "all => all.filter(one => !one.labels.length).map(one => one.outerHTML)",
        )

        assert nameless == []
        assert page.evaluate("document.activeElement.id") == "summary-box"
        assert page.evaluate(CONTRAST) == []
