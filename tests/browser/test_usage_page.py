"""The usage page: one's own numbers as the API tells them, and everybody's for administrators."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.books import become, sign_in
from tests.support.live import Live

pytestmark = pytest.mark.browser

VIEW = "**/api/v1/dashboard/usage*"


@pytest.fixture
def own(live: Live) -> str:
    return live.system.ports.address("dashboard")


@pytest.fixture
def reader(page: Page, live: Live) -> Iterator[Page]:
    """A page of the demo user, a trader; of somebody else requests are counted too."""
    sign_in(page, live)
    live.write(
        "INSERT INTO user_analytics (user_id, timestamp, endpoint, credential, requests, errors)"
        " SELECT 'u_other', unixepoch() / 3600 * 3600, 'GET /api/v1/secret', '', 9, 0"
        " UNION ALL SELECT 'demo', unixepoch() / 3600 * 3600, 'GET /api/v1/mine', '', 40, 10"
        " ON CONFLICT DO NOTHING"
    )
    yield page
    become(live, "trader")


def test_the_page_tells_what_the_api_tells_of_the_reader_alone(reader: Page, own: str) -> None:
    with reader.expect_response(VIEW) as answer:
        reader.goto(f"{own}/usage")
    told = answer.value.json()["data"]
    mine = reader.get_by_role("row").filter(has_text="/api/v1/mine")
    expect(mine).to_contain_text("40")
    expect(mine).to_contain_text("25%")
    left = told["quota"]["per_day"] - told["quota"]["requests_today"]
    expect(reader.get_by_role("region", name="Totals")).to_contain_text(f"{left:,}")
    expect(reader.get_by_text("/api/v1/secret")).to_have_count(0)
    expect(reader.get_by_role("link", name="Everybody’s revenue")).to_have_count(0)
    reader.get_by_role("button", name="By key").click()
    expect(reader.get_by_text("This dashboard, and access tokens")).to_be_visible()


def test_the_days_are_in_the_address(reader: Page, own: str) -> None:
    reader.goto(f"{own}/usage?days=30")
    pressed = reader.get_by_role("button", name="30 days")
    expect(pressed).to_have_attribute("aria-pressed", "true")
    with reader.expect_response(lambda answer: "usage?days=90" in answer.url):
        reader.get_by_role("button", name="90 days").click()
    assert reader.url.endswith("?days=90")


def test_administrators_go_on_to_everybodys(reader: Page, live: Live, own: str) -> None:
    become(live, "admin")
    reader.goto(f"{own}/usage")
    expect(reader.get_by_role("region", name="Who asks most")).to_contain_text("u_other")
    reader.get_by_role("link", name="Everybody’s revenue").click()
    expect(reader.get_by_role("heading", level=1, name="Revenue")).to_be_visible()
    reader.get_by_role("link", name="Your usage").click()
    expect(reader.get_by_role("heading", level=1, name="Usage")).to_be_visible()


def test_what_could_not_be_renewed_stays_and_says_so(reader: Page, own: str) -> None:
    reader.goto(f"{own}/usage")
    totals = reader.get_by_role("region", name="Totals")
    expect(totals).to_be_visible()
    reader.route(VIEW, lambda route: route.fulfill(status=503, json={"detail": "It is away."}))
    reader.evaluate("dispatchEvent(new Event('online'))")
    expect(reader.get_by_text("It is away.")).to_be_visible(timeout=15_000)
    expect(totals).to_be_visible()
