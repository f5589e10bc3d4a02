"""Without a network: what was read last is there with its age, and changes are made later."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from tests.browser.app import answers, installed, visit
from tests.support.live import Live, eventually
from tests.support.signing_in import sign_in_browser
from tests.support.visitor import PASSWORD, Visitor

pytestmark = pytest.mark.browser

OFFLINE = re.compile("You are offline")
SETTINGS = "/settings/notifications"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[BrowserContext]:
    with sync_playwright() as playwright, installed(playwright, tmp_path) as context:
        yield context
        context.set_offline(False)


def offline(page: Page, path: str | None = None) -> None:
    """Cut the network and load the page anew, or another one."""
    page.context.set_offline(True)
    if path is None:
        page.reload()
    else:
        page.goto(path)


def every(page: Page) -> list[str]:
    return [path for paths in answers(page).values() for path in paths]


def test_a_page_that_was_read_is_read_again_offline_and_says_how_old_it_is(
    app: BrowserContext, live: Live
) -> None:
    page = visit(app, live, "/signals")
    eventually(lambda: "/api/v1/dashboard/signals" in answers(page).get("kept:guest", []))
    title = page.locator("main h1").first.inner_text()
    offline(page)
    expect(page.locator("main h1").first).to_have_text(title, timeout=20_000)
    notice = page.locator(".notice-stale").filter(has_text=OFFLINE).first
    expect(notice).to_be_visible(timeout=20_000)
    expect(notice.locator("time")).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_watchlist_is_readable_offline_and_by_nobody_else(
    app: BrowserContext, live: Live
) -> None:
    sign_in_browser(app.request, live)
    page = visit(app, live, "/watchlists")
    eventually(lambda: "/api/v1/dashboard/watchlists" in every(page))
    assert not [path for path in every(page) if "session" in path]
    offline(page)
    expect(page.locator(".notice-stale").filter(has_text=OFFLINE).first).to_be_visible()
    expect(page.get_by_text("Sign in to keep watchlists")).to_have_count(0)

    app.set_offline(False)
    page.reload()
    (mine,) = [name for name in answers(page) if name != "kept:guest"]
    sign_out(page)
    eventually(lambda: mine not in answers(page))
    offline(page)
    expect(page.get_by_text("Sign in to keep watchlists")).to_be_visible(timeout=20_000)


def test_the_next_user_of_a_device_finds_nothing_of_the_one_before(
    app: BrowserContext, live: Live
) -> None:
    Visitor(live, "10.79.0.1").sign_up("offline-other@example.com")
    sign_in_browser(app.request, live)
    page = visit(app, live, "/watchlists")
    eventually(lambda: len([name for name in answers(page) if name != "kept:guest"]) == 1)
    (first,) = [name for name in answers(page) if name != "kept:guest"]
    app.clear_cookies()
    headers = {"origin": live.system.ports.address("dashboard"), "x-requested-with": "cryptointel",
               "content-type": "application/json"}  # fmt: skip
    told = {"email": "offline-other@example.com", "password": PASSWORD}
    url = live.system.ports.address("dashboard") + "/session"
    assert app.request.post(url, headers=headers, data=told).ok
    page.reload()
    eventually(lambda: first not in answers(page))


def sign_out(page: Page) -> None:
    """Sign out as the page does."""
    done = page.evaluate(
        """async () => {
          const { data } = await (await fetch("/session")).json();
          const headers = { "X-Requested-With": "cryptointel", "X-CSRF-Token": data.csrf };
          return (await fetch("/session", { method: "DELETE", headers })).ok;
        }"""
    )
    assert done


def test_a_change_that_is_made_offline_is_sent_once_there_is_a_network(
    app: BrowserContext, live: Live
) -> None:
    sign_in_browser(app.request, live)
    page = visit(app, live, SETTINGS)
    quiet = page.get_by_label("Quiet hours")
    expect(quiet).to_be_visible(timeout=20_000)
    was = quiet.is_checked()
    app.set_offline(True)
    quiet.click()
    expect(page.get_by_text("1 change waits for a connection.")).to_be_visible(timeout=20_000)
    wanted = "SELECT quiet_from IS NOT NULL FROM push_preferences WHERE owner = 'demo'"
    assert live.rows(wanted) in ([], [(int(was),)])
    app.set_offline(False)
    eventually(lambda: live.rows(wanted) == [(int(not was),)])
    expect(page.get_by_text("1 change waits for a connection.")).to_have_count(0)


def test_a_change_that_the_server_refuses_later_is_told_to_the_reader(
    app: BrowserContext, live: Live
) -> None:
    sign_in_browser(app.request, live)
    page = visit(app, live, SETTINGS)
    expect(page.get_by_label("Quiet hours")).to_be_visible(timeout=20_000)
    app.set_offline(True)
    queued = """async () => {
      const change = { method: "PUT", path: "/api/v1/push/preferences",
        body: { time_zone: "Mars/Olympus" }, label: "The time zone" };
      const { port1, port2 } = new MessageChannel();
      const answered = new Promise((resolve) => { port1.onmessage = ({ data }) => resolve(data); });
      navigator.serviceWorker.controller.postMessage({ type: "enqueue", change }, [port2]);
      return (await answered).done;
    }"""
    assert page.evaluate(queued)
    app.set_offline(False)
    refused = page.get_by_text("The time zone was not done: No time zone is called")
    expect(refused).to_be_visible(timeout=30_000)
