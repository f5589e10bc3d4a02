from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tools.system import browser


# Not longer than a module: an open playwright keeps its event loop running in this thread.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=browser.ensure(), args=list(browser.FLAGS)
        )
        yield running
        running.close()
