"""The system's health as everybody reads it."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.live import Live

pytestmark = pytest.mark.browser

VIEW = "**/api/v1/dashboard/system*"


@pytest.fixture
def own(live: Live) -> str:
    return live.system.ports.address("dashboard")


def test_every_part_is_told_with_what_is_known_of_it(page: Page, own: str) -> None:
    with page.expect_response(VIEW) as answer:
        page.goto(f"{own}/system")
    told = answer.value.json()["data"]
    parts = page.get_by_role("region", name="Parts")
    for part in told["parts"]:
        expect(parts.get_by_role("listitem").filter(has_text=part["name"])).to_contain_text(
            part["state"]
        )
    expect(page.get_by_role("row").filter(has_text="coingecko")).to_be_visible()
    versions = page.get_by_role("region", name="Versions")
    expect(versions).to_contain_text(told["migration"])
    expect(versions.get_by_role("row").filter(has_text="price anomaly")).to_contain_text("version")


def test_what_nobody_measures_is_said_to_be_unknown(page: Page, own: str) -> None:
    page.goto(f"{own}/system")
    figures = page.get_by_role("region", name="Figures")
    expect(figures).to_contain_text("p50 and p99 not recorded")
    expect(figures).to_contain_text("longer spans are not recorded")


def test_a_part_that_is_unwell_is_told_in_words_and_not_by_its_colour(page: Page, own: str) -> None:
    def unwell(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        body["data"]["parts"][4] |= {"state": "unhealthy", "says": "It does not answer."}
        body["data"]["health"]["status"] = "degraded"
        body["data"]["connections"] = None
        route.fulfill(response=answer, json=body)

    page.route(VIEW, unwell)
    page.goto(f"{own}/system")
    hub = page.get_by_role("listitem").filter(has_text="Live hub")
    expect(hub).to_contain_text("unhealthy")
    expect(page.get_by_text("the hub does not answer")).to_be_visible()
