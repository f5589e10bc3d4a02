from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tools.system import browser

VISITORS = (f"{number // 250}.{number % 250 + 1}" for number in count())  # of a network for tests


# Not longer than a module: an open playwright keeps its event loop running in this thread.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=browser.ensure(), args=list(browser.FLAGS)
        )
        yield running
        running.close()


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["desktop", "phone"])
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """An empty page of an American reader; anything the console complains of fails the test."""
    width, height = request.param
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        locale="en-US",
        # Its own requests pass by what a test puts in their way; tests/browser/app.py has one.
        service_workers="block",
        # What visitors may ask for is counted by address; on a fast machine all of these pages
        # together ask for more than one visitor may.
        extra_http_headers={"cf-connecting-ip": f"198.18.{next(VISITORS)}"},
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.unroute_all(behavior="ignoreErrors")  # a refresh may be under way
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
    assert complaints == []
