"""The live stream of a page: shown at once, and by another way when one is closed."""

import json
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from signals.publish import COLUMNS
from tests.runtime.publishing import Publisher
from tests.support.live import Live

pytestmark = pytest.mark.browser

WAITED = 30_000  # three tries of a way, with their pauses


@pytest.fixture(scope="module")
def publisher(live: Live) -> Iterator[Publisher]:
    running = Publisher(live, "publisher-of-pages")
    yield running
    running.stop()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    yield context.new_page()
    context.close()


def open_overview(page: Page, live: Live, state: str) -> None:
    page.goto(live.system.ports.address("dashboard"))
    expect(page.locator(f"[data-connection={state}]").first).to_be_attached(timeout=WAITED)
    expect(page.locator("[data-asset]").first).to_be_attached(timeout=WAITED)


def newest_tick(page: Page, live: Live, publisher: Publisher, change: float) -> float:
    """Publish a tick with another change of Bitcoin; return the seconds until the page shows it."""
    stored = live.rows("SELECT symbol, name FROM assets WHERE asset_id = 'bitcoin'")[0]
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(live.time + 1))
    row = ["bitcoin", *stored, 70_000.5, 0.1, change, 30_000_000_000, 1_300_000_000_000, moment,
           "consensus"]  # fmt: skip
    tick = {"event": "tick", "tick": moment, "columns": list(COLUMNS), "rows": [row]}
    tile = page.locator(".heat-link[data-asset=bitcoin] [data-field=change]")
    began = time.monotonic()
    publisher.publish(tick)
    expect(tile).to_have_attribute("data-value", str(change), timeout=15_000)
    return time.monotonic() - began


def test_a_tick_is_seen_within_a_second_of_being_published(
    page: Page, live: Live, publisher: Publisher
) -> None:
    open_overview(page, live, "live")
    # Several tries, for the machine may be busy with something else for a while.
    assert any(newest_tick(page, live, publisher, 1.25 + n) < 1 for n in range(10))


def test_without_websockets_events_come_as_a_stream(
    page: Page, live: Live, publisher: Publisher
) -> None:
    page.route_web_socket("**/live*", lambda socket: socket.close(code=1011, reason="blocked"))
    open_overview(page, live, "live")
    newest_tick(page, live, publisher, 2.75)


def test_without_any_stream_the_views_are_polled_and_the_stream_is_taken_up_again(
    page: Page, live: Live, publisher: Publisher
) -> None:
    page.route_web_socket("**/live*", lambda socket: socket.close(code=1011, reason="blocked"))
    blocked = True

    def answer(route: Route) -> None:
        if blocked:
            route.fulfill(status=503, body=json.dumps({}))
        else:
            route.continue_()

    page.route("**/live/events*", answer)
    open_overview(page, live, "polling")
    blocked = False
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-connection=live]").first).to_be_attached(timeout=WAITED)
    newest_tick(page, live, publisher, 3.75)
