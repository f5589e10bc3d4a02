"""The app as somebody installs it: a browser of his own, with the service worker."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright

from tests.support.live import Live
from tools.system import browser

# Asked for by evaluating: waiting for a function needs an eval, which the pages' policy forbids.
SERVED = """
() => navigator.serviceWorker.controller !== null || new Promise((served) =>
  navigator.serviceWorker.addEventListener("controllerchange", () => served(true), { once: true }))
"""
# What the service worker keeps: the paths by the name of each cache.
KEPT = """
async () => {
  const kept = {};
  for (const name of await caches.keys()) {
    const asked = await (await caches.open(name)).keys();
    kept[name] = asked.map((one) => new URL(one.url).pathname);
  }
  return kept;
}
"""


@contextmanager
def installed(
    playwright: Playwright, folder: Path, *, phone: bool = True
) -> Iterator[BrowserContext]:
    """Start a browser with a profile in `folder`: what it keeps outlives a page, as on a phone."""
    size = {"width": 390, "height": 844} if phone else {"width": 1440, "height": 900}
    context = playwright.chromium.launch_persistent_context(
        folder,
        executable_path=browser.ensure(),
        args=list(browser.FLAGS),
        viewport=size,  # type: ignore[arg-type]
        locale="en-US",
        permissions=["notifications"],
    )
    try:
        yield context
    finally:
        context.close()


def visit(context: BrowserContext, live: Live, path: str = "/") -> Page:
    """Open a page and wait until the service worker serves it."""
    page = context.pages[0] if context.pages else context.new_page()
    page.goto(live.system.ports.address("dashboard") + path)
    assert page.evaluate(SERVED)
    return page


def kept(page: Page) -> dict[str, list[str]]:
    """Return the paths that the service worker keeps, by cache."""
    found: dict[str, list[str]] = page.evaluate(KEPT)
    return found


def answers(page: Page) -> dict[str, list[str]]:
    """Return the answers of views that are kept, by whose they are."""
    return {name: paths for name, paths in kept(page).items() if name.startswith("kept:")}


def worker(context: BrowserContext) -> Any:
    """Return the service worker, to run code in."""
    return context.service_workers[0] if context.service_workers else context.wait_for_event(
        "serviceworker"
    )  # fmt: skip
