"""Where the consent page leads, and that nobody is sent where it did not say."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.asking import CALLBACK, Asking, registered
from tests.support.live import Live

# The size of the screen makes no difference here.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("page", [(1440, 900)], indirect=True, ids=["desktop"]),
]

QUESTION: dict[str, Any] = {
    "client": {"client_id": "app_1", "name": "Odd", "website": None},
    "scopes": [], "already_granted": False, "redirect_to": None,
}  # fmt: skip


@pytest.fixture(scope="module")
def client_id(live: Live) -> Iterator[str]:
    yield from registered(live)


@pytest.fixture
def asking(page: Page, live: Live, client_id: str) -> Asking:
    asking = Asking(page, live, client_id)
    asking.sign_in()
    return asking


@pytest.mark.parametrize(
    ("changed", "more", "title"),
    [
        ({"client_id": "app_unknown"}, "", "This app is not known"),
        ({"redirect_uri": "https://evil.example/"}, "", "This app may not send you there"),
        ({"redirect_uri": "javascript:alert(1)"}, "", "This app may not send you there"),
        ({}, "&redirect_uri=https%3A%2F%2Fevil.example", "This request cannot be answered"),
    ],
)
def test_a_wrong_request_is_told_on_the_page_and_leads_nowhere(
    page: Page, asking: Asking, changed: dict[str, str], more: str, title: str
) -> None:
    asking.open(more, **changed)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_text("You were sent nowhere")).to_be_visible()
    expect(page.get_by_role("link", name="Go to the overview")).to_have_attribute("href", "/")
    assert asking.stays()


def test_an_app_learns_of_its_mistake_only_when_the_reader_goes_back_to_it(
    page: Page, asking: Asking
) -> None:
    asking.open(scope="webhooks:write")
    expect(page.get_by_role("heading", level=1)).to_have_text("The app asked in a wrong way")
    assert asking.stays()
    page.get_by_role("link", name="Back to app.graphsync.example").click()
    assert asking.landed()["error"] == ["invalid_scope"]


@pytest.mark.parametrize(
    "answered",
    [
        "javascript:document.title='ran'",
        "https://evil.example/callback?code=c",
        f"{CALLBACK}.evil.example/?code=c",
        "http://app.graphsync.example/callback?code=c",
    ],
)
def test_no_answer_leads_elsewhere_than_was_said(page: Page, asking: Asking, answered: str) -> None:
    asking.decide_instead(answered)
    asking.open()
    asking.press("Allow")
    expect(page.get_by_text("would have led somewhere else than was said")).to_be_visible()
    assert asking.stays()
    assert "ran" not in page.title()


@pytest.mark.parametrize(
    "registered_as",
    ["javascript:document.title='ran'//", "data:text/html,ran", "http://app.example/callback"],
)
def test_an_address_that_no_app_may_have_is_not_opened_even_if_the_api_knows_it(
    page: Page, asking: Asking, registered_as: str
) -> None:
    asking.decide_instead(f"{registered_as}?code=c", QUESTION)
    asking.open(redirect_uri=registered_as)
    asking.press("Allow")
    expect(page.get_by_text("would have led somewhere else than was said")).to_be_visible()
    assert asking.stays()
    assert "ran" not in page.title()


def test_a_mistake_is_not_a_way_to_such_an_address_either(page: Page, asking: Asking) -> None:
    wrong = "javascript:document.title='ran'//"
    asking.decide_instead(question=QUESTION | {"redirect_to": f"{wrong}?error=invalid_scope"})
    asking.open(redirect_uri=wrong)
    expect(page.get_by_text("would have led somewhere else than was said")).to_be_visible()
    expect(page.get_by_role("link", name="Back to")).to_have_count(0)


def test_an_app_with_a_scheme_of_its_own_is_opened_and_the_page_says_so(
    page: Page, asking: Asking
) -> None:
    own = "com.example.app:/callback"
    asking.decide_instead(f"{own}?code=c", QUESTION)
    asking.open(redirect_uri=own)
    expect(page.get_by_text("com.example.app", exact=True)).to_be_visible()
    expect(page.get_by_text("an app that is installed on this device")).to_be_visible()
    asking.press("Allow")
    expect(page.get_by_role("heading", name="Allowed")).to_be_focused()
    expect(page.get_by_text("You are being taken to com.example.app.")).to_be_visible()
