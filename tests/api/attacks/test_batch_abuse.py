"""POST /batch as a way around: limits, permissions, methods, sizes."""

from typing import Any

import msgspec
import pytest

from api.principal import Principal
from tests.api.attacks.walking import ANN, Attacker
from tests.api.calling import KEY, SECRET, Caller, insert, insert_key, seeded
from tests.api.posting import kind, send

BATCH = "/api/v1/batch"
BTC = "/api/v1/market-data/BTC"
FREE = Principal("f1", "viewer", "free", "session")


def read(ask: Caller, *paths: str, who: Principal = ANN) -> list[dict[str, Any]]:
    answer = send(ask, "POST", BATCH, {"reads": paths}, key=None, principal=who)
    assert answer.status == 200, answer.body
    return list(msgspec.json.decode(str(answer.body))["data"])


def kind_of(item: dict[str, Any]) -> str:
    return str(item["body"]["type"]).rpartition("/")[2]


def test_a_batch_holds_no_batch(ask: Caller) -> None:
    (item,) = read(ask, f"{BATCH}?reads=x")
    assert (item["status"], kind_of(item)) == (405, "method-not-allowed")


@pytest.mark.parametrize("count", [0, 51, 4_000])
def test_a_batch_is_one_to_fifty_reads(ask: Caller, count: int) -> None:
    answer = send(ask, "POST", BATCH, {"reads": ["/api/v1/news"] * count})
    assert kind(answer, 400)[0] == "invalid-field"


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/api/v1/news", "//evil.example/api/v1/news", "/docs", "/health", "",
        "/",
        "api/v1/news", "/api/v1/", "/api/v1/ news", "/api/v1/news\r\nx: y", "/api/v1/\x00",
        "/api/v2/me",
        "/api/v1/é", "/api/v1/" + "x" * 2_001, "\\api\\v1\\me", " /api/v1/me", "/API/v1/me",
        "/oauth/token", "/live",
    ],
)  # fmt: skip
def test_a_batch_reads_the_api_and_nothing_else(ask: Caller, path: str) -> None:
    answer = send(ask, "POST", BATCH, {"reads": [path]})
    assert kind(answer, 400)[0] == "invalid-field"


@pytest.mark.parametrize("path", ["/api/v1/../../docs", "/api/v1/..%2f..%2fdocs",
                                  "/api/v1/%2e%2e/docs",
                                  "/api/v1/./me", "/api/v1/x/../me", "/api/v1/entities/..",
                                  "/api/v1/market-data/%2e%2e"])  # fmt: skip
def test_a_batch_climbs_out_of_no_path(ask: Caller, path: str) -> None:
    (item,) = read(ask, path)
    assert (item["status"], kind_of(item)) == (404, "no-such-route")


def test_a_batch_changes_nothing(attacker: Attacker) -> None:
    paths = [
        "/api/v1/auth/register", "/api/v1/feeds/preview", "/api/v1/keys/x/rotate",
        "/api/v1/webhooks/x/test",
        "/api/v1/signals/preview",
    ]  # fmt: skip
    items = read(attacker.ask, *paths)
    assert {item["status"] for item in items} <= {400, 404, 405}


def test_every_read_of_a_batch_is_counted(ask: Caller) -> None:
    first = ask(BTC).headers
    answer = send(ask, "POST", BATCH, {"reads": [BTC] * 50})
    assert answer.status == 200
    after = ask(BTC).headers
    assert int(first["ratelimit-remaining"]) - int(after["ratelimit-remaining"]) == 52


def test_a_batch_reads_no_more_than_its_caller_may_in_a_minute(ask: Caller) -> None:
    items = [item for _ in range(2) for item in read(ask, *[BTC] * 50, who=FREE)[:50]][:50]
    late = read_late(ask)
    assert {item["status"] for item in items} == {200}
    assert late == 429


def read_late(ask: Caller) -> int:
    return send(ask, "POST", BATCH, {"reads": [BTC]}, key=None, principal=FREE).status


def test_a_dear_read_is_as_dear_within_a_batch(ask: Caller) -> None:
    items = read(ask, *["/api/v1/analytics/source_quality"] * 10, who=FREE)
    assert [item["status"] for item in items] == [200] * 6 + [429] * 4
    assert kind_of(items[-1]) == "rate-limited"


def test_a_batch_may_read_what_its_key_may_and_no_more(database: Any) -> None:
    narrow = f"ci_test_narrow_{SECRET}"
    insert_key(database, narrow, scopes='["market:read"]')
    ask = Caller(database)
    paths = [BTC, "/api/v1/me", "/api/v1/keys", "/api/v1/signals/all", "/api/v1/me/export"]
    answer = send(ask, "POST", BATCH, {"reads": paths}, key=narrow)
    items = msgspec.json.decode(str(answer.body))["data"]
    assert [item["status"] for item in items] == [200, 403, 403, 403, 403]
    assert {kind_of(item) for item in items[1:]} == {"scope-missing"}


def test_a_kept_answer_within_a_batch_is_kept_from_who_may_not_read_it() -> None:
    database = seeded()
    narrow = f"ci_test_narrow_{SECRET}"
    insert_key(database, narrow, scopes='["market:read"]')
    ask = Caller(database)
    assert ask("/api/v1/signals/all").status == 200
    answer = send(ask, "POST", BATCH, {"reads": ["/api/v1/signals/all"]}, key=narrow)
    assert msgspec.json.decode(str(answer.body))["data"][0]["status"] == 403


def test_a_batch_reads_what_is_the_callers_and_of_nobody_else(attacker: Attacker) -> None:
    insert(attacker.database, "users", user_id="u2", email="ben@example.com", role="admin",
           plan="enterprise", created_at=1)  # fmt: skip
    path = f"/api/v1/watchlists/{attacker.ids['watchlist_id']}"
    ben = Principal("u2", "admin", "enterprise", "session")
    assert read(attacker.ask, path)[0]["status"] == 200
    assert read(attacker.ask, path, who=ben)[0]["status"] == 404


def test_a_batch_is_private_whatever_it_holds(ask: Caller) -> None:
    answer = send(ask, "POST", BATCH, {"reads": [BTC, "/api/v1/me"]})
    assert answer.headers["cache-control"] == "no-store"
    assert KEY not in str(answer.body)


def test_a_file_is_not_put_into_a_batch(ask: Caller) -> None:
    (item,) = read(ask, "/api/v1/exports/signals?format=ndjson")
    assert item["status"] == 400
    assert item["body"]["type"].endswith("/not-for-batch")


def test_the_answer_to_a_batch_has_a_bounded_size(ask: Caller) -> None:
    """An isolate has 128 MB: fifty of the longest lists at once would end it for everybody."""
    ask.database.connection.execute(
        "UPDATE signals SET metadata = json_set(metadata, '$.pad', ?1)", ("x" * 40_000,)
    )
    longest = "/api/v1/signals/all?limit=250&detail=full"
    one = ask(longest)
    assert len(str(one.body)) > 400_000
    answer = send(ask, "POST", BATCH, {"reads": [longest] * 50})
    assert answer.status == 200
    assert len(str(answer.body)) < 10_000_000
    items = msgspec.json.decode(str(answer.body))["data"]
    assert (len(items), items[0]["status"]) == (50, 200)
    assert items[-1]["status"] >= 400
