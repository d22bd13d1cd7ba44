"""A visitor with a real browser, before the form."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import missing

ARGUMENTS = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu")
TYPED = {
    "ja": {
        "title": "更新後に DAG のメンバーが切り離される",
        "description": "更新プログラムの適用後、DAG のメンバーが 1 台ずつ切り離されます。\n"
        "イベント ID 1135 が記録されています。再起動しても改善しません。",
        "problem_type": "高可用性",
        "category": "データベース可用性グループ",
    },
    "en": {
        "title": "DAG members drop out after the update",
        "description": "Since the update members of the DAG drop out one by one.\nEvent id 1135.",
        "problem_type": "High availability",
        "category": "Database availability group",
    },
}
SE = {
    "ja": "Exchange Server サブスクリプション エディション (SE)",
    "en": "Exchange Server Subscription Edition (SE)",
}
PARTNER, AGENT = "4200002", "yamada@litware.example"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run Debian's Chromium."""
    program = shutil.which("chromium")
    if program is None:
        missing("Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        browser.close()


@contextmanager
def visiting(browser: Browser, address: str, lang: str = "ja", **more: Any) -> Iterator[Page]:
    """Open the form with a fresh browser; fail on any error that its console tells of."""
    locale = {"ja": "ja-JP", "en": "en-US"}[lang]
    context = browser.new_context(locale=locale, **more)
    page = context.new_page()
    page.set_default_timeout(20_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
    page.goto(address)
    yield page
    context.close()
    assert [one for one in faults if "422" not in one] == []


def fill_who(page: Page, product: str, agent: str = AGENT) -> None:
    """Say who files, and for which product."""
    page.fill("#f-partner", PARTNER)
    page.fill("#f-agent", agent)
    page.fill("#f-product", product)


def fill_details(page: Page, typed: Mapping[str, str]) -> None:
    """Fill in the second step of an installed product, and agree."""
    for name, text in typed.items():
        page.fill(f"#f-{name}", text)
    page.check("#f-consents-services_agreement")


def number(page: Page) -> str:
    """Wait for a request's page; give its number."""
    page.wait_for_url("**/requests/TR-*")
    return page.inner_text("#number")


def ticket(page: Page) -> str:
    """Wait until the page names the ticket, which it does by itself."""
    page.wait_for_selector("#ticket", timeout=60_000)
    return page.inner_text("#ticket")
