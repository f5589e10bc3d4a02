"""The settings of an account: what is sensitive, where one is signed in, and whose data it is."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import violations
from tests.browser.people import PASSWORD, Person
from tests.support.live import Live

pytestmark = pytest.mark.browser

OPENERS = ("Add a passkey", "Change", "Set up", "Make a key", "Erase…")
SECTIONS = ("profile", "security", "sessions", "keys", "apps", "privacy")


@pytest.fixture
def ann(page: Page, live: Live) -> Person:
    return Person(page, live)


def test_making_a_key_asks_again_who_it_is_and_shows_the_key_once(page: Page, ann: Person) -> None:
    ann.sign_up()
    ann.age_proof()
    ann.section("API keys")
    page.get_by_role("button", name="Make a key").click()
    page.get_by_label("Name of the key").fill("Notebook")
    page.get_by_role("button", name="Make key").click()
    dialog = page.get_by_role("dialog", name="Is it you?")
    dialog.get_by_label("Your password").fill("a wrong one")
    dialog.get_by_role("button", name="Continue").click()
    expect(dialog.get_by_role("alert")).to_contain_text("not the password")
    dialog.get_by_label("Your password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".made-key-text")).to_contain_text("ci_local_")
    page.reload()
    row = page.locator(".row", has_text="Notebook")
    expect(row).to_contain_text("2 scopes")
    assert "ci_local_" not in page.content()
    row.get_by_role("button", name="Revoke Notebook").click()
    expect(page.get_by_text("You have no key.")).to_be_visible()


def test_every_section_breaks_no_rule_of_accessibility(page: Page, ann: Person) -> None:
    ann.sign_up()
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    for name in SECTIONS:
        ann.open(f"/settings/{name}")
        expect(page.locator(".settings-panel").first).to_be_visible(timeout=20_000)
        expect(page.locator(".skeleton")).to_have_count(0, timeout=20_000)
        for opener in OPENERS:
            button = page.get_by_role("button", name=opener, exact=True)
            if button.count():
                button.click()
        assert violations(page) == [], name


def test_a_proof_that_is_declined_changes_nothing(page: Page, ann: Person) -> None:
    ann.sign_up()
    ann.age_proof()
    ann.section("Security")
    page.get_by_role("button", name="Set up").click()
    dialog = page.get_by_role("dialog", name="Is it you?")
    expect(dialog.get_by_label("Your password")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Set up")).to_be_enabled()


def test_other_sessions_are_seen_and_ended(
    page: Page, live: Live, ann: Person, chromium: Browser
) -> None:
    ann.sign_up()
    other = chromium.new_context()
    elsewhere = Person(other.new_page(), live)
    elsewhere.email = ann.email
    elsewhere.type_password()
    elsewhere.sees_settings()
    ann.section("Sessions")
    expect(page.locator(".row")).to_have_count(2)
    expect(page.locator(".row", has_text="This one")).to_contain_text("Chrome on")
    page.get_by_role("button", name="Sign out everywhere else").click()
    expect(page.locator(".row")).to_have_count(1)
    elsewhere.page.reload()
    expect(elsewhere.page.get_by_text("Sign in to see this")).to_be_visible()
    other.close()


def test_a_changed_password_ends_the_others_and_keeps_this_one(page: Page, ann: Person) -> None:
    ann.sign_up()
    ann.section("Security")
    page.locator(".panel", has_text="Password").get_by_role("button", name="Change").click()
    page.get_by_label("New password").fill("quite another set of words")
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_text("The new password is set.")).to_be_visible()
    ann.sign_out()
    ann.type_password("quite another set of words")
    ann.sees_settings()


def test_two_people_never_see_each_others_data(page: Page, live: Live, ann: Person) -> None:
    ann.sign_up()
    made = page.evaluate(
        """async () => {
          const { csrf } = (await (await fetch("/session")).json()).data;
          const headers = { "X-Requested-With": "x", "X-CSRF-Token": csrf,
            "Content-Type": "application/json" };
          const make = (path, body) =>
            fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
          const key = await make("/api/v1/keys", { name: "Secret of Ann" });
          const list = await make("/api/v1/watchlists", { name: "List of Ann", symbols: ["BTC"] });
          return [key.status, list.status];
        }"""
    )
    assert made == [201, 201]
    ann.sign_out()
    ben = Person(page, live, "ben")
    ben.sign_up()
    for path in (*(f"/settings/{name}" for name in SECTIONS), "/watchlists", "/usage"):
        ben.open(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator(".skeleton")).to_have_count(0)
        shown = page.content()
        assert ann.email not in shown
        assert "of Ann" not in shown


def test_everything_stored_is_downloaded_and_the_account_is_erased(page: Page, ann: Person) -> None:
    ann.sign_up()
    ann.section("Privacy")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    told = json.loads(Path(download.value.path()).read_text("utf-8"))
    assert told["account"]["email"] == ann.email
    page.get_by_role("button", name="Erase…").click()
    erase = page.get_by_role("button", name="Erase my account")
    page.get_by_label("Type ").fill("yes")
    expect(erase).to_be_disabled()
    page.get_by_label("Type ").fill(ann.email)
    erase.click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    ann.type_password()
    expect(page.get_by_role("alert")).to_contain_text("do not match")
