"""/docs in a browser: search, links into what is folded, keyboard, without and with its script."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from api import docs_page
from api.docs_script import SCRIPT
from api.docs_style import CSS
from api.guide import markdown
from api.openapi import document
from api.routes import ROUTES

pytestmark = pytest.mark.browser
BASE = "https://api.example"
FILES = {
    "/docs": ("text/html", docs_page.page(document(ROUTES, BASE), markdown())),
    docs_page.STYLES: ("text/css", CSS),
    docs_page.SCRIPT: ("text/javascript", SCRIPT),
}
OPEN = "details.operation[open]"
SHOWN = "details.operation:not([hidden])"


def serve(page: Page) -> None:
    """Answer what the page asks for with what the routes would give, and nothing else."""

    def answer(route: Route) -> None:
        kind, text = FILES[route.request.url.removeprefix(BASE).partition("#")[0]]
        headers = {"content-security-policy": docs_page.POLICY}
        route.fulfill(body=text, content_type=f"{kind}; charset=utf-8", headers=headers)

    page.route("**/*", answer)


@pytest.fixture
def docs(page: Page) -> Page:
    serve(page)
    page.goto(f"{BASE}/docs")
    return page


@pytest.fixture
def unscripted(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    serve(page)
    yield page
    context.close()


def test_typing_shows_only_the_routes_that_have_every_word(docs: Page) -> None:
    docs.keyboard.press("/")
    docs.keyboard.type("rotate secret")
    expect(docs.locator(SHOWN)).to_have_count(1)
    expect(docs.get_by_role("status")).to_have_text(re.compile("^1 of "))
    assert docs.url.endswith("#find=rotate%20secret")
    docs.keyboard.press("Escape")
    assert docs.locator(SHOWN).count() > len(ROUTES)


def test_enter_opens_the_first_that_was_found_and_goes_there(docs: Page) -> None:
    docs.get_by_role("searchbox").fill("exports signals")
    docs.keyboard.press("Enter")
    expect(docs.locator(OPEN)).to_have_count(1)
    assert docs.evaluate("document.activeElement.tagName") == "SUMMARY"
    docs.keyboard.press("Enter")
    expect(docs.locator(OPEN)).to_have_count(0)


def test_what_nothing_has_is_said(docs: Page) -> None:
    docs.get_by_role("searchbox").fill("no such thing at all")
    expect(docs.locator("#none")).to_be_visible()


@pytest.mark.parametrize("name", ["market_data_market_data", "webhook_alert"])
def test_a_link_to_an_operation_opens_it(docs: Page, name: str) -> None:
    docs.goto("about:blank")
    docs.goto(f"{BASE}/docs#{name}")
    expect(docs.locator(f"#{name}")).to_be_visible()
    expect(docs.locator(f"details:has(> #{name}) > summary")).to_be_in_viewport()


def test_a_link_to_what_the_search_has_hidden_ends_the_search(docs: Page) -> None:
    docs.get_by_role("searchbox").fill("rotate")
    docs.evaluate("location.hash = '#problem-rate-limited'")
    expect(docs.locator("#problem-rate-limited")).to_be_in_viewport()
    expect(docs.get_by_role("searchbox")).to_have_value("")


def test_an_address_can_hold_a_search(docs: Page) -> None:
    docs.goto("about:blank")
    docs.goto(f"{BASE}/docs#find=%3Cb%3E")
    expect(docs.get_by_role("searchbox")).to_have_value("<b>")
    expect(docs.locator("#none")).to_be_visible()


def test_without_its_script_the_page_has_no_search_and_all_the_rest(unscripted: Page) -> None:
    unscripted.goto(f"{BASE}/docs#signals_page")
    assert not unscripted.locator("#find").is_visible()
    unscripted.locator("summary").filter(has_text="/api/v1/batch").click()
    assert unscripted.locator("#batch_batch").is_visible()
