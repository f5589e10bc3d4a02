"""Reports: made by the cron, read by everybody, printed, asked for on any period."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.books import sign_in
from tests.support.live import START, Live

pytestmark = pytest.mark.browser

DAY = 86_400
SECTIONS = (
    "Market", "What moved", "Signals", "How right the signals were", "Value locked",
    "News most told", "Health of the sources",
)  # fmt: skip
PAGES = re.compile(rb"/Type\s*/Page\b")


@pytest.fixture
def own(live: Live) -> str:
    """The dashboard, once the cron made the reports of the days that were collected."""
    for turn in range(4):
        live.system.fire("api", START // DAY * DAY + DAY + 600 + 300 * turn)
    return live.system.ports.address("dashboard")


def test_a_visitor_opens_the_report_of_a_day_by_its_own_address(page: Page, own: str) -> None:
    page.goto(f"{own}/reports")
    expect(page.locator("main").get_by_role("link", name="Sign in", exact=True)).to_be_visible()
    page.get_by_role("link", name="Sunday, November 22, 2026").click()
    expect(page).to_have_url(f"{own}/reports/daily/2026-11-22")
    expect(page).to_have_title("Sunday, November 22, 2026 · Report · CryptoIntel")
    for name in SECTIONS:
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename == "cryptointel-simulated-daily-2026-11-22.csv"
    page.get_by_role("link", name="The one before").click()
    expect(page).to_have_url(f"{own}/reports/daily/2026-11-21")


def test_on_paper_there_is_the_report_and_nothing_else_dark_on_white(page: Page, own: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(f"{own}/reports/daily/2026-11-22")
    expect(page.get_by_role("heading", name=SECTIONS[-1])).to_be_visible()
    more = page.get_by_role("button", name="Show all")
    hidden = more.count()  # on the screen, of many signals only the first ones
    page.emulate_media(media="print", color_scheme="dark")
    for part in ("header.site-header", "footer.site-footer", ".report-actions", ".report-beside"):
        expect(page.locator(part)).to_be_hidden()
    if hidden:
        expect(more).to_be_hidden()
        expect(page.locator(".report-signals tbody tr").last).to_be_visible()
    look = "getComputedStyle(document.body)"
    assert page.evaluate(f"{look}.backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate(f"{look}.color") == "rgb(22, 27, 36)"
    for paper in ("A4", "Letter"):
        told = page.pdf(format=paper)
        assert told.startswith(b"%PDF-")
        assert len(PAGES.findall(told)) >= 2
    page.emulate_media(media="screen")


def test_a_reader_has_a_report_made_on_any_days(page: Page, live: Live, own: str) -> None:
    sign_in(page, live)
    page.goto(f"{own}/reports")
    first, last = page.get_by_label("First day"), page.get_by_label("Last day")
    first.fill("2026-10-01")
    last.fill("2026-11-22")
    expect(page.get_by_text("These are 53 days; a report is of at most 31.")).to_be_visible()
    first.fill("2026-11-20")
    page.get_by_role("button", name="Make the report").click()
    expect(page).to_have_url(f"{own}/reports/custom/2026-11-20_2026-11-22")
    expect(page.get_by_role("heading", name=SECTIONS[1])).to_be_visible()
    page.goto(f"{own}/reports/custom/2012-05-05_2012-05-06")
    expect(page.get_by_text("Nothing was collected from 2012-05-05T00:00:00Z")).to_be_visible()
