"""Signing up and in, by every way that there is, in a browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import PASSWORD, App, Person
from tests.runtime.signing_in import providers
from tests.support.live import Live

pytestmark = pytest.mark.browser


@pytest.fixture
def ann(page: Page, live: Live) -> Person:
    return Person(page, live)


def test_somebody_signs_up_out_and_in_again(page: Page, ann: Person) -> None:
    ann.sign_up()
    expect(page.get_by_text("Not verified: we send no e-mail.")).to_be_visible()
    ann.sign_out()
    ann.type_password("a wrong password")
    expect(page.get_by_role("alert")).to_contain_text("do not match")
    expect(page.get_by_label("Password", exact=True)).to_be_focused()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    ann.sees_settings()


def test_a_password_that_many_have_is_refused_in_words(page: Page, ann: Person) -> None:
    ann.open("/sign-up")
    page.get_by_label("E-mail").fill(ann.email)
    page.get_by_label("Password", exact=True).fill("password1234")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("alert")).to_contain_text("among the first that are tried")


def test_a_code_follows_the_password_once_an_app_is_set_up(
    page: Page, live: Live, ann: Person
) -> None:
    ann.sign_up()
    ann.section("Security")
    panel = page.locator(".panel", has_text="Authenticator app")
    panel.get_by_role("button", name="Set up").click()
    expect(panel.get_by_role("img", name="QR code")).to_be_visible()
    app = App(live, panel.locator(".enrolment-secret").inner_text())
    panel.get_by_label("Code from your app").fill(app.code())
    panel.get_by_role("button", name="Switch on").click()
    expect(panel.get_by_role("heading", name="Keep these recovery codes")).to_be_focused()
    codes = panel.locator(".recovery-codes code").all_inner_texts()
    assert len(codes) == 10
    panel.get_by_role("button", name="I have kept them").click()
    expect(panel.get_by_text("10 of 10 unused")).to_be_visible()
    ann.sign_out()

    ann.type_password()
    expect(page.get_by_label("Code from your app")).to_be_focused()
    page.get_by_label("Code from your app").fill("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("wrong")
    page.get_by_label("Code from your app").fill(app.code())
    page.keyboard.press("Enter")
    ann.sees_settings()
    ann.sign_out()

    ann.type_password()
    page.get_by_role("button", name="Use a recovery code").click()
    page.get_by_label("Recovery code").fill(codes[3])
    page.keyboard.press("Enter")
    ann.sees_settings()


def test_a_passkey_is_added_signs_in_and_proves_who_one_is(
    page: Page, live: Live, ann: Person
) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }})  # fmt: skip
    # Else it answers the offer in the list of suggestions by itself, while the button is pressed.
    page.add_init_script("PublicKeyCredential.isConditionalMediationAvailable = async () => false;")
    ann.sign_up()
    ann.section("Security")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_label("Name of the passkey").fill("Work laptop")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("The passkey was added.")).to_be_visible()
    expect(page.get_by_text("not used yet")).to_be_visible()
    ann.sign_out()

    ann.open("/login?next=/settings")
    page.get_by_role("button", name="Use a passkey").click()
    ann.sees_settings()
    ann.age_proof()
    ann.section("Security")
    page.get_by_role("button", name="Remove Work laptop").click()
    dialog = page.get_by_role("dialog", name="Is it you?")
    dialog.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("“Work laptop” was removed.")).to_be_visible()


def test_an_account_elsewhere_signs_in_and_is_unlinked_only_with_another_way_in(
    page: Page, live: Live, ann: Person
) -> None:
    ann.own = live.system.ports.address("dashboard")  # where the provider sends people back to
    ann.email = ann.email.replace("@example.com", "@provider.example")
    with providers.openid(live):
        ann.open("/login?next=/settings")
        page.get_by_role("button", name="Continue with Google").click()
        page.locator("input[name=login]").fill(ann.email.partition("@")[0])
        page.locator("input[name=password]").fill("any")
        page.locator("[type=submit]").click()
        page.get_by_role("button", name="Continue").click()
        ann.sees_settings()
    ann.section("Security")
    page.get_by_role("button", name="Unlink Google").click()
    expect(page.get_by_role("alert")).to_contain_text("only way into your account")


def test_signing_in_leads_to_no_other_site(page: Page, ann: Person) -> None:
    ann.sign_up()
    ann.sign_out()
    ann.open("/login?next=//evil.example")
    page.get_by_label("E-mail").fill(ann.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    assert page.url == f"{ann.own}/"
