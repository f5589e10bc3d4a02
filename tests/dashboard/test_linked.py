"""Signing in with GitHub and Google, linking and unlinking them, and what goes wrong there."""

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.dashboard.browsing import Browser, House
from tests.dashboard.providing import SETTINGS, Provider
from tests.dashboard.somebody import EMAIL, NOW

BOTH = pytest.mark.parametrize("provider", ["google", "github"])


@pytest.fixture
def house() -> House:
    house = House()
    house.settings |= SETTINGS
    house.tools.provider = Provider(NOW)
    return house


@pytest.fixture
def elsewhere(house: House) -> Provider:
    assert isinstance(house.tools.provider, Provider)
    return house.tools.provider


@pytest.fixture
def inside(house: House) -> Browser:
    browser = Browser(house)
    browser.sign_in()
    return browser


def begin(browser: Browser, provider: str, purpose: str = "sign-in", then: str = "/") -> str:
    body = {"purpose": purpose, "next": then}
    location: str = browser.data(f"/session/oauth/{provider}", "POST", body)["location"]
    return location


def come_back(browser: Browser, provider: str, told: dict[str, str]) -> str:
    return browser.follow(browser(f"/session/oauth/{provider}/callback?{urlencode(told)}"))


def through(
    browser: Browser, provider: str, purpose: str = "sign-in", then: str = "/settings"
) -> str:
    """Go to the provider and come back; return where that leads."""
    location = begin(browser, provider, purpose, then)
    elsewhere = browser.house.tools.provider
    assert isinstance(elsewhere, Provider)
    return come_back(browser, provider, elsewhere.consent(location))


def user(browser: Browser) -> Any:
    return browser.data("/session")["user"]


@BOTH
def test_the_first_time_makes_an_account_and_later_times_open_it(
    house: House, provider: str
) -> None:
    browser, later = Browser(house), Browser(house)
    assert through(browser, provider) == "/settings"
    through(later, provider)
    assert user(browser) == user(later)
    assert user(browser)["role"] == "viewer"
    assert house.count("users") == 2
    methods = {one["method"] for one in browser.data("/session/list")}
    assert methods == {provider}


def test_the_provider_is_asked_with_pkce_a_state_and_a_nonce(house: House) -> None:
    query = parse_qs(urlsplit(begin(Browser(house), "google")).query)
    assert query["code_challenge_method"] == ["S256"]
    assert all(len(query[name][0]) >= 43 for name in ("state", "nonce", "code_challenge"))
    assert query["scope"] == ["openid email"]
    assert query["redirect_uri"] == ["https://app.example/session/oauth/google/callback"]


@BOTH
def test_nobody_gets_an_account_because_of_its_address(
    house: House, elsewhere: Provider, provider: str
) -> None:
    elsewhere.person |= {"email": EMAIL}
    elsewhere.emails = [{"email": EMAIL, "primary": True, "verified": True}]
    browser = Browser(house)
    assert through(browser, provider) == "/login?failed=address-taken"
    assert user(browser) is None
    assert house.count("linked_sign_ins") == 0


def test_an_address_that_the_provider_did_not_verify_is_not_taken_over(
    house: House, elsewhere: Provider
) -> None:
    elsewhere.person |= {"email": EMAIL, "email_verified": False}
    elsewhere.emails = [{"email": EMAIL, "primary": True, "verified": False}]
    for provider in ("google", "github"):
        browser = Browser(house)
        through(browser, provider)
        assert user(browser)["email"].endswith("@users.noreply.example")


@BOTH
def test_an_account_elsewhere_is_linked_from_inside_and_opens_that_account(
    house: House, inside: Browser, provider: str
) -> None:
    assert through(inside, provider, "link") == "/settings"
    (linked,) = inside.data("/session/security")["linked"]
    assert linked["provider"] == provider
    browser = Browser(house)
    through(browser, provider)
    assert user(browser)["email"] == EMAIL
    inside.data(f"/session/linked/{provider}", "DELETE")
    assert inside.refused(f"/session/linked/{provider}", "DELETE") == (404, "not-linked")


def test_linking_needs_a_session_and_a_fresh_proof(house: House, inside: Browser) -> None:
    body = {"purpose": "link"}
    path = "/session/oauth/google"
    assert Browser(house).refused(path, "POST", body) == (401, "signed-out")
    house.now += 601
    assert inside.refused(path, "POST", body) == (403, "step-up-required")


def test_an_account_elsewhere_opens_one_account_here(house: House, inside: Browser) -> None:
    through(inside, "google", "link")
    house.add_user("u2", "ben@example.com")
    ben = Browser(house)
    ben.sign_in("ben@example.com")
    assert through(ben, "google", "link") == "/settings?failed=linked-elsewhere"
    assert ben.data("/session/security")["linked"] == []


def test_what_one_session_began_to_link_no_other_finishes(house: House, inside: Browser) -> None:
    location = begin(inside, "google", "link")
    assert isinstance(house.tools.provider, Provider)
    told = house.tools.provider.consent(location)
    other = Browser(house)
    other.sign_in()
    other.cookies["__Host-oauth"] = inside.cookies["__Host-oauth"]
    assert come_back(other, "google", told) == "/?failed=step-expired"
    assert house.count("linked_sign_ins") == 0


