"""Credentials at the gate: what is refused, how, and for how long a good one is remembered."""

import asyncio

import pytest

from api.identity import leases
from api.identity.api_keys import hash_secret
from api.identity.leases import LEASE_SECONDS, USED_SECONDS, Grant, Identities, check_place
from api.principal import Principal
from common.errors import Problem
from tests.api.calling import BASE, KEY, NOW, PEPPER, SECRET, TICK, Caller, insert_key
from tests.api.identity.people import login, site
from tests.api.posting import data
from tests.support.sqlite import SqliteDatabase

REVOKED, EXPIRED, EXPIRING = (f"ci_test_{name}_{SECRET}" for name in ("kr", "ke", "kx"))
WRONG = {
    "a_wrong_secret": f"ci_test_key1_{'0' * len(SECRET)}",
    "a_wrong_id": f"ci_test_key2_{SECRET}",
    "a_revoked_key": REVOKED,
    "an_expired_key": EXPIRED,
    "no_secret": "ci_test_key1",
    "an_empty_secret": "ci_test_key1_",
    "one_part_too_many": f"{KEY}_x",
    "another_prefix": KEY.replace("ci_", "xx_"),
    "another_case": KEY.upper(),
    "a_single_word": "letmein",
    "characters_beyond_ascii": f"ci_test_key1_{'é' * 8}",
    "a_huge_key": f"ci_test_key1_{'0' * 5000}",
    "sql": "ci_test_' OR 1=1 --_x",
    "the_stored_hash": f"ci_test_key1_{hash_secret(SECRET, PEPPER)}",
    "another_scheme": f"Basic {KEY}",
    "a_jwt_of_nobody": "eyJhbGciOiJub25lIn0.e30.",
    "two_dots": "..",
}


@pytest.fixture
def ask() -> Caller:
    caller = site()
    insert_key(caller.database, REVOKED, revoked_at=TICK)
    insert_key(caller.database, EXPIRED, expires_at=int(NOW))
    insert_key(caller.database, EXPIRING, expires_at=int(NOW) + 3)
    return caller


@pytest.fixture
def database(ask: Caller) -> SqliteDatabase:
    found: SqliteDatabase = ask.database
    return found


def check(ask: Caller, presented: str | None, identities: Identities | None = None) -> Grant:
    return asyncio.run((identities or Identities()).check(presented, ask.context()))


def refusal(ask: Caller, presented: str | None, identities: Identities | None = None) -> Problem:
    with pytest.raises(Problem) as caught:
        check(ask, presented, identities)
    assert caught.value.status == 401
    told = caught.value.headers["www-authenticate"]
    assert told.startswith('Bearer realm="CryptoIntel", resource_metadata="')
    assert f'"{BASE}/.well-known/oauth-protected-resource"' in told
    return caught.value


@pytest.mark.parametrize("name", WRONG)
def test_every_wrong_credential_is_refused_in_the_same_words(ask: Caller, name: str) -> None:
    problem = refusal(ask, f"Bearer {WRONG[name]}")
    assert (problem.kind, problem.detail) == (
        "credential-invalid",
        "This credential is unknown, revoked or expired. Send a valid API key or access token.",
    )


@pytest.mark.parametrize("presented", [None, "", "Bearer ", "   "])
def test_a_missing_key_is_refused_with_how_to_send_one(ask: Caller, presented: str | None) -> None:
    problem = refusal(ask, presented)
    assert problem.kind == "key-missing"
    assert "Authorization: Bearer <key>" in problem.detail
    assert "X-API-Key" in problem.detail


@pytest.mark.parametrize("form", ["Bearer {}", "bearer {}", "BEARER  {} ", "{}"])
def test_a_key_may_be_sent_as_bearer_in_any_case_or_bare(ask: Caller, form: str) -> None:
    assert check(ask, form.format(KEY)).principal == Principal(
        "u1", "trader", "enterprise", "key", None, "key1"
    )


def test_a_key_ends_at_its_expiry_and_not_before_also_when_it_is_leased(ask: Caller) -> None:
    identities = Identities()
    check(ask, EXPIRING, identities)
    assert identities.known(EXPIRING, int(NOW) + 2.9)
    assert identities.known(EXPIRING, int(NOW) + 3) is None
    ask.now = int(NOW) + 3
    refusal(ask, EXPIRING, identities)


def test_without_a_pepper_no_key_is_right(ask: Caller, database: SqliteDatabase) -> None:
    database.connection.execute("UPDATE api_keys SET secret_hash = ?", (hash_secret(SECRET, ""),))
    ask.pepper = ""
    refusal(ask, KEY)


def test_another_pepper_makes_every_key_wrong(ask: Caller) -> None:
    ask.pepper = "another"
    refusal(ask, KEY)


def test_a_secret_is_stored_as_a_keyed_hash_only(database: SqliteDatabase) -> None:
    everything = str(database.rows("SELECT * FROM api_keys"))
    assert SECRET not in everything
    assert hash_secret(SECRET, PEPPER) in everything


