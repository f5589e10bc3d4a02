"""What administrators switch holds at the next tick, and what they are told of declarations."""

import asyncio
from typing import Any

import msgspec

from collection.declared import declared
from collection.overrides import TURNED_OFF, overridden, switched
from collection.sources.coingecko import SOURCE as COINGECKO
from collection.sources.kraken import SOURCE as KRAKEN
from collection.store.runs import Memory
from common.times import iso
from tests.support.sqlite import SqliteDatabase

TICK = 1_760_000_400  # a multiple of 900


def database(**switches: int) -> SqliteDatabase:
    made = SqliteDatabase()
    for source, enabled in switches.items():
        made.connection.execute(
            "INSERT INTO source_switches (source, enabled, switched_at) VALUES (?, ?, 1)",
            (source, enabled),
        )
    return made


def off(sources: Any, **switches: int) -> dict[str, str | None]:
    found = asyncio.run(switched(sources, database(**switches)))
    return {one.name: one.off_reason for one in found}


def test_what_is_not_switched_is_as_declared() -> None:
    assert off([KRAKEN, COINGECKO]) == {"kraken": None, "coingecko": None}


def test_a_source_is_switched_off_and_another_is_not() -> None:
    assert off([KRAKEN, COINGECKO], kraken=0) == {"kraken": TURNED_OFF, "coingecko": None}


def test_a_switch_counts_after_the_setting() -> None:
    declared = overridden([KRAKEN], '{"kraken": {"enabled": false}}')
    assert off(declared) == {"kraken": TURNED_OFF}
    assert off(declared, kraken=1) == {"kraken": None}


def test_a_switch_of_what_is_no_longer_declared_is_passed_over() -> None:
    assert off([KRAKEN], gone=0) == {"kraken": None}


def told(memory: Memory, keys: dict[str, str] | None = None, now: int = TICK + 60) -> Any:
    return msgspec.json.decode(declared([KRAKEN], memory, keys or {}, now))["kraken"]


def test_the_budget_and_the_endpoints_are_told() -> None:
    known = told(Memory({}, []))
    assert known["per_minute"] == KRAKEN.requests_per_minute
    assert [one["name"] for one in known["endpoints"]] == [one.name for one in KRAKEN.endpoints]


def test_an_endpoint_is_due_at_the_first_tick_of_its_next_cadence() -> None:
    (endpoint, *_) = KRAKEN.endpoints
    never = told(Memory({}, []))["endpoints"][0]
    assert (never["last_success"], never["due_at"]) == (None, iso(TICK + 900))
    hourly = msgspec.structs.replace(
        KRAKEN, endpoints=(msgspec.structs.replace(endpoint, cadence=3_600),)
    )
    memory = Memory({}, [("kraken", endpoint.name, TICK, {})])
    due = msgspec.json.decode(declared([hourly], memory, {}, TICK + 60))["kraken"]["endpoints"][0]
    assert due["due_at"] == iso((TICK // 3_600 + 1) * 3_600)
    assert due["last_success"] == iso(TICK)


def test_the_breaker_is_told_as_the_next_tick_will_find_it() -> None:
    assert told(Memory({"kraken": (0, 0)}, []))["breaker"] == "closed"
    assert told(Memory({"kraken": (3, 0)}, []))["breaker"] == "probing"
    waiting = told(Memory({"kraken": (1, TICK + 1_800)}, []))
    assert (waiting["breaker"], waiting["not_before"]) == ("waiting", iso(TICK + 1_800))


def test_a_source_without_its_key_says_so() -> None:
    needing = msgspec.structs.replace(KRAKEN, key_name="KRAKEN_KEY", key_required=True)
    for keys, reason in (({}, "KRAKEN_KEY is not set"), ({"KRAKEN_KEY": "k"}, None)):
        known = msgspec.json.decode(declared([needing], Memory({}, []), keys, TICK))
        assert known["kraken"]["off"] == reason


def test_what_is_a_users_own_is_not_told() -> None:
    private = msgspec.structs.replace(KRAKEN, shared=False)
    assert declared([private], Memory({}, []), {}, TICK) == "{}"
