"""Passkeys: made, used to sign in and as proof, and every way in which a ceremony can be wrong."""

from typing import Any

import pytest

from tests.dashboard.authenticator import Authenticator
from tests.dashboard.browsing import Browser, House
from tests.dashboard.somebody import EMAIL


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def inside(house: House) -> Browser:
    browser = Browser(house)
    browser.sign_in()
    return browser


def options(browser: Browser, purpose: str) -> Any:
    return browser.data("/session/challenge", "POST", {"purpose": purpose})


def register(browser: Browser, phone: Authenticator, name: str = "phone") -> Any:
    given = phone.create(options(browser, "register"), name)
    return browser.data("/session/passkeys", "POST", given)


def refused(browser: Browser, phone: Authenticator) -> tuple[int, str]:
    given = phone.get(options(browser, "sign-in"))
    return browser.refused("/session/passkey", "POST", given)


def listed(browser: Browser) -> Any:
    return browser.data("/session/security")["passkeys"]


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_a_passkey_signs_in_without_a_password_or_a_code(
    house: House, inside: Browser, kind: str
) -> None:
    phone = Authenticator(kind)
    register(inside, phone)
    visitor = Browser(house)
    told = visitor.data("/session/passkey", "POST", phone.get(options(visitor, "sign-in")))
    assert told["user"]["email"] == EMAIL
    methods = {one["method"] for one in visitor.data("/session/list")}
    assert methods == {"password", "passkey"}
    assert listed(inside)[0]["last_used_at"] is not None


def test_what_the_browser_is_asked_for_is_a_verified_person_and_no_attestation(
    inside: Browser,
) -> None:
    asked = options(inside, "register")
    assert asked["rp"]["id"] == "app.example"
    assert asked["attestation"] == "none"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert [one["alg"] for one in asked["pubKeyCredParams"]] == [-7, -257]
    register(inside, Authenticator())
    asked = options(inside, "sign-in")
    assert (asked["rpId"], asked["userVerification"]) == ("app.example", "required")
    assert asked["allowCredentials"] == [], "nobody is told whose passkeys there are"
    assert len(options(inside, "proof")["allowCredentials"]) == 1
    assert len(options(inside, "register")["excludeCredentials"]) == 1


def test_several_passkeys_are_named_renamed_and_removed(house: House, inside: Browser) -> None:
    phones = [Authenticator() for _ in range(2)]
    first = register(inside, phones[0], "phone")
    house.now += 1
    register(inside, phones[1], "key ring")
    assert [one["name"] for one in listed(inside)] == ["phone", "key ring"]
    path = f"/session/passkeys/{first['credential_id']}"
    inside.data(path, "PATCH", {"name": "old phone"})
    assert [one["name"] for one in listed(inside)] == ["old phone", "key ring"]
    inside.data(path, "DELETE")
    assert len(listed(inside)) == 1
    assert refused(Browser(house), phones[0]) == (401, "passkey-unknown")
    assert inside.refused(path, "DELETE") == (404, "no-such-passkey")
    assert inside.refused("/session/passkeys/x", "PATCH", {"name": ""})[1] == "invalid-body"


def test_passkeys_of_another_user_are_out_of_reach(house: House, inside: Browser) -> None:
    made = register(inside, Authenticator())
    house.add_user("u2", "ben@example.com")
    ben = Browser(house)
    ben.sign_in("ben@example.com")
    path = f"/session/passkeys/{made['credential_id']}"
    assert listed(ben) == []
    assert ben.refused(path, "PATCH", {"name": "mine"}) == (404, "no-such-passkey")
    assert ben.refused(path, "DELETE") == (404, "no-such-passkey")


def test_a_passkey_is_proof_for_its_own_user_alone(house: House, inside: Browser) -> None:
    phone = Authenticator()
    register(inside, phone)
    house.now += 700
    inside.data("/session/proof/passkey", "POST", phone.get(options(inside, "proof")))
    inside.data("/session/totp", "POST")
    house.add_user("u2", "ben@example.com")
    ben = Browser(house)
    ben.sign_in("ben@example.com")
    house.now += 700
    given = phone.get(options(ben, "proof"))
    assert ben.refused("/session/proof/passkey", "POST", given) == (403, "passkey-refused")
    assert ben.refused("/session/totp", "POST") == (403, "step-up-required")


def test_a_challenge_is_for_one_use_one_purpose_one_session_and_five_minutes(
    house: House, inside: Browser
) -> None:
    phone = Authenticator()
    register(inside, phone)
    visitor = Browser(house)
    asked = options(visitor, "sign-in")
    cookie = visitor.cookies["__Host-passkey"]
    visitor.data("/session/passkey", "POST", phone.get(asked))
    visitor.cookies["__Host-passkey"] = cookie
    again = visitor.refused("/session/passkey", "POST", phone.get(asked))
    assert again == (403, "step-expired")
    given = phone.get(options(inside, "sign-in"))
    crossed = inside.refused("/session/proof/passkey", "POST", given)
    assert crossed == (403, "passkey-refused")
    late = Browser(house)
    asked = options(late, "sign-in")
    house.now += 301
    given = phone.get(asked)
    assert late.refused("/session/passkey", "POST", given) == (403, "step-expired")
    nobody = Browser(house)
    assert nobody.refused("/session/passkey", "POST", given) == (403, "step-expired")


