"""API keys: what is refused, how, and for how long a good one is remembered."""

import msgspec
import pytest

from api import identity
from api.identity import CHALLENGE, hash_secret
from common.envelope import Answer
from tests.api.calling import KEY, NOW, PEPPER, SECRET, TICK, Caller, insert_key
from tests.support.sqlite import SqliteDatabase

PATH = "/api/v1/analytics/market"
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
}


@pytest.fixture(autouse=True)
def more_keys(database: SqliteDatabase) -> None:
    insert_key(database, REVOKED, revoked_at=TICK)
    insert_key(database, EXPIRED, expires_at=int(NOW))
    insert_key(database, EXPIRING, expires_at=int(NOW) + 10)


def refusal(answer: Answer) -> dict[str, object]:
    assert answer.status == 401
    assert answer.headers["www-authenticate"] == CHALLENGE["www-authenticate"]
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, object] = msgspec.json.decode(answer.body)
    return {name: value for name, value in body.items() if name != "request_id"}


@pytest.mark.parametrize("name", WRONG)
def test_every_wrong_key_is_refused_in_the_same_words(ask: Caller, name: str) -> None:
    assert refusal(ask(PATH, key=None, headers={"authorization": f"Bearer {WRONG[name]}"})) == {
        "type": "https://cryptointel.example/problems/key-invalid",
        "title": "Unauthorized",
        "status": 401,
        "detail": "This API key is unknown, revoked or expired.",
    }


@pytest.mark.parametrize("header", [None, "", "Bearer ", "   "])
def test_a_missing_key_is_refused_with_how_to_send_one(ask: Caller, header: str | None) -> None:
    headers = {} if header is None else {"authorization": header}
    told = refusal(ask(PATH, key=None, headers=headers))
    assert told["type"] == "https://cryptointel.example/problems/key-missing"
    assert "Authorization: Bearer <key>" in str(told["detail"])
    assert "X-API-Key" in str(told["detail"])


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": f"Bearer {KEY}"},
        {"authorization": f"bearer {KEY}"},
        {"authorization": f"Bearer  {KEY} "},
        {"x-api-key": KEY},
    ],
)
def test_a_key_may_be_sent_as_bearer_in_any_case_or_in_its_own_header(
    ask: Caller, headers: dict[str, str]
) -> None:
    assert ask(PATH, key=None, headers=headers).status == 200


def test_a_key_in_the_address_is_no_key(ask: Caller) -> None:
    refusal(ask(f"{PATH}?api_key={KEY}", key=None))


def test_a_key_ends_at_its_expiry_and_not_before(ask: Caller) -> None:
    assert ask(PATH, key=EXPIRING).status == 200
    other = Caller(ask.database)
    other.now = NOW + 10
    refusal(other(PATH, key=EXPIRING))


def test_without_a_pepper_no_key_is_right(ask: Caller, database: SqliteDatabase) -> None:
    database.connection.execute("UPDATE api_keys SET secret_hash = ?", (hash_secret(SECRET, ""),))
    ask.pepper = ""
    refusal(ask(PATH))


def test_another_pepper_makes_every_key_wrong(ask: Caller) -> None:
    ask.pepper = "another"
    refusal(ask(PATH))


def test_a_secret_is_stored_as_a_keyed_hash_only(database: SqliteDatabase) -> None:
    everything = str(database.rows("SELECT * FROM api_keys"))
    assert SECRET not in everything
    assert hash_secret(SECRET, PEPPER) in everything
    assert hash_secret(SECRET, PEPPER) != hash_secret(SECRET, "another")


def test_a_checked_key_costs_no_statement_for_thirty_seconds(
    ask: Caller, database: SqliteDatabase
) -> None:
    problem = "/nothing"  # answered without the database, once the key is known
    ask(problem)
    before = database.statements
    ask.now = NOW + 29.9
    assert ask(problem).status == 404
    assert database.statements == before
    ask.now = NOW + 30
    assert ask(problem).status == 404
    assert database.statements == before + 1


def test_a_revoked_key_is_refused_after_its_lease(ask: Caller, database: SqliteDatabase) -> None:
    assert ask(PATH).status == 200
    database.connection.execute("UPDATE api_keys SET revoked_at = ?", (TICK,))
    ask.now = NOW + 29
    assert ask(PATH).status == 200
    ask.now = NOW + 30
    refusal(ask(PATH))


def test_a_wrong_key_is_not_remembered(ask: Caller, database: SqliteDatabase) -> None:
    refusal(ask(PATH, key=REVOKED))
    database.connection.execute("UPDATE api_keys SET revoked_at = NULL")
    assert ask(PATH, key=REVOKED).status == 200


def test_a_malformed_key_costs_no_statement(ask: Caller, database: SqliteDatabase) -> None:
    before = database.statements
    for name in ("no_secret", "a_single_word", "a_huge_key", "another_prefix"):
        refusal(ask(PATH, key=WRONG[name]))
    assert database.statements == before


def test_remembered_keys_are_bounded(
    ask: Caller, database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "MOST_LEASES", 3)
    keys = [f"ci_test_many{number}_{SECRET}" for number in range(3)]
    for key in keys:
        insert_key(database, key)
    ask("/nothing")
    for key in keys:
        ask("/nothing", key=key)
    before = database.statements
    assert ask("/nothing").status == 404
    assert database.statements == before + 1, "the oldest lease was kept beyond the bound"
