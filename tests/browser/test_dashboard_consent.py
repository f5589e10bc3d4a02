"""The consent page: who asks, for which account, for what, and what follows from the answer."""

from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.asking import CALLBACK, LOOK_MS, NATIVE, SCOPES, VERIFIER, Asking, registered
from tests.support.live import Live

pytestmark = pytest.mark.browser

TITLE = "Allow Graph Sync to use your account?"


@pytest.fixture(scope="module")
def client_id(live: Live) -> Iterator[str]:
    yield from registered(live)


@pytest.fixture
def asking(page: Page, live: Live, client_id: str) -> Asking:
    return Asking(page, live, client_id)


@pytest.fixture
def signed_in(asking: Asking) -> Asking:
    asking.sign_in()
    return asking


def test_who_is_not_signed_in_does_so_on_the_page_and_then_sees_the_question(
    page: Page, live: Live, asking: Asking
) -> None:
    asking.open()
    address = page.url
    page.get_by_label("E-mail").fill(live.system.account.user)
    page.get_by_label("Password").fill(live.system.account.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_focused()
    assert page.url == address


def test_the_question_tells_who_asks_for_which_account_for_what_and_where_it_leads(
    page: Page, live: Live, signed_in: Asking
) -> None:
    signed_in.open()
    card = page.get_by_role("region", name=TITLE)
    expect(card.get_by_role("link", name="graphsync.example")).to_be_visible()
    expect(card.get_by_text("CryptoIntel has not checked this app")).to_be_visible()
    expect(card.get_by_text(live.system.account.user)).to_be_visible()
    expect(card.get_by_text("app.graphsync.example", exact=True)).to_be_visible()
    expect(card.get_by_role("listitem")).to_have_text([
        "Create, change and delete your watchlists",
        "See your e-mail address, role, plan and usage",
        "Read market data",
    ])  # fmt: skip


def test_allowing_gives_the_app_a_code_that_is_good(
    page: Page, live: Live, signed_in: Asking
) -> None:
    signed_in.open()
    signed_in.press("Allow")
    answer = signed_in.landed()
    assert answer["state"] == ["st&te"]
    form = urlencode({
        "grant_type": "authorization_code", "code": answer["code"][0], "redirect_uri": CALLBACK,
        "client_id": signed_in.client_id, "code_verifier": VERIFIER,
    })  # fmt: skip
    kind = {"content-type": "application/x-www-form-urlencoded"}
    tokens = live.get("api", "/oauth/token", kind, "POST", form)
    assert tokens.status == 200, tokens.body
    assert set(tokens.json()["scope"].split()) == set(SCOPES)
    signed_in.open()
    expect(page.get_by_text("You allowed this app all of this before.")).to_be_visible()


def test_denying_tells_the_app_so_and_gives_no_code(signed_in: Asking) -> None:
    signed_in.open()
    signed_in.press("Deny")
    answer = signed_in.landed()
    assert (answer["error"], answer["state"]) == (["access_denied"], ["st&te"])
    assert "code" not in answer


def test_a_program_on_this_computer_is_told_as_such_and_gets_its_code(
    page: Page, signed_in: Asking
) -> None:
    at = NATIVE.replace("127.0.0.1", "127.0.0.1:49152")
    signed_in.open(redirect_uri=at)
    expect(page.get_by_text("127.0.0.1:49152", exact=True)).to_be_visible()
    expect(page.get_by_text("a program that runs on this computer")).to_be_visible()
    signed_in.press("Allow")
    assert signed_in.landed(at)["code"]


def test_the_keyboard_alone_is_enough(page: Page, signed_in: Asking) -> None:
    signed_in.open()
    expect(page.get_by_role("heading", name=TITLE)).to_be_focused()
    for name in ("graphsync.example", "Switch to another account", "Deny", "Allow"):
        page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_have_accessible_name(name)
    page.wait_for_timeout(LOOK_MS)
    page.keyboard.press("Enter")
    assert signed_in.landed()["code"]


def test_a_click_that_was_meant_for_another_window_allows_nothing(
    page: Page, signed_in: Asking
) -> None:
    decided = signed_in.decide_instead()
    signed_in.open()
    expect(page.get_by_role("button", name="Allow")).to_be_visible()
    page.wait_for_timeout(LOOK_MS)  # else it would be ignored for having just been drawn
    page.evaluate(
        "dispatchEvent(new Event('focus'));"
        "document.querySelector('.consent-answers .button-primary').click()"
    )
    expect(page.get_by_text("has just come to the front")).to_be_visible()
    assert decided == []


def test_what_was_shown_to_one_account_is_not_allowed_by_another(
    page: Page, signed_in: Asking
) -> None:
    decided = signed_in.decide_instead()
    signed_in.open()
    expect(page.get_by_role("button", name="Allow")).to_be_visible()
    page.context.clear_cookies()  # as when another tab has signed out, or in as somebody else
    signed_in.press("Allow")
    expect(page.get_by_label("Password")).to_be_visible()
    assert decided == []


def test_another_account_can_be_chosen(page: Page, signed_in: Asking) -> None:
    signed_in.open()
    page.get_by_role("button", name="Switch to another account").click()
    expect(page.get_by_role("heading", name="Sign in to go on")).to_be_focused()


def test_the_page_stands_alone_and_is_left_for_a_new_document(
    page: Page, signed_in: Asking
) -> None:
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(urlsplit(sent.url).path))
    page.on("websocket", lambda socket: asked.append(socket.url))
    signed_in.open()
    expect(page.get_by_role("button", name="Allow")).to_be_visible()
    assert [path for path in asked if path.startswith(("/api/", "ws"))] == [
        "/api/v1/oauth/authorization"
    ]
    page.evaluate("window.notReloaded = true")
    page.get_by_role("link", name="CryptoIntel, overview").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    assert page.evaluate("window.notReloaded") is None
