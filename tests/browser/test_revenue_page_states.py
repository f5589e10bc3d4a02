"""What the revenue page shows to whom, and in the place of numbers."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.books import Books, as_admin, become, open_page, sign_in, told
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


def test_only_who_may_see_it_finds_the_link(admin: Page, live: Live, own: str) -> None:
    link = admin.get_by_role("link", name="Revenue", exact=True)
    more = admin.get_by_role("button", name="More", exact=True)
    admin.goto(own)
    expect(admin.get_by_role("button", name=re.compile("Sign out"))).to_be_visible()
    if more.is_visible():
        more.click()
    expect(link).to_have_count(1)
    link.click()
    expect(admin.get_by_role("heading", level=1, name="Revenue", exact=True)).to_be_visible()
    become(live, "trader")
    admin.goto(own)
    expect(admin.get_by_role("button", name=re.compile("Sign out"))).to_be_visible()
    if more.is_visible():
        more.click()
    expect(admin.get_by_role("link", name="System health")).to_be_visible()
    expect(link).to_have_count(0)


def test_a_visitor_signs_in_on_the_page_and_then_sees_it(admin: Page, live: Live, own: str) -> None:
    admin.context.clear_cookies()
    admin.goto(f"{own}/revenue")
    expect(admin.get_by_role("heading", name="Sign in to see the revenue")).to_be_visible()
    admin.get_by_label("E-mail").fill(live.system.account.user)
    admin.get_by_label("Password").fill(live.system.account.password)
    admin.get_by_role("button", name="Sign in").click()
    expect(admin.get_by_text("Counted at")).to_be_visible()


def test_another_role_is_told_whose_it_is(page: Page, live: Live, own: str) -> None:
    sign_in(page, live)
    page.goto(f"{own}/revenue")
    expect(page.get_by_role("heading", name="This is not for your role")).to_be_visible()
    expect(page.get_by_text("Your role, trader")).to_contain_text("it belongs to admin")
    expect(page.get_by_role("table")).to_have_count(0)


@pytest.mark.parametrize(
    ("by", "said"), [(5, "5 atomic units too many"), (-1, "1 atomic unit too few")]
)
def test_books_that_do_not_balance_are_told_loudly(
    admin: Page, own: str, books: Books, by: int, said: str
) -> None:
    books.data |= {"difference_atomic": by, "payments_atomic": 540_001 - by}
    open_page(admin, own)
    alarm = admin.get_by_role("alert")
    expect(alarm).to_contain_text("The books do not balance")
    expect(alarm).to_contain_text(said)
    expect(admin.get_by_text("Balanced")).to_have_count(0)
    expect(admin.get_by_role("region", name="Totals")).to_contain_text("Wrong")


def test_what_waits_for_the_facilitator_or_a_person_is_told(
    admin: Page, own: str, books: Books
) -> None:
    books.data |= {"open": 1, "unclear": 2}
    open_page(admin, own)
    expect(admin.get_by_text("1 payment waits for the facilitator")).to_be_visible()
    expect(admin.get_by_text("2 payments are unclear")).to_be_visible()
    expect(admin.get_by_role("alert")).to_be_empty()


def test_without_requests_the_page_says_so(admin: Page, own: str, books: Books) -> None:
    books.data = told([])
    open_page(admin, own)
    expect(admin.get_by_text("Nothing was paid for in these days")).to_be_visible()
    expect(admin.get_by_text("No requests in these days")).to_be_visible()
    expect(admin.get_by_role("region", name="Totals")).to_contain_text("Balanced")


def test_a_list_that_was_cut_off_says_what_it_leaves_out(
    admin: Page, own: str, books: Books
) -> None:
    books.data |= {"revenue_atomic": 640_001, "payments_atomic": 640_001}
    open_page(admin, own)
    expect(admin.get_by_text("they hold another $0.10")).to_be_visible()


def test_a_failure_is_told_and_can_be_tried_again(admin: Page, own: str, books: Books) -> None:
    books.away = True
    admin.goto(f"{own}/revenue")
    expect(admin.get_by_text("The database is away.")).to_be_visible()
    books.away = False
    admin.get_by_role("button", name="Try again").click()
    expect(admin.get_by_role("table")).to_be_visible()


def test_numbers_that_could_not_be_renewed_stay_and_are_marked_as_old(
    admin: Page, own: str, books: Books
) -> None:
    open_page(admin, own)
    books.away = True
    admin.get_by_role("button", name="Renew").click()
    old = admin.get_by_text("could not be renewed. The database is away.")
    expect(old).to_be_visible()
    expect(admin.locator("tfoot")).to_contain_text("$0.540001")
    books.away = False
    admin.get_by_role("button", name="Renew").click()
    expect(old).to_be_hidden()


def test_nothing_stays_on_the_page_for_who_signs_out(admin: Page, own: str, books: Books) -> None:
    open_page(admin, own)
    admin.get_by_role("button", name=re.compile("Sign out")).click()
    expect(admin.get_by_role("heading", name="Sign in to see the revenue")).to_be_visible()
    expect(admin.get_by_text("$0.540001")).to_have_count(0)
    expect(admin.get_by_role("link", name="Revenue", exact=True)).to_have_count(0)
