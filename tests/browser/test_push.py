"""A push message as a phone gets it: decrypted, shown by the service worker, opened, read."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from tests.browser.app import installed, visit
from tests.browser.axe import violations
from tests.runtime.receiver import Receiver
from tests.support.live import Live, eventually
from tests.support.signing_in import sign_in_browser
from tests.support.web_push import Browser

pytestmark = pytest.mark.browser

BROWSER = Browser.number(43)
SHOWN = """
async () => {
  const all = await (await navigator.serviceWorker.ready).getNotifications();
  return all.map(({ title, body, tag }) => ({ title, body, tag }));
}
"""


@pytest.fixture
def app(tmp_path: Path) -> Iterator[BrowserContext]:
    with sync_playwright() as playwright, installed(playwright, tmp_path) as context:
        yield context


@pytest.fixture
def service(live: Live) -> Iterator[Receiver]:
    """A push service that the demo user's phone is subscribed at, with every kind of signal."""
    key = {"authorization": f"Bearer {live.system.account.api_key}",
           "content-type": "application/json"}  # fmt: skip
    with Receiver() as made:
        body = {"endpoint": made.url, "p256dh": BROWSER.p256dh, "auth": BROWSER.auth}
        told = live.get("api", "/api/v1/push/subscriptions", key, "POST", json.dumps(body))
        assert told.status == 201, told.body
        path = "/api/v1/push/preferences"
        assert live.get("api", path, key, "PUT", '{"daily_cap": null}').status == 200
        yield made
        name = told.json()["data"]["subscription_id"]
        live.get("api", f"/api/v1/push/subscriptions/{name}", key, "DELETE")


def deliver(app: BrowserContext, page: Page, live: Live, text: str) -> None:
    """Hand a decrypted message to the page's service worker, as a push service does."""
    chromium = app.new_cdp_session(page)
    versions: list[Any] = []
    chromium.on("ServiceWorker.workerRegistrationUpdated",
                lambda told: versions.extend(told["registrations"]))  # fmt: skip
    chromium.send("ServiceWorker.enable")
    while not versions:  # events come while playwright waits for something
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    own = live.system.ports.address("dashboard")
    (registration,) = {one["registrationId"] for one in versions if own in one["scopeURL"]}
    chromium.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": own, "registrationId": registration, "data": text},
    )


def test_an_encrypted_signal_is_shown_counted_opened_and_read(
    app: BrowserContext, live: Live, service: Receiver
) -> None:
    live.next_tick()
    live.plant("jump", "cardano", live.time + 300, 0.15)
    tick = live.next_tick()
    messages = [BROWSER.read(body) for _, body in service.received]
    (message,) = [one for one in messages if one["tag"] == f"signal:{tick}-price_anomaly-cardano"]

    sign_in_browser(app.request, live)
    page = visit(app, live)
    for _ in range(2):  # at least once: the second replaces the first
        deliver(app, page, live, json.dumps(message))
    shown = eventually(lambda: page.evaluate(SHOWN))
    assert shown == [{key: message[key] for key in ("title", "body", "tag")}]
    sentence = live.rows("SELECT explanation FROM signals WHERE id = ?", message["signal_ids"][0])
    assert shown[0]["body"] == sentence[0][0]

    unread = "SELECT count(*) FROM push_messages WHERE signal_id = ? AND read_at IS NULL"
    assert live.rows(unread, message["signal_ids"][0]) == [(1,)]
    page.evaluate(  # what the service worker says to the page when the notification is clicked
        """(url) => navigator.serviceWorker.dispatchEvent(
          new MessageEvent("message", { data: { type: "open", url } }))""",
        message["url"] + "&read=" + message["signal_ids"][0],
    )
    page.wait_for_url(re.compile("/asset/cardano"))
    eventually(lambda: live.rows(unread, message["signal_ids"][0]) == [(0,)])
    eventually(lambda: "read=" not in page.evaluate("location.search"))


def test_a_message_that_cannot_be_read_still_shows_something(
    app: BrowserContext, live: Live
) -> None:
    page = visit(app, live)
    deliver(app, page, live, "no JSON")
    shown = eventually(lambda: page.evaluate(SHOWN))
    assert [one["title"] for one in shown] == ["CryptoIntel"]


def test_the_settings_of_notifications_are_kept(app: BrowserContext, live: Live) -> None:
    sign_in_browser(app.request, live)
    page = visit(app, live, "/settings/notifications")
    rules = page.get_by_label("Also what my alert rules fire on")
    expect(rules).to_be_visible(timeout=20_000)
    was = rules.is_checked()
    rules.click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.reload()
    expect(rules).to_be_checked(checked=not was, timeout=20_000)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
