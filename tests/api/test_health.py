"""/health: the exact shape of the design, and what each trouble makes of it."""

import asyncio
from typing import Any

import msgspec
import pytest

from api.health import LATE_SECONDS, Facts, health, read_facts
from api.principal import Load
from common.times import iso
from tests.api.calling import TICK, Failing, insert
from tests.support.sqlite import SqliteDatabase

NOW = TICK + 60.5
WELL = Facts(sources=3, degraded=[], last_tick=TICK, ticks=97, first_tick=TICK - 86400)
NO_LOAD = Load(0, 0, 0.0)


def report(
    facts: Facts | None = WELL,
    *,
    cache: bool = True,
    hub: bool = True,
    load: Load = NO_LOAD,
    now: float = NOW,
    live: bool = True,
) -> tuple[int, Any]:
    status, body = health(facts, cache, hub, load, now, live)
    return status, msgspec.json.decode(body)


def but(**changes: Any) -> Facts:
    return msgspec.structs.replace(WELL, **changes)


def test_a_healthy_system_has_exactly_this_shape() -> None:
    load = Load(requests=5000, errors=1, milliseconds=144.6)
    assert report(load=load) == (
        200,
        {
            "status": "healthy",
            "timestamp": iso(NOW),
            "services": {
                "database": "healthy",
                "cache": "healthy",
                "external_apis": "healthy",
                "workers": "healthy",
            },
            "metrics": {"uptime": "100.00%", "response_time_ms": 145, "error_rate": "0.02%"},
        },
    )


def test_the_members_stand_in_the_order_of_the_design() -> None:
    _, body = report()
    assert list(body) == ["status", "timestamp", "services", "metrics"]
    assert list(body["services"]) == ["database", "cache", "external_apis", "workers"]
    assert list(body["metrics"]) == ["uptime", "response_time_ms", "error_rate"]


@pytest.mark.parametrize(
    ("trouble", "code", "status", "service", "state"),
    [
        (
            {"facts": but(degraded=[("kraken", TICK)])},
            200,
            "degraded",
            "external_apis",
            f"degraded: kraken (last success {iso(TICK)})",
        ),
        (
            {"facts": but(degraded=[("a", None), ("b", None), ("c", TICK)])},
            200,
            "degraded",
            "external_apis",
            "unhealthy: a (last success never), b (last success never),"
            f" c (last success {iso(TICK)})",
        ),
        ({"cache": False}, 200, "degraded", "cache", "degraded"),
        ({"now": TICK + LATE_SECONDS + 1.0}, 200, "degraded", "workers", "degraded"),
        ({"hub": False}, 503, "unhealthy", "workers", "unhealthy"),
    ],
    ids=["a_degraded_source", "all_sources_down", "no_cache", "a_stale_tick", "no_hub"],
)
def test_one_trouble_is_seen_in_its_service_alone(
    trouble: dict[str, Any], code: int, status: str, service: str, state: str
) -> None:
    answered, body = report(**trouble)
    assert (answered, body["status"]) == (code, status)
    assert {s: v for s, v in body["services"].items() if v != "healthy"} == {service: state}


def test_a_long_list_of_unwell_sources_is_cut_short() -> None:
    many = [(f"source{number}", TICK) for number in range(12)]
    apis = report(but(sources=20, degraded=many))[1]["services"]["external_apis"]
    assert apis.count("last success") == 10
    assert apis.endswith(", 2 more")


def test_a_database_that_does_not_answer_is_a_503() -> None:
    code, body = report(None)
    assert (code, body["status"]) == (503, "unhealthy")
    assert body["services"]["database"] == "unhealthy"
    assert body["metrics"]["uptime"] == "0.00%"


def test_a_tick_is_late_only_after_two_of_them_are_missing() -> None:
    assert 2 * 900 <= LATE_SECONDS < 3 * 900
    assert report(now=TICK + LATE_SECONDS)[1]["status"] == "healthy"
    assert report(now=TICK + LATE_SECONDS + 1)[1]["status"] == "degraded"


def test_recorded_data_are_never_late() -> None:
    assert report(now=TICK + 10**8, live=False)[1]["services"]["workers"] == "healthy"


def test_before_the_first_tick_nothing_is_said_to_be_well() -> None:
    empty = Facts(sources=0, degraded=[], last_tick=None, ticks=0, first_tick=None)
    code, body = report(empty)
    assert (code, body["status"]) == (200, "degraded")
    assert body["services"]["external_apis"] == "unhealthy"
    assert body["services"]["workers"] == "degraded"


def test_a_system_without_a_request_has_no_errors() -> None:
    assert report()[1]["metrics"]["error_rate"] == "0.00%"


def test_uptime_is_the_share_of_quarter_hours_with_a_tick() -> None:
    assert report(but(ticks=48, first_tick=TICK - 95 * 900))[1]["metrics"]["uptime"] == "50.00%"


def test_uptime_counts_the_hours_since_the_last_tick() -> None:
    half = TICK + 43_200.0
    stopped = but(ticks=49, first_tick=TICK - 43_200)
    uptime = float(report(stopped, now=half)[1]["metrics"]["uptime"].rstrip("%"))
    assert uptime == pytest.approx(50, abs=2)


def run(database: SqliteDatabase, tick: int, source: str, state: str) -> None:
    insert(
        database, "source_runs", source=source, tick=tick, state=state, requests=1, bytes=1,
        parsed=1, skipped="{}", milliseconds=1,
    )  # fmt: skip


def test_facts_are_read_from_the_sources_and_the_runs_of_a_day(database: SqliteDatabase) -> None:
    insert(database, "sources", source="unused", state="off", attribution="x", attribution_url="x")
    database.connection.execute("UPDATE sources SET state = 'degraded' WHERE source = 'coindesk'")
    run(database, TICK - 90_000, "coingecko", "ok")
    run(database, TICK - 1800, "coingecko", "ok")
    run(database, TICK - 900, "coingecko", "degraded")
    facts = asyncio.run(read_facts(database, NOW))
    degraded: list[tuple[str, int | None]] = [("coindesk", TICK)]
    assert facts == Facts(2, degraded, last_tick=TICK, ticks=2, first_tick=TICK - 1800)


def test_a_feed_that_is_its_owners_alone_does_not_make_the_system_unwell(
    database: SqliteDatabase,
) -> None:
    insert(
        database, "sources", source="feed:1", state="degraded", attribution="x",
        attribution_url="x", shared=0,
    )  # fmt: skip
    facts = asyncio.run(read_facts(database, NOW))
    assert facts is not None
    assert (facts.sources, facts.degraded) == (2, [])


def test_an_empty_database_still_answers() -> None:
    facts = asyncio.run(read_facts(SqliteDatabase(), NOW))
    assert facts == Facts(sources=0, degraded=[], last_tick=None, ticks=0, first_tick=None)


def test_facts_of_a_failing_database_are_none() -> None:
    assert asyncio.run(read_facts(Failing(RuntimeError("away")), NOW)) is None
