"""The challenge page: what has happened, Turnstile's widget, and what is said when it fails."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.live import Live

pytestmark = pytest.mark.browser

SCRIPTS = "https://challenges.cloudflare.com/**"
WIDGET = {"site_key": "1x00000000000000000000AA", "action": "challenge"}
# Turnstile itself is on the internet: this shows a button that passes, and says how it was asked.
TURNSTILE = """
window.turnstile = {
  render(place, options) {
    const button = document.createElement("button");
    button.textContent = "I am a person";
    button.dataset.asked = [options.sitekey, options.action].join(" ");
    button.addEventListener("click", () => options.callback("a-token"));
    place.append(button);
  },
};
"""


class Api:
    """The challenge's two answers, given to a page; `sent` are the tokens that came."""

    def __init__(self, page: Page) -> None:
        self.sent: list[str] = []
        self.refusal = ""
        page.route("**/api/v1/challenge", self._answer)

    def _answer(self, route: Route) -> None:
        if route.request.method == "GET":
            route.fulfill(json={"data": WIDGET})
            return
        sent: Any = route.request.post_data_json
        self.sent.append(sent["token"])
        if self.refusal:
            route.fulfill(status=400, json={"detail": self.refusal})
        else:
            route.fulfill(json={"data": {"passed_until": "2026-11-23T12:00:00Z"}})


@pytest.fixture
def api(page: Page) -> Api:
    return Api(page)


def open_page(page: Page, live: Live) -> None:
    page.goto(live.system.ports.address("dashboard") + "/challenge")


def turnstile(page: Page) -> None:
    page.route(SCRIPTS, lambda route: route.fulfill(content_type="text/javascript", body=TURNSTILE))


def test_a_passed_check_is_sent_and_leads_on(page: Page, live: Live, api: Api) -> None:
    turnstile(page)
    open_page(page, live)
    expect(page.get_by_text("Many odd requests came from your network")).to_be_visible()
    widget = page.get_by_role("button", name="I am a person")
    expect(widget).to_have_attribute("data-asked", f"{WIDGET['site_key']} challenge")
    widget.click()
    expect(page.get_by_role("heading", name="Done, go on")).to_be_focused()
    assert api.sent == ["a-token"]
    page.get_by_role("link", name="Go on").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()


def test_a_refused_token_is_told_and_the_check_can_be_made_again(
    page: Page, live: Live, api: Api
) -> None:
    turnstile(page)
    api.refusal = "This token was used already."
    open_page(page, live)
    page.get_by_role("button", name="I am a person").click()
    expect(page.get_by_role("status").filter(has_text=api.refusal)).to_be_visible()
    expect(page.get_by_role("button", name="I am a person")).to_have_count(0)
    api.refusal = ""
    page.get_by_role("button", name="Try again").click()
    page.get_by_role("button", name="I am a person").click()
    expect(page.get_by_role("heading", name="Done, go on")).to_be_visible()
    assert len(api.sent) == 2


def test_a_script_that_is_blocked_is_told_at_once_and_can_be_tried_again(
    page: Page, live: Live, api: Api
) -> None:
    page.route(SCRIPTS, lambda route: route.abort())
    open_page(page, live)
    expect(page.get_by_text("The check does not load.")).to_be_visible()
    assert api.sent == []
    page.unroute(SCRIPTS)
    turnstile(page)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("button", name="I am a person")).to_be_visible()
    expect(page.get_by_text("The check does not load.")).to_have_count(0)


@pytest.mark.usefixtures("api")
def test_a_script_that_never_comes_is_told_after_eight_seconds(page: Page, live: Live) -> None:
    page.clock.install()
    page.route(SCRIPTS, lambda route: None)
    with page.expect_request(SCRIPTS):
        open_page(page, live)
    page.clock.run_for(7_000)
    expect(page.get_by_text("Loading the check…")).to_be_visible()
    page.clock.run_for(2_000)
    expect(page.get_by_text("The check does not load.")).to_be_visible()


@pytest.mark.usefixtures("api")
def test_the_way_back_is_a_page_of_ours_that_led_here(page: Page, live: Live) -> None:
    turnstile(page)
    own = live.system.ports.address("dashboard")
    page.goto(f"{own}/asset/bitcoin")
    page.evaluate("location.assign('/challenge')")
    page.get_by_role("button", name="I am a person").click()
    expect(page.get_by_role("link", name="Go on")).to_have_attribute("href", f"{own}/asset/bitcoin")


@pytest.mark.usefixtures("api")
def test_turnstiles_script_may_be_loaded_on_this_page_and_on_no_other(
    page: Page, live: Live
) -> None:
    turnstile(page)
    open_page(page, live)
    expect(page.get_by_role("button", name="I am a person")).to_be_visible()
    page.evaluate("window.notReloaded = true")
    page.get_by_role("link", name="CryptoIntel, overview").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    assert page.evaluate("window.notReloaded") is None
    assert page.evaluate(
        """() => new Promise((resolve) => {
          const script = document.createElement("script");
          script.src = "https://challenges.cloudflare.com/turnstile/v0/api.js";
          script.addEventListener("load", () => resolve("loaded"));
          script.addEventListener("error", () => resolve("refused"));
          document.head.append(script);
        })"""
    ) == "refused"  # fmt: skip
