"""Guessing credentials: nothing in an answer or in its work tells how near a guess was."""

import hmac
from typing import Any

import msgspec
import pytest

from tests.api.attacks.walking import Attacker
from tests.api.calling import KEY, NOW, SECRET, TICK, Caller, insert, insert_key, seeded
from tests.api.identity.people import basic, post, registered, site

GONE, OVER, OUT = (f"ci_test_{name}_{SECRET}" for name in ("gone", "over", "out"))
WELL_FORMED = {
    "an unknown id": f"ci_test_nobody_{SECRET}",
    "a wrong secret": f"ci_test_key1_{'0' * len(SECRET)}",
    "almost the secret": KEY[:-1] + ("0" if KEY[-1] != "0" else "1"),
    "a revoked key": GONE,
    "an expired key": OVER,
    "the key of a disabled user": OUT,
    "an id in capitals": f"ci_test_KEY1_{SECRET}",
    "a wildcard": f"ci_test_key%_{SECRET}",
    "another environment": f"ci_production_key1_{SECRET}",
}
MALFORMED = {
    "too few parts": "ci_test_key1", "too many parts": f"ci_test_key1_{SECRET}_x",
    "another prefix": KEY.replace("ci_", "cx_"), "a huge one": "ci_test_key1_" + "0" * 50_000,
    "a word": "password", "a token of nobody": "a.b.c", "another scheme": f"Basic {KEY}",
    "two of them": f"{KEY}, Bearer {KEY}",
}  # fmt: skip
EVERY = WELL_FORMED | MALFORMED


def door() -> Caller:
    """Return a gateway that has seen nothing yet."""
    database = seeded()
    insert(database, "users", user_id="u9", email="out@example.com", role="trader", plan="free",
           created_at=TICK, disabled_at=TICK)  # fmt: skip
    insert_key(database, GONE, revoked_at=TICK)
    insert_key(database, OVER, expires_at=int(NOW) - 1)
    insert_key(database, OUT)
    database.connection.execute("UPDATE api_keys SET user_id = 'u9' WHERE key_id = 'out'")
    return Caller(database)


def told(ask: Caller, key: str) -> tuple[Any, ...]:
    """Return everything that a guess is answered with, but for its number and its time."""
    answer = ask("/api/v1/market-data/BTC", key=key)
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    body = msgspec.json.decode(str(answer.body))
    body.pop("request_id", None)
    return answer.status, headers, body


@pytest.mark.parametrize("name", EVERY)
def test_every_guess_is_answered_alike(name: str) -> None:
    expected = told(door(), WELL_FORMED["an unknown id"])
    assert expected[0] == 401
    assert told(door(), EVERY[name]) == expected


@pytest.mark.parametrize("name", WELL_FORMED)
def test_every_well_formed_guess_costs_the_same_work(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[int] = []
    compare = hmac.compare_digest

    def counted(one: Any, other: Any) -> bool:
        compared.append(len(one) - len(other))
        return compare(one, other)

    monkeypatch.setattr("api.identity.api_keys.hmac.compare_digest", counted)
    ask = door()
    told(ask, WELL_FORMED[name])
    assert ask.database.statements == 1
    assert compared == [0], "the secret was not compared, or not in constant time"
    assert ask.parts.calls.count("flooding") == 1


def test_a_key_is_good_in_the_environment_that_it_names() -> None:
    ask = door()
    for other in ("production", "staging", "", "TEST", "test%"):
        assert told(ask, KEY.replace("_test_", f"_{other}_"))[0] == 401, other
    assert told(ask, KEY)[0] == 200


def test_guesses_are_counted_by_the_address_that_they_come_from() -> None:
    ask = door()
    answers = [told(ask, f"ci_test_{number:012x}_{SECRET}")[0] for number in range(61)]
    assert answers == [401] * 60 + [429]
    assert told(ask, KEY)[0] == 200, "whoever has a key is shut out by his neighbour"


@pytest.mark.parametrize("name", ["x-api-key", "authorization"])
def test_a_good_key_behind_a_wrong_one_is_not_looked_at(name: str) -> None:
    ask = door()
    other = "authorization" if name == "x-api-key" else "x-api-key"
    answer = ask("/api/v1/me", key=None, headers={"authorization": "Bearer x", "x-api-key": KEY})
    assert answer.status == 401
    assert ask("/api/v1/me", key=None, headers={name: KEY, other: ""}).status == 200


def test_a_key_in_the_address_is_refused_and_not_told_back() -> None:
    ask = door()
    for name in ("key", "api_key", "access_token", "token"):
        answer = ask(f"/api/v1/market-data/BTC?{name}={KEY}", key=None)
        assert answer.status == 401
        assert SECRET not in str(answer.body)
    assert SECRET not in str(ask("/api/v1/news?api_key=" + KEY).body)


def test_an_unknown_app_costs_the_work_of_a_wrong_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = site()
    app = registered(ask)
    fields = {"grant_type": "client_credentials"}
    compared: list[int] = []
    compare = hmac.compare_digest

    def counted(one: Any, other: Any) -> bool:
        compared.append(len(one))
        return compare(one, other)

    monkeypatch.setattr("api.identity.clients.hmac.compare_digest", counted)
    work, answers = [], []
    for proof in (basic(app, "0" * 64), basic({"client_id": "app_0000000000000000"}, "0" * 64)):
        before = ask.database.statements
        answers.append(post(ask, "/oauth/token", fields, proof))
        work.append(ask.database.statements - before)
    assert answers[0] == answers[1]
    assert answers[0][0] == 401
    assert work[0] == work[1]
    assert compared == [64, 64]


def test_the_answer_to_a_good_key_tells_nothing_of_it(attacker: Attacker) -> None:
    answer = attacker.ask("/api/v1/keys")
    stored = attacker.rows("SELECT secret_hash FROM api_keys")
    assert all(hashed not in str(answer.body) for (hashed,) in stored)
    assert SECRET not in str(answer.body)