def test_a_second_factor_is_asked_for_after_the_provider_too(house: House, inside: Browser) -> None:
    through(inside, "github", "link")
    house.database.connection.execute(
        "INSERT INTO totp (user_id, nonce, created_at, confirmed_at) VALUES ('u1', 'n', 1, 1)"
    )
    browser = Browser(house)
    assert through(browser, "github", then="/market?a=b") == "/login?next=%2Fmarket%3Fa%3Db"
    assert (user(browser), browser.data("/session")["next"]) == (None, "code")


def test_the_only_way_in_is_not_unlinked(house: House) -> None:
    browser = Browser(house)
    through(browser, "google")
    browser.data("/session")
    assert browser.refused("/session/linked/google", "DELETE") == (409, "last-way-in")


def test_who_has_no_other_proof_proves_by_the_provider(
    house: House, elsewhere: Provider, inside: Browser
) -> None:
    browser = Browser(house)
    through(browser, "google")
    browser.data("/session")
    assert browser.data("/session/proof")["ways"] == ["google"]
    house.now += 700
    elsewhere.now = house.now
    elsewhere.claims = {"auth_time": house.now - 601}
    assert through(browser, "google", "proof") == "/settings?failed=proof-refused"
    elsewhere.claims = {"auth_time": house.now}
    assert through(browser, "google", "proof") == "/settings"
    browser.data("/session/totp", "POST")
    through(inside, "github", "proof")
    assert inside.refused("/session/totp", "POST")[1] == "step-up-required", "it has a password"


@BOTH
@pytest.mark.parametrize("change", [{"state": "x"}, {"state": ""}, {}])
def test_a_browser_that_did_not_begin_it_is_not_let_in(
    house: House, elsewhere: Provider, provider: str, change: dict[str, str]
) -> None:
    browser = Browser(house)
    told = elsewhere.consent(begin(browser, provider)) | change
    if not change:
        browser.cookies.clear()
    assert come_back(browser, provider, told) == "/login?failed=step-expired"
    assert user(browser) is None


def test_coming_back_works_once_and_for_ten_minutes(house: House, elsewhere: Provider) -> None:
    browser = Browser(house)
    told = elsewhere.consent(begin(browser, "google"))
    kept = browser.cookies["__Host-oauth"]
    assert come_back(browser, "google", told) == "/"
    other = Browser(house)
    other.cookies["__Host-oauth"] = kept
    assert come_back(other, "google", told) == "/login?failed=step-expired"
    begin(other, "google")
    house.now += 601
    assert come_back(other, "google", told) == "/login?failed=step-expired"


def test_what_began_at_one_provider_does_not_end_at_the_other(
    house: House, elsewhere: Provider
) -> None:
    browser = Browser(house)
    told = elsewhere.consent(begin(browser, "google"))
    assert come_back(browser, "github", told) == "/login?failed=step-expired"


@BOTH
def test_a_person_who_says_no_and_a_provider_that_fails_lead_back_to_the_page(
    house: House, elsewhere: Provider, provider: str
) -> None:
    browser = Browser(house)
    state = elsewhere.consent(begin(browser, provider))["state"]
    told = {"error": "access_denied", "state": state}
    assert come_back(browser, provider, told) == "/login?failed=provider-refused"
    good = elsewhere.consent(begin(browser, provider))
    assert come_back(browser, provider, good | {"code": "x"}) == "/login?failed=provider-failed"
    good = elsewhere.consent(begin(browser, provider))
    elsewhere.down = True
    assert come_back(browser, provider, good) == "/login?failed=provider-failed"
    house.tools.provider = None
    if provider == "google":
        body = {"purpose": "sign-in"}
        assert browser.refused("/session/oauth/google", "POST", body) == (502, "provider-failed")


@pytest.mark.parametrize(
    "then", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "",
             "/a\r\nset-cookie: x=y", "/ü", " /a", "/" + "a" * 3000]
)  # fmt: skip
def test_nobody_is_led_away_from_the_dashboard(house: House, then: str) -> None:
    assert through(Browser(house), "google", then=then) == "/"


def test_a_disabled_account_is_not_opened(house: House) -> None:
    through(Browser(house), "github")
    house.database.connection.execute("UPDATE users SET disabled_at = 1")
    browser = Browser(house)
    assert through(browser, "github") == "/login?failed=account-closed"
    assert user(browser) is None


def test_only_providers_that_are_set_up_are_offered(house: House) -> None:
    assert Browser(house).data("/session")["providers"] == ["github", "google"]
    del house.settings["GITHUB_CLIENT_SECRET"]
    assert Browser(house).data("/session")["providers"] == ["google"]
    for provider in ("github", "evil"):
        path = f"/session/oauth/{provider}"
        refused = Browser(house).refused(path, "POST", {"purpose": "sign-in"})
        assert refused == (404, "no-such-provider")
