"""Signing in and out over a real database, and the limit on wrong passwords."""

import asyncio
import hashlib

import pytest

from common.errors import Problem
from common.passwords import ITERATIONS
from dashboard import sessions
from dashboard.sessions import (
    LONGEST_BODY,
    SECONDS,
    TRIES,
    TRY_SECONDS,
    Credentials,
    Tries,
    User,
    read_credentials,
)
from tests.dashboard.accounts import EMAIL, NOW, PASSWORD, PEPPER, Derivation, store, with_user
from tests.support.sqlite import SqliteDatabase

ANN = User("u1", EMAIL, "analyst", "free")
STORED = store(PASSWORD)


@pytest.fixture
def database() -> SqliteDatabase:
    return with_user(STORED)


def sign_in(
    database: SqliteDatabase,
    password: str = PASSWORD,
    email: str = EMAIL,
    *,
    now: float = NOW,
    derive: Derivation | None = None,
) -> tuple[User, str]:
    given = Credentials(email, password)
    return asyncio.run(sessions.sign_in(given, database, derive or Derivation(), PEPPER, now))


def find(database: SqliteDatabase, token: str | None, now: float = NOW) -> User | None:
    return asyncio.run(sessions.find(token, database, now))


def refusal(database: SqliteDatabase, password: str, email: str) -> tuple[object, ...]:
    """Return everything that an outsider can see or measure of a refusal."""
    derive, before = Derivation(), database.statements
    with pytest.raises(Problem) as caught:
        sign_in(database, password, email, derive=derive)
    problem = caught.value
    seen = (problem.status, problem.kind, problem.detail, problem.headers)
    return (*seen, derive.calls, database.statements - before)


def test_the_right_password_opens_a_session_of_its_user(database: SqliteDatabase) -> None:
    user, token = sign_in(database)
    assert user == ANN
    assert find(database, token) == ANN


def test_a_token_is_long_random_and_fit_for_a_cookie(database: SqliteDatabase) -> None:
    tokens = {sign_in(database)[1] for _ in range(3)}
    assert len(tokens) == 3
    assert all(len(token) >= 43 and set(token) <= TOKEN_LETTERS for token in tokens)


TOKEN_LETTERS = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


def test_a_token_is_stored_as_its_digest_only(database: SqliteDatabase) -> None:
    _, token = sign_in(database)
    rows = database.rows("SELECT * FROM sessions")
    expected = hashlib.sha256(token.encode()).hexdigest()
    assert rows == [(expected, "u1", int(NOW), int(NOW) + SECONDS)]
    assert token not in "\n".join(database.connection.iterdump())


def test_the_stored_digest_is_no_token(database: SqliteDatabase) -> None:
    sign_in(database)
    ((stored,),) = database.rows("SELECT token_digest FROM sessions")
    assert find(database, stored) is None


def test_a_wrong_password_is_refused_and_opens_nothing(database: SqliteDatabase) -> None:
    assert refusal(database, "wrong", EMAIL)[:2] == (401, "wrong-credentials")
    assert database.rows("SELECT count(*) FROM sessions") == [(0,)]


def test_an_unknown_user_is_refused_like_a_wrong_password_at_the_same_cost(
    database: SqliteDatabase,
) -> None:
    unknown = refusal(database, PASSWORD, "nobody@example.com")
    assert unknown == refusal(database, "wrong", EMAIL)
    assert unknown[4] == [ITERATIONS]


@pytest.mark.parametrize("stored", [None, ""])
def test_a_user_without_a_password_is_refused_alike(stored: str | None) -> None:
    expected = refusal(with_user(STORED), "wrong", EMAIL)
    for password in ("", PASSWORD):
        assert refusal(with_user(stored), password, EMAIL) == expected


def test_a_session_ends_after_its_time(database: SqliteDatabase) -> None:
    _, token = sign_in(database)
    assert find(database, token, NOW + SECONDS - 1) == ANN
    assert find(database, token, NOW + SECONDS) is None


def test_signing_in_removes_the_sessions_that_are_over(database: SqliteDatabase) -> None:
    _, old = sign_in(database)
    _, later = sign_in(database, now=NOW + 10)
    _, new = sign_in(database, now=NOW + SECONDS)
    kept = {digest for (digest,) in database.rows("SELECT token_digest FROM sessions")}
    assert kept == {sessions.digest(later), sessions.digest(new)}
    assert find(database, old, NOW) is None