def test_a_challenge_of_one_session_serves_no_other(house: House, inside: Browser) -> None:
    phone = Authenticator()
    register(inside, phone)
    other = Browser(house)
    other.sign_in()
    given = phone.get(options(inside, "proof"))
    other.cookies["__Host-passkey"] = inside.cookies["__Host-passkey"]
    refusal = other.refused("/session/proof/passkey", "POST", given)
    assert refusal == (403, "passkey-refused")


WRONG: dict[str, dict[str, Any]] = {
    "another origin": {"origin": "https://evil.example"},
    "the same name without tls": {"origin": "http://app.example"},
    "another relying party": {"rp_id": "evil.example"},
    "nobody was verified": {"flags": 0x19},
    "nobody was there": {"flags": 0x1C},
    "backed up, which it may not be": {"flags": 0x15},
    "inside a frame of another site": {"cross_origin": True},
    "another user's": {"user_handle": "dTI"},
}


@pytest.mark.parametrize("what", WRONG)
def test_a_ceremony_that_is_not_in_order_signs_nobody_in(
    house: House, inside: Browser, what: str
) -> None:
    phone = Authenticator()
    register(inside, phone)
    vars(phone).update(WRONG[what])
    assert refused(Browser(house), phone) == (403, "passkey-refused")


@pytest.mark.parametrize("what", [name for name in WRONG if name != "another user's"])
def test_a_ceremony_that_is_not_in_order_registers_nothing(inside: Browser, what: str) -> None:
    phone = Authenticator()
    asked = options(inside, "register")
    vars(phone).update(WRONG[what])
    given = phone.create(asked)
    assert inside.refused("/session/passkeys", "POST", given) == (403, "passkey-refused")
    assert listed(inside) == []


@pytest.mark.parametrize("field", ["signature", "clientData", "authenticatorData"])
@pytest.mark.parametrize("change", ["", "A", "!", "é", "AAAA" * 30])
def test_what_was_signed_cannot_be_changed(
    house: House, inside: Browser, field: str, change: str
) -> None:
    phone = Authenticator()
    register(inside, phone)
    visitor = Browser(house)
    given = phone.get(options(visitor, "sign-in"))
    given[field] = change if change else "A" + given[field][1:]
    status, kind = visitor.refused("/session/passkey", "POST", given)
    assert (status, kind) == (403, "passkey-refused")


def test_the_signature_of_another_key_is_refused(house: House, inside: Browser) -> None:
    phone, other = Authenticator(), Authenticator()
    register(inside, phone)
    other.credential_id, other.user_handle = phone.credential_id, phone.user_handle
    assert refused(Browser(house), other) == (403, "passkey-refused")


def test_a_counter_that_does_not_go_up_is_that_of_a_copy(house: House, inside: Browser) -> None:
    phone = Authenticator(count=7)
    register(inside, phone)
    assert refused(Browser(house), phone) == (403, "passkey-refused")
    phone.count = 8
    visitor = Browser(house)
    visitor.data("/session/passkey", "POST", phone.get(options(visitor, "sign-in")))
    for count in (8, 3, 0):
        phone.count = count
        assert refused(Browser(house), phone) == (403, "passkey-refused")


def test_a_passkey_is_registered_once(house: House, inside: Browser) -> None:
    phone = Authenticator()
    register(inside, phone)
    given = phone.create(options(inside, "register"))
    assert inside.refused("/session/passkeys", "POST", given) == (409, "passkey-known")


def test_a_disabled_user_has_no_passkey_that_opens_anything(house: House, inside: Browser) -> None:
    phone = Authenticator()
    register(inside, phone)
    house.database.connection.execute("UPDATE users SET disabled_at = 1")
    assert refused(Browser(house), phone) == (401, "passkey-unknown")


def test_the_only_way_in_is_not_removed(house: House, inside: Browser) -> None:
    made = register(inside, Authenticator())
    house.database.connection.execute("UPDATE users SET password_hash = NULL")
    path = f"/session/passkeys/{made['credential_id']}"
    assert inside.refused(path, "DELETE") == (409, "last-way-in")


def test_an_address_of_numbers_has_no_passkeys(house: House) -> None:
    visitor = Browser(house, origin="http://127.0.0.1:8787")
    body = {"purpose": "sign-in"}
    assert visitor.refused("/session/challenge", "POST", body) == (409, "passkeys-unavailable")
