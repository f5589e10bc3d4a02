"""News, entities, DeFi and on-chain: what surrounds the prices."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.views import alter
from tests.support.live import Live

pytestmark = pytest.mark.browser

MOMENT = "2026-11-22T12:00:00Z"


@pytest.fixture
def own(live: Live) -> str:
    return live.system.ports.address("dashboard")


def relation(name: str, kind: str, stories: int) -> dict[str, Any]:
    return {
        "type": "asset", "role": None, "kind": kind, "with": {"type": "exchange", "name": name},
        "stories": stories, "last_seen": MOMENT, "age_seconds": 60,
    }  # fmt: skip


def test_a_story_is_told_with_its_tone_its_age_and_whom_it_mentions(page: Page, own: str) -> None:
    with page.expect_response("**/api/v1/dashboard/news*") as answer:
        page.goto(f"{own}/news")
    told = answer.value.json()["data"]
    stories = page.get_by_role("region", name="Stories").get_by_role("listitem")
    expect(stories).to_have_count(len(told["stories"]))
    first = told["stories"][0]
    expect(stories.first).to_contain_text(first["title"])
    expect(stories.first.locator("time")).to_have_attribute(
        "datetime", re.compile(first["published_at"][:19])
    )


def test_a_filter_of_the_news_is_in_the_address_and_survives_the_way_back(
    page: Page, own: str
) -> None:
    page.goto(f"{own}/news")
    page.get_by_label("Tone", exact=True).select_option("negative")
    expect(page).to_have_url(re.compile(r"tone=negative"))
    told = page.get_by_role("region", name="Stories")
    expect(told.get_by_text("Positive")).to_have_count(0)
    page.get_by_role("region", name="Most told of").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/entity/"))
    page.go_back()
    expect(page).to_have_url(re.compile(r"/news\?tone=negative"))
    expect(page.get_by_label("Tone", exact=True)).to_have_value("negative")


def test_older_stories_follow_without_a_gap(page: Page, own: str) -> None:
    page.goto(f"{own}/news")
    stories = page.get_by_role("region", name="Stories").get_by_role("listitem")
    expect(stories).to_have_count(50)
    page.get_by_role("button", name="Show older stories").click()
    expect(stories.nth(50)).to_be_visible()
    titles = stories.locator(".story-title").evaluate_all("all => all.map((a) => a.href)")
    assert len(titles) == len(set(titles))


def test_the_graph_of_an_entity_leads_to_those_it_is_told_of_with(page: Page, own: str) -> None:
    relations = [relation("Kraken", "lists", 9), relation("A very long name indeed", "sues", 1)]
    alter(page, lambda data: data.get("entity", {}).update(relations=relations))
    page.goto(f"{own}/entity/asset/bitcoin")
    graph = page.get_by_role("group", name=re.compile("told of together"))
    expect(graph.get_by_role("link")).to_have_count(2)
    table = page.get_by_role("region", name="Relations")
    expect(table).to_contain_text("Kraken")
    node = graph.get_by_role("link", name="Kraken: lists, 9 stories")
    node.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/entity/exchange/Kraken$"))


def test_who_is_mentioned_nowhere_has_no_page(page: Page, own: str) -> None:
    page.goto(f"{own}/entity/person/Nobody%20At%20All")
    expect(page.get_by_text("There is nothing here")).to_be_visible()
    expect(page.get_by_text("No collected story mentions")).to_be_visible()


def test_yields_are_filtered_and_ordered_in_the_address(page: Page, own: str) -> None:
    page.goto(f"{own}/defi")
    rows = page.get_by_role("group", name="Yields").get_by_role("row")
    expect(rows.nth(1)).to_be_visible()
    page.get_by_label("Order").select_option("apy")
    page.get_by_label("Chain", exact=True).select_option("ethereum")
    expect(page).to_have_url(re.compile("order=apy"))
    yearly = [
        float(text.split("%")[0].replace(",", ""))
        for text in rows.locator("td:nth-child(3)").all_text_contents()
    ]
    assert yearly == sorted(yearly, reverse=True)
    assert set(rows.locator("td:nth-child(2)").all_text_contents()) == {"ethereum"}


def test_paid_placements_are_called_advertising(page: Page, own: str) -> None:
    page.goto(f"{own}/on-chain")
    expect(page.get_by_role("region", name="Paid placements")).to_contain_text("Advertising")


def test_what_no_source_tells_says_so_and_the_rest_is_shown(page: Page, own: str) -> None:
    alter(page, lambda data: data.update(nft={"rows": [], "attribution": {}}))
    page.goto(f"{own}/on-chain")
    missing = page.get_by_role("region", name="NFT collections")
    expect(missing).to_contain_text("No source tells this now")
    expect(page.get_by_role("region", name="Ethereum gas")).to_contain_text("gwei")


def test_a_view_that_fails_says_why_and_can_be_asked_again(page: Page, own: str) -> None:
    away = [True]

    def answer(route: Any) -> None:
        if away[0]:
            route.fulfill(status=503, json={"detail": "The database is away."})
        else:
            route.fallback()

    page.route("**/api/v1/dashboard/defi*", answer)
    page.goto(f"{own}/defi")
    expect(page.get_by_text("The database is away.")).to_be_visible()
    away.clear()
    away.append(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("region", name="Stablecoins")).to_be_visible()
