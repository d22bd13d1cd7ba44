"""Takes the pictures of the form anew: `python -m tests.journeys.pictures` (make pictures).

Runs everything on this machine, with simulated portals, and writes into `docs/pictures/`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from config import logs
from ops.demo.play import SAMPLES
from ops.demo.samples import read_samples
from tests.journeys.browsing import (
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

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
DESK = {"viewport": {"width": 1120, "height": 780}}
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 1.5}


def main() -> None:
    """Take every picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as var,
        started(Path(var), read_samples(SAMPLES)) as site,
        chromium() as browser,
    ):
        for take in (refusal, ready, first, phone):
            take(browser, site.http_url)


def shot(page: Page, name: str, **more: Any) -> None:
    """Take one picture."""
    page.wait_for_timeout(300)
    page.screenshot(path=FOLDER / f"form-{name}.png", **more)


def first(browser: Browser, address: str) -> None:
    """Show the first page."""
    with visiting(browser, address, "en", **DESK) as page:
        shot(page, "first-en")


def refusal(browser: Browser, address: str) -> None:
    """Show a refusal and its remedy before anything is sent."""
    with visiting(browser, address, "ja", **DESK) as page:
        fill_who(page, "SQL Server 2017")
        page.wait_for_selector("#verdict.is-rejected")
        page.fill("#f-title", "ログ配布が停止する")
        page.evaluate("window.scrollTo(0, 0)")
        shot(page, "refusal-ja")


def ready(browser: Browser, address: str) -> None:
    """Show a form that may be sent, and what it leads to."""
    with visiting(browser, address, "ja", **DESK) as page:
        fill_who(page, SE["ja"])
        fill_details(page, TYPED["ja"])
        page.wait_for_selector("#verdict .ok")
        page.locator("#problem-title").scroll_into_view_if_needed()
        page.evaluate("document.querySelector('#problem-title').scrollIntoView()")
        shot(page, "details-ja")
        page.click("#send")
        number(page)
        ticket(page)
        shot(page, "number-ja")


def phone(browser: Browser, address: str) -> None:
    """Show what is missing, on a phone at night."""
    with visiting(browser, address, "en", color_scheme="dark", **PHONE) as page:
        fill_who(page, "virtual machines")
        page.wait_for_selector("#f-title")
        page.fill("#f-title", "Nobody reaches the machine")
        page.click("#send")
        page.wait_for_selector("#summary-box")
        page.evaluate("window.scrollTo(0, 0)")
        shot(page, "phone-en")


if __name__ == "__main__":
    logs.configure(style="json", level="error", process="pictures", stream=sys.stderr)
    main()