def test_a_disabled_users_key_is_refused(ask: Caller, database: SqliteDatabase) -> None:
    database.connection.execute("UPDATE users SET disabled_at = 1 WHERE user_id = 'u1'")
    refusal(ask, KEY)


def test_a_key_brings_its_scopes_places_and_rate(ask: Caller, database: SqliteDatabase) -> None:
    database.connection.execute(
        "UPDATE api_keys SET scopes = '[\"market:read\"]', per_minute = 7,"
        " allowed_origins = '[\"https://a.example\"]', allowed_addresses = '[\"10.0.0.0/8\"]'"
        " WHERE key_id = 'key1'"
    )
    grant = check(ask, KEY)
    assert grant.principal.scopes == frozenset({"market:read"})
    assert grant.principal.per_minute == 7
    check_place(grant, "https://a.example", "10.1.2.3")


def test_an_unknown_key_costs_the_same_statement_and_the_same_hash_as_a_wrong_one(
    ask: Caller, database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []

    def counted(secret: str, pepper: str) -> str:
        hashed.append(secret)
        return hash_secret(secret, pepper)

    monkeypatch.setattr("api.identity.api_keys.hash_secret", counted)
    before = database.statements
    for name in ("a_wrong_id", "a_wrong_secret", "a_revoked_key"):
        refusal(ask, WRONG[name])
    assert database.statements - before == 3
    assert len(hashed) == 3


def test_a_malformed_key_costs_no_statement(ask: Caller, database: SqliteDatabase) -> None:
    before = database.statements
    for name in ("no_secret", "a_single_word", "a_huge_key", "another_prefix", "two_dots"):
        refusal(ask, WRONG[name])
    assert database.statements == before


def test_a_checked_credential_is_known_for_five_seconds_and_no_longer(ask: Caller) -> None:
    identities, token = Identities(), str(data(login(ask))["access_token"])
    for presented in (KEY, f"Bearer {token}"):
        assert identities.known(presented, NOW) is None
        grant = check(ask, presented, identities)
        assert identities.known(presented, NOW + LEASE_SECONDS - 0.01) == grant
        assert identities.known(presented, NOW + LEASE_SECONDS) is None
    assert LEASE_SECONDS == 5


def test_a_revoked_key_is_refused_after_its_lease(ask: Caller, database: SqliteDatabase) -> None:
    identities = Identities()
    check(ask, KEY, identities)
    database.connection.execute("UPDATE api_keys SET revoked_at = ?", (TICK,))
    assert identities.known(KEY, NOW + 4.9)
    ask.now = NOW + 5
    refusal(ask, KEY, identities)


def test_a_wrong_key_is_not_remembered(ask: Caller, database: SqliteDatabase) -> None:
    identities = Identities()
    refusal(ask, REVOKED, identities)
    database.connection.execute("UPDATE api_keys SET revoked_at = NULL")
    check(ask, REVOKED, identities)


def test_leases_of_a_user_a_key_or_a_family_are_dropped_at_once(ask: Caller) -> None:
    identities, told = Identities(), data(login(ask))
    token = str(told["access_token"])
    for forget, left in (
        ({"user_id": "u1"}, [token]),
        ({"user_id": "ann"}, [KEY]),
        ({"credential": "key1"}, [token]),
        ({"credential": told["refresh_token"][:24]}, [KEY]),
        ({"credential": "another"}, [KEY, token]),
        ({}, [KEY, token]),
    ):
        for presented in (KEY, token):
            check(ask, presented, identities)
        identities.forget(**forget)
        assert [one for one in (KEY, token) if identities.known(one, NOW)] == left


def test_a_good_key_in_a_huge_header_is_not_kept(ask: Caller) -> None:
    refusal(ask, "Bearer" + " " * 5000 + KEY)


def test_remembered_credentials_are_bounded(
    ask: Caller, database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "MOST_LEASES", 3)
    identities = Identities()
    keys = [KEY, *(f"ci_test_many{number}_{SECRET}" for number in range(3))]
    for key in keys[1:]:
        insert_key(database, key)
    for key in keys:
        check(ask, key, identities)
    assert identities.known(KEY, NOW) is None, "the oldest lease was kept beyond the bound"


def test_the_last_use_of_a_key_is_written_at_most_once_a_minute(
    ask: Caller, database: SqliteDatabase
) -> None:
    identities = Identities()
    grant = check(ask, KEY, identities)

    def write(now: float) -> int:
        identities.note_used(grant, now)
        statements = identities.used(now)
        asyncio.run(database.batch(statements))
        return len(statements)

    assert [write(NOW + at) for at in (0, 1, 59, USED_SECONDS, 61)] == [1, 0, 0, 1, 0]
    used = database.rows("SELECT last_used_at FROM api_keys WHERE key_id = 'key1'")
    assert used == [(int(NOW + USED_SECONDS),)]
    assert identities.used(NOW + 2 * USED_SECONDS), "what was noted since is not lost"
