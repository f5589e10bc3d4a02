"""Administrators switch sources, read the run log, replay ticks and see who asks most."""

import asyncio

import pytest

from api.usage import Usage
from common.times import iso
from tests.api.calling import NOW, TICK, insert
from tests.api.staff import EVE, Office

SOURCES = "/api/v1/admin/sources"
RUNS = "/api/v1/admin/runs"
REPLAYS = "/api/v1/admin/replays"


@pytest.fixture
def office() -> Office:
    return Office()


def run(office: Office, source: str, tick: int, **values: object) -> None:
    told = {
        "state": "ok", "requests": 3, "bytes": 900, "parsed": 12, "stored": 10,
        "skipped": '{"no_price":2}', "milliseconds": 250,
    } | values  # fmt: skip
    insert(office.database, "source_runs", source=source, tick=tick, **told)


def test_a_source_is_switched_off_on_and_left_as_declared(office: Office) -> None:
    for enabled, told in ((False, "off"), (True, "on"), (None, "as declared")):
        answer = office.data("PUT", f"{SOURCES}/coingecko", {"enabled": enabled})
        assert answer == {"source": "coingecko", "switched": told}
    assert office.one("SELECT count(*) FROM source_switches") == 0
    assert [entry[2:] for entry in office.entries()] == [
        ("source:coingecko", '{"enabled":null}', '{"enabled":false}'),
        ("source:coingecko", '{"enabled":false}', '{"enabled":true}'),
        ("source:coingecko", '{"enabled":true}', '{"enabled":null}'),
    ]


def test_what_is_switched_so_already_is_not_written_down(office: Office) -> None:
    for _ in range(2):
        office.data("PUT", f"{SOURCES}/coingecko", {"enabled": False})
    assert len(office.entries()) == 1


def test_a_source_that_never_was_cannot_be_switched(office: Office) -> None:
    assert office.refused("PUT", f"{SOURCES}/nothing", {"enabled": False}) == (
        404, "no-such-source",
    )  # fmt: skip
    assert office.one("SELECT count(*) FROM source_switches") == 0


def test_switching_a_source_needs_a_fresh_proof(office: Office) -> None:
    stale = EVE._replace(proved_at=1)
    assert office.refused("PUT", f"{SOURCES}/coingecko", {"enabled": False}, stale) == (
        403, "step-up-required",
    )  # fmt: skip
    assert office.one("SELECT count(*) FROM source_switches") == 0


def test_the_run_log_tells_each_source_of_each_tick_newest_first(office: Office) -> None:
    for step in (1, 2, 3):
        run(office, "coingecko", TICK - 900 * step)
    run(office, "coindesk", TICK - 900, state="degraded", reason="feed: status 503")
    insert(
        office.database, "detection_runs", run_no=1, tick=TICK - 900, seq=0, head="h",
        summary='{"signals":2,"ended":1}',
    )  # fmt: skip
    insert(
        office.database, "detection_runs", run_no=2, tick=TICK - 900, seq=0, head="h",
        summary='{"judged":5}',
    )  # fmt: skip
    told = office.data("GET", f"{RUNS}?limit=3")
    assert [one["tick"] for one in told] == [iso(TICK - 900 * step) for step in (0, 1, 2)]
    second = told[1]
    assert (second["ok"], second["degraded"], second["stored"]) == (1, 1, 20)
    assert second["detected"] == {"runs": 2, "signals": 2, "ended": 1, "judged": 5}
    assert told[0]["detected"] is None
    by_source = {one["source"]: one for one in second["sources"]}
    assert by_source["coindesk"]["reason"] == "feed: status 503"
    assert by_source["coingecko"]["skipped"] == {"no_price": 2}


def test_the_run_log_goes_on_over_a_pause_to_its_beginning(office: Office) -> None:
    for step in (1, 2, 400):
        run(office, "coingecko", TICK - 900 * step)
    seen: list[str] = []
    cursor = ""
    for _ in range(9):
        answer = office.ask("GET", f"{RUNS}?limit=2{cursor}")
        told = office.told(answer)
        seen += [one["tick"] for one in told["data"]]
        if told["meta"]["next"] is None:
            break
        cursor = f"&cursor={told['meta']['next']}"
    assert seen == [iso(TICK - 900 * step) for step in (0, 1, 2, 400)]


def test_what_users_own_feeds_collect_is_not_in_the_run_log(office: Office) -> None:
    insert(
        office.database, "sources", source="feed:1", state="ok", last_tick=TICK, shared=0,
        attribution="private.example", attribution_url="https://private.example",
    )  # fmt: skip
    run(office, "feed:1", TICK)
    for path in (RUNS, "/api/v1/dashboard/admin", "/api/v1/dashboard/system"):
        assert "feed:1" not in str(office.ask("GET", path).body)
        assert "private.example" not in str(office.ask("GET", path).body)
    assert office.data("GET", "/api/v1/dashboard/admin")["feeds"] == {"feeds": 1, "degraded": 0}


def test_a_tick_is_replayed_by_collection_and_written_down(office: Office) -> None:
    fields = {"tick": iso(TICK)}
    told = office.data("POST", REPLAYS, fields)
    assert told == {"tick": iso(TICK), "sources": 2, "rows_written": 7}
    assert f"replay {TICK}" in office.call.parts.calls
    assert office.entries()[0][:3] == ("eve", "tick.replay", f"tick:{iso(TICK)}")


@pytest.mark.parametrize("tick", [iso(TICK + 900), "2098-01-01T00:00:00Z", "2025-13-41T00:00:00Z"])
def test_a_tick_that_never_was_is_not_replayed(office: Office, tick: str) -> None:
    """Detection would go on from it, and find nothing any more until then."""
    assert office.refused("POST", REPLAYS, {"tick": tick}) == (
        404, "no-such-tick",
    )  # fmt: skip
    assert not any(call.startswith("replay") for call in office.call.parts.calls)


def test_who_asks_most_is_told_first(office: Office) -> None:
    usage = Usage()
    for user, times in (("u1", 3), ("zoe", 1)):
        for _ in range(times):
            usage.note(user, "", "GET /api/v1/news", False, NOW)
    asyncio.run(usage.flush(office.database, NOW))
    told = office.data("GET", "/api/v1/admin/callers?days=1")
    assert [(one["user_id"], one["requests"]) for one in told] == [("u1", 3), ("zoe", 1)]
    assert told[0]["email"] == "u@example.com"
