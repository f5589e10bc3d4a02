"""The views of administrators, of one's own usage and of the system's health."""

import asyncio

import pytest

from api.principal import GUEST, Principal
from api.usage import Usage
from collection.declared import declared
from collection.sources.kraken import SOURCE
from collection.store.runs import Memory
from common.times import iso
from tests.api.calling import NOW, TICK, insert
from tests.api.staff import Office

ANN = Principal("u1", "trader", "enterprise", "session")
BEN = Principal("ben", "viewer", "free", "session")
USAGE, ADMIN, SYSTEM = (f"/api/v1/dashboard/{view}" for view in ("usage", "admin", "system"))


@pytest.fixture
def office() -> Office:
    return Office()


def used(office: Office, user: str, credential: str, times: int, failed: int = 0) -> None:
    usage = Usage()
    for number in range(times):
        usage.note(user, credential, "GET /api/v1/news", number < failed, NOW)
    asyncio.run(usage.flush(office.database, NOW))


def paid(office: Office, user: str, nonce: str, state: str = "settled") -> None:
    insert(
        office.database, "payments", network="n", asset="a", payer="p", nonce=nonce, amount=5_000,
        pay_to="t", user_id=user, credential="", endpoint="e", url="u", signature="s",
        request="{}", state=state, claim="c", lease_until=0, created_at=int(NOW),
        updated_at=int(NOW), settled_at=int(NOW) if state == "settled" else None,
    )  # fmt: skip


def test_usage_is_told_by_day_endpoint_and_key_beside_the_quota(office: Office) -> None:
    used(office, "u1", "", 2)
    used(office, "u1", "key1", 3, failed=1)
    paid(office, "u1", "n1")
    paid(office, "u1", "n2", "pending")
    told = office.data("GET", USAGE, who=ANN)
    assert told["quota"]["requests_today"] == 5
    assert told["resets_at"] == iso((int(NOW) // 86_400 + 1) * 86_400)
    assert [(row["credential"], row["requests"], row["errors"]) for row in told["rows"]] == [
        ("key1", 3, 1), ("", 2, 0),
    ]  # fmt: skip
    assert [(day["requests"], day["errors"]) for day in told["days"]] == [(5, 1)]
    assert told["credentials"] == [{"credential": "key1", "kind": "key", "name": "k", "live": True}]
    assert told["paid"] == {"payments": 1, "amount_atomic": 5_000, "open": 1}


def test_nobody_sees_the_usage_of_another_not_even_an_administrator(office: Office) -> None:
    used(office, "u1", "key1", 3)
    paid(office, "u1", "n1")
    for who in (BEN, Principal("eve", "admin", "enterprise", "session")):
        told = office.data("GET", USAGE, who=who)
        assert (told["quota"]["requests_today"], told["rows"], told["days"]) == (0, [], [])
        assert told["credentials"] == []
        assert told["paid"]["payments"] == 0


def test_what_administrators_see_is_for_nobody_else(office: Office) -> None:
    for who, kind in ((ANN, "role-missing"), (BEN, "role-missing"), (GUEST, "key-needed")):
        assert office.refused("GET", ADMIN, who=who) == (403, kind)


def test_the_administrators_view_has_what_collection_declares(office: Office) -> None:
    memory = Memory(sources={"kraken": (4, 0)}, endpoints=[])
    office.call.parts.declared = declared([SOURCE], memory, {}, int(NOW))
    told = office.data("GET", ADMIN)
    assert told["tick"] == iso(TICK)
    assert told["declared"]["kraken"]["breaker"] == "probing"
    assert [one["source"] for one in told["sources"]] == ["coindesk", "coingecko"]
    assert told["runs"][0]["tick"] == iso(TICK)
    assert [one["flag"] for one in told["flags"]] == ["notebook", "web_push"]


def test_the_administrators_view_does_without_collection(office: Office) -> None:
    """When collection is down is when somebody looks."""
    office.call.parts.down.add("declared_sources")
    assert office.data("GET", ADMIN)["declared"] is None


def test_the_systems_health_is_for_visitors_too(office: Office) -> None:
    told = office.data("GET", SYSTEM, who=GUEST)
    assert told["health"]["status"] == "healthy"
    assert {one["state"] for one in told["parts"]} == {"healthy"}
    assert told["connections"] == 3
    assert [one["tick"] for one in told["ticks"]] == [iso(TICK)]
    assert (told["slowest_p50_ms"], told["slowest_p99_ms"]) == (5, 5)


def test_what_nobody_measures_is_not_made_up(office: Office) -> None:
    told = office.data("GET", SYSTEM)
    for name in ("error_rate_24h", "release", "migration", "detected"):
        assert told[name] is None
    assert {one["version"] for one in told["detectors"]} == {None}


def test_the_newest_migration_is_told_where_wrangler_recorded_it(office: Office) -> None:
    office.database.connection.executescript(
        "CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY, name TEXT);"
        "INSERT INTO d1_migrations (name) VALUES ('0001_initial.sql'), ('0002_more.sql')"
    )
    assert office.data("GET", SYSTEM)["migration"] == "0002_more.sql"


def test_a_part_that_does_not_answer_is_unwell_and_the_others_are_told(office: Office) -> None:
    office.call.parts.down |= {"hub", "kv_get"}
    told = office.data("GET", SYSTEM)
    assert told["connections"] is None
    states = {one["name"]: one["state"] for one in told["parts"]}
    assert states["Live hub"] == "unhealthy"
    assert states["Cache"] == "degraded"
    assert states["Database"] == states["Collection"] == "healthy"


def test_health_is_of_now_although_nothing_was_stored_since(office: Office) -> None:
    """An answer that is kept until the data changes would call a dead collection well for ever."""
    assert office.data("GET", SYSTEM)["parts"][3]["state"] == "healthy"
    office.call.now += 7_200
    collection = office.data("GET", SYSTEM)["parts"][3]
    assert (collection["name"], collection["state"]) == ("Collection", "degraded")


def test_queues_and_the_share_of_failures_are_counted(office: Office) -> None:
    used(office, "u1", "", 8, failed=2)
    insert(office.database, "outbox", event_key="k", event="signal", payload="p", created_at=TICK)
    told = office.data("GET", SYSTEM)
    assert told["error_rate_24h"] == 0.25
    assert told["queues"][0] == {"name": "events", "waiting": 1, "since": iso(TICK)}


def test_the_median_and_the_99th_percentile_are_of_the_ticks_of_a_day(office: Office) -> None:
    office.database.connection.execute("DELETE FROM source_runs")
    for number in range(1, 101):
        insert(
            office.database, "source_runs", source="coingecko", tick=TICK - 800 * number,
            state="ok", requests=1, bytes=1, parsed=1, skipped="{}", milliseconds=number,
        )  # fmt: skip
    told = office.data("GET", SYSTEM)
    assert (told["slowest_p50_ms"], told["slowest_p99_ms"]) == (50, 99)