def test_signing_out_ends_that_session_alone(database: SqliteDatabase) -> None:
    (_, one), (_, two) = sign_in(database), sign_in(database)
    asyncio.run(sessions.sign_out(one, database))
    assert (find(database, one), find(database, two)) == (None, ANN)


def test_nobody_is_signed_in_without_a_token(database: SqliteDatabase) -> None:
    sign_in(database)
    before = database.statements
    for token in (None, ""):
        assert find(database, token) is None
        asyncio.run(sessions.sign_out(token, database))
    assert database.statements == before
    assert find(database, "unknown") is None


def test_a_password_that_was_hashed_anew_still_signs_in(database: SqliteDatabase) -> None:
    _, before = sign_in(database)
    again = store(PASSWORD, b"another salt 16b")
    assert again != STORED
    database.connection.execute("UPDATE users SET password_hash = ?", (again,))
    assert sign_in(database)[0] == ANN
    assert find(database, before) == ANN


def test_a_password_that_was_changed_no_longer_signs_in(database: SqliteDatabase) -> None:
    database.connection.execute("UPDATE users SET password_hash = ?", (store("new one"),))
    assert refusal(database, PASSWORD, EMAIL)[0] == 401
    assert sign_in(database, "new one")[0] == ANN


def failed(count: int, now: float = NOW) -> Tries:
    tries = Tries()
    for second in range(count):
        tries.wrong(EMAIL, "1.2.3.4", now + second)
    return tries


def test_four_wrong_passwords_leave_a_fifth_try() -> None:
    failed(TRIES - 1).check(EMAIL, "1.2.3.4", NOW + 5)


def test_five_wrong_passwords_close_the_account_to_that_address() -> None:
    with pytest.raises(Problem) as caught:
        failed(TRIES).check(EMAIL, "1.2.3.4", NOW + 5)
    assert (caught.value.status, caught.value.kind) == (429, "too-many-tries")
    wait = int(caught.value.headers["retry-after"])
    assert wait == TRY_SECONDS - 5 + 1
    assert f"{wait} seconds" in caught.value.detail


def test_others_are_not_locked_out_by_it() -> None:
    tries = failed(TRIES)
    tries.check(EMAIL, "5.6.7.8", NOW + 5)
    tries.check("bob@example.com", "1.2.3.4", NOW + 5)


def test_the_account_opens_again_when_the_wait_that_was_told_is_over() -> None:
    tries = failed(TRIES)
    with pytest.raises(Problem) as caught:
        tries.check(EMAIL, "1.2.3.4", NOW + 10)
    wait = int(caught.value.headers["retry-after"])
    with pytest.raises(Problem):
        tries.check(EMAIL, "1.2.3.4", NOW + TRY_SECONDS - 1)
    tries.check(EMAIL, "1.2.3.4", NOW + 10 + wait)


def test_wrong_passwords_that_are_far_apart_close_nothing() -> None:
    tries = Tries()
    for number in range(TRIES * 3):
        tries.wrong(EMAIL, "1.2.3.4", NOW + number * TRY_SECONDS / (TRIES - 1))
        tries.check(EMAIL, "1.2.3.4", NOW + number * TRY_SECONDS / (TRIES - 1))


def test_credentials_are_read_and_the_address_is_brought_into_its_form() -> None:
    given = read_credentials('{"email": "  Ann@Example.COM ", "password": " Kept As Is "}')
    assert given == Credentials(EMAIL, " Kept As Is ")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "{}",
        "email=a&password=b",
        '{"email": "a@b.c"}',
        '{"email": 1, "password": "x"}',
        '{"email": "a@b.c", "password": null}',
        '{"email": "a@b.c", "password": "x"} trailing',
        '{"email": "a@b.c", "password": "\\ud800"}',
        "[" * 4000,
    ],
)
def test_a_bad_body_is_a_400_that_shows_the_right_one(body: str) -> None:
    with pytest.raises(Problem) as caught:
        read_credentials(body)
    assert (caught.value.status, caught.value.kind) == (400, "invalid-body")
    assert '{"email": "…", "password": "…"}' in caught.value.detail


def test_a_huge_body_is_a_413_and_the_largest_is_read() -> None:
    frame = '{"email": "a@b.c", "password": "%s"}'
    fill = LONGEST_BODY - len(frame % "")
    assert len(read_credentials(frame % ("x" * fill)).password) == fill
    with pytest.raises(Problem) as caught:
        read_credentials(frame % ("x" * (fill + 1)))
    assert (caught.value.status, caught.value.kind) == (413, "body-too-large")
