"""The revenue page: the API's numbers by endpoint and by day, with their sums."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.browser.books import (
    EXPORT,
    FREE,
    TODAY,
    VOLATILITY,
    Books,
    as_admin,
    forget,
    open_page,
    pay,
    sign_in,
    told,
)
from tests.support.live import Live

pytestmark = pytest.mark.browser


@pytest.fixture
def own(live: Live) -> str:
    return live.system.ports.address("dashboard")


@pytest.fixture
def admin(page: Page, live: Live) -> Iterator[Page]:
    yield from as_admin(page, live)


@pytest.fixture
def books(admin: Page) -> Books:
    return Books(admin)


def figures(row: Locator) -> list[str]:
    """Return what the cells of a row say."""
    return [" ".join(text.split()) for text in row.locator("th, td").all_text_contents()]


def group(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("button", name=name, exact=True))


def test_what_was_paid_is_shown_to_the_last_unit_as_the_api_tells_it(
    admin: Page, live: Live, own: str
) -> None:
    said: list[ConsoleMessage] = []
    admin.on("console", lambda one: said.append(one))
    pay(live, "GET /api/v1/paid-page", 123_457, 1)
    with admin.expect_response("**/api/v1/analytics/revenue*") as answer:
        open_page(admin, own)
    found = answer.value.json()["data"]
    forget(live)
    totals = admin.get_by_role("region", name="Totals")
    expect(totals).to_contain_text(f"{found['revenue_atomic']:,} atomic units")
    expect(totals).to_contain_text("Balanced")
    assert figures(group(admin, "GET /api/v1/paid-page"))[-2:] == ["2", "$0.123458"]
    sums = figures(admin.locator("tfoot tr"))
    assert (sums[0], sums[3]) == ("All", f"{found['payments']:,}")
    complaints = [one.text for one in said if one.type == "error"]
    assert complaints == [], "no style, script or address that the policy refuses"


def test_endpoints_stand_with_their_sums_the_best_first_and_open_into_days(
    admin: Page, own: str, books: Books
) -> None:
    open_page(admin, own)
    buttons = admin.locator("table").get_by_role("button")
    expect(buttons).to_have_text([EXPORT, VOLATILITY, FREE])
    assert figures(group(admin, VOLATILITY)) == [VOLATILITY, "1,205", "0", "4", "$0.040001"]
    assert figures(admin.locator("tfoot tr")) == ["All", "1,237", "0", "6", "$0.540001"]
    buttons.nth(1).click()
    days = admin.locator(f"#{buttons.nth(1).get_attribute('aria-controls')} tr")
    assert [figures(row)[-1] for row in days.all()] == ["$0.010001", "$0.03"]


def test_days_stand_with_their_sums_the_newest_first_and_open_by_the_keyboard(
    admin: Page, own: str, books: Books
) -> None:
    open_page(admin, own)
    admin.get_by_role("button", name="By day").focus()
    admin.keyboard.press("Enter")
    expect(admin.locator("tbody time")).to_have_count(2)
    assert admin.locator("tbody time").first.get_attribute("datetime") == TODAY
    assert figures(admin.locator("tbody tr").first)[3:] == ["3", "$0.510001"]
    admin.keyboard.press("Tab")
    admin.keyboard.press("Space")
    button = admin.locator("table").get_by_role("button").first
    expect(button).to_have_attribute("aria-expanded", "true")
    rows = admin.locator(f"#{button.get_attribute('aria-controls')} tr")
    assert [figures(row)[0] for row in rows.all()] == [EXPORT, VOLATILITY, FREE]
    admin.keyboard.press("Space")
    expect(rows.first).to_be_hidden()


def test_what_is_open_stays_so_with_the_focus_when_the_numbers_are_renewed(
    admin: Page, own: str, books: Books
) -> None:
    open_page(admin, own)
    button = admin.get_by_role("button", name=VOLATILITY, exact=True)
    button.click()
    books.data = told([{**books.data["rows"][1], "payments": 9}])
    admin.evaluate("document.querySelector('.revenue-controls .button').click()")
    expect(admin.locator("tfoot .cell-payments")).to_have_text("9")
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "true")


def test_the_chart_has_a_bar_for_each_day_and_says_the_most_in_words(
    admin: Page, own: str, books: Books
) -> None:
    open_page(admin, own)
    chart = admin.get_by_role("img", name=re.compile(r"^Revenue by day, .*\$0\.510001 on "))
    expect(chart.locator("rect")).to_have_count(7)
    heights = [float(bar.get_attribute("height") or 0) for bar in chart.locator("rect").all()]
    assert heights[:5] == [0] * 5
    assert heights[6] == pytest.approx(51.0001), "of an axis to a dollar"
    chart.hover(position={"x": 2, "y": 20})
    expect(admin.locator(".revenue-legend")).to_contain_text("$0.00 0 payments")


def test_the_days_are_chosen_and_stay_in_the_address(admin: Page, own: str, books: Books) -> None:
    open_page(admin, own)
    for days in ("30", "90"):
        admin.get_by_role("button", name=f"{days} days").click()
        expect(admin.locator("rect")).to_have_count(int(days))
    assert books.asked == ["days=7", "days=30", "days=90"]
    admin.reload()
    expect(admin.locator("rect")).to_have_count(90)
    expect(admin.get_by_role("button", name="90 days")).to_have_attribute("aria-pressed", "true")
    open_page(admin, own, "?days=1000")
    expect(admin.locator("rect")).to_have_count(7)


def test_numbers_and_days_are_written_as_the_reader_does(
    chromium: Browser, live: Live, own: str, admin: Page
) -> None:
    context = chromium.new_context(locale="de-DE")
    page = context.new_page()
    sign_in(page, live)
    Books(page)
    open_page(page, own)
    expect(page.locator("tfoot .cell-revenue_atomic")).to_have_text(re.compile(r"^0,540001\s\$$"))
    expect(page.locator("tfoot .cell-requests")).to_have_text("1.237")
    context.close()


def test_the_bars_follow_the_theme(admin: Page, own: str, books: Books) -> None:
    open_page(admin, own)
    fill = "getComputedStyle(document.querySelector('rect')).fill"
    before = admin.evaluate(fill)
    admin.get_by_role("button", name=re.compile("theme$")).click()
    assert admin.evaluate(fill) != before
