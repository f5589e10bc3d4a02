"""What a tick asks of a source: which endpoints, at which addresses, how many requests."""

from typing import Any

import pytest

from collection.plan import RETRIES, Largest, Plan, plan
from collection.source import Endpoint, Fill, Source
from collection.store.runs import Memory, Validators
from common.models import Parsed
from common.settings import Settings
from tests.collection.desk import QUARTER, TICK

HOUR, DAY = 3600, 86_400
LARGEST = Largest(
    ["bitcoin", "tether", "usd-coin"],
    {"tether": ["ethereum:0xaa", "tron:TR7"], "usd-coin": ["ethereum:0xbb"]},
)


def parse(body: bytes, tick: int) -> Parsed:
    raise AssertionError("planning parses nothing")


def endpoint(name: str = "prices", path: str = "/v1", **more: Any) -> Endpoint:
    return Endpoint(name, f"https://provider.example{path}", parse, **more)


def source(*endpoints: Endpoint, **more: Any) -> Source:
    return Source("one", "One", "https://one.example", endpoints, 60, **more)


def planned(
    what: Source,
    tick: int = TICK,
    done: dict[str, int] | None = None,
    failures: tuple[int, int] = (0, 0),
    keys: dict[str, str] | None = None,
    pages: int = 1,
) -> Plan | None:
    remembered: list[tuple[str, str, int, Validators]] = [
        ("one", name, at, {}) for name, at in (done or {}).items()
    ]
    memory = Memory({"one": failures}, remembered)
    return plan(what, tick, memory, LARGEST, Settings(market_pages=pages), keys or {})


def urls(what: Source, **more: Any) -> list[str]:
    found = planned(what, **more)
    return [call.ask.url for work in found.works for call in work.calls] if found else []


@pytest.mark.parametrize(
    ("cadence", "last_success", "due"),
    [
        (QUARTER, None, True),
        (QUARTER, TICK - QUARTER, True),
        (QUARTER, TICK, False),
        (HOUR, TICK - HOUR, True),
        (HOUR, TICK - QUARTER, True),  # the success belongs to the hour before
        (DAY, TICK - HOUR, False),
        (DAY, TICK - 13 * HOUR, True),
        (QUARTER, TICK + QUARTER, True),  # an older tick that is run late
    ],
)
def test_an_endpoint_is_due_when_it_did_not_succeed_since_its_cadence_began(
    cadence: int, last_success: int | None, due: bool
) -> None:
    done = {} if last_success is None else {"prices": last_success}
    assert bool(urls(source(endpoint(cadence=cadence)), done=done)) == due


def test_an_hourly_endpoint_that_failed_on_the_hour_is_asked_a_quarter_later() -> None:
    hourly = source(endpoint(cadence=HOUR))
    assert urls(hourly, tick=TICK + QUARTER, done={"prices": TICK - HOUR})
    assert not urls(hourly, tick=TICK + QUARTER, done={"prices": TICK})


def test_a_tick_fired_by_hand_off_the_grid_asks_everything() -> None:
    assert urls(source(endpoint(cadence=DAY)), tick=TICK + 60, done={"prices": TICK})


def test_a_source_with_nothing_due_is_left_alone() -> None:
    assert planned(source(endpoint()), done={"prices": TICK}) is None


def test_a_source_without_its_key_is_off_and_says_which() -> None:
    keyed = source(endpoint(), key_name="ONE_KEY", key_header="x-key", key_required=True)
    for keys in ({}, {"ONE_KEY": ""}):
        found = planned(keyed, keys=keys)
        assert found is not None
        assert (found.off, found.works) == ("ONE_KEY is not set", [])


def test_a_source_that_is_off_by_default_says_why() -> None:
    found = planned(source(endpoint(), off_reason="off by default: its terms"))
    assert found is not None
    assert (found.off, found.wish.requests) == ("off by default: its terms", 0)


def test_a_key_travels_in_its_header_or_in_the_address_and_validators_do_not_know_it() -> None:
    header = source(endpoint(), key_name="ONE_KEY", key_header="x-key")
    address = source(endpoint(path="/v1?key={key}"), key_name="ONE_KEY")
    digests = []
    for what in (header, address):
        found = planned(what, keys={"ONE_KEY": "k"})
        assert found is not None
        (call,) = found.works[0].calls
        assert ("k" in call.ask.headers.values()) != call.ask.url.endswith("?key=k")
        other = planned(what, keys={"ONE_KEY": "another"})
        assert other is not None
        digests.append(call.digest == other.works[0].calls[0].digest)
    assert digests == [True, True]


def test_only_lists_and_stories_are_asked_for_only_if_they_changed() -> None:
    def known(conditional: bool) -> set[Any]:
        memory = Memory({}, [("one", "prices", TICK - QUARTER, {digest: ('"tag"', None)})])
        asked = source(endpoint(conditional=conditional))
        found = plan(asked, TICK, memory, LARGEST, Settings(), {})
        assert found is not None
        return {call.ask.known for work in found.works for call in work.calls}

    first = planned(source(endpoint()))
    assert first is not None
    digest = first.works[0].calls[0].digest
    assert known(conditional=True) == {('"tag"', None)}
    assert known(conditional=False) == {(None, None)}


def test_pages_and_limit_follow_the_number_of_market_pages() -> None:
    paged = source(endpoint(path="/v1?page={page}&n={limit}"))
    assert urls(paged, pages=2) == [
        "https://provider.example/v1?page=1&n=500", "https://provider.example/v1?page=2&n=500",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fill", "items"),
    [
        (Fill(values=("a", "b", "c"), chunk=2), ["a,b", "c"]),
        (Fill(values=("a", "b"), form="x:{}"), ["x:a", "x:b"]),
        (Fill(known="asset", at_most=2, chunk=9, form="gecko:{}"), ["gecko:bitcoin,gecko:tether"]),
        (Fill(known="address", chain="ethereum", chunk=30), ["0xaa,0xbb"]),
        (Fill(known="address", chain="tron", chunk=30), ["TR7"]),
        (Fill(known="address", chain="solana"), []),
    ],
)
def test_items_are_given_or_known_of_the_largest_assets(fill: Fill, items: list[str]) -> None:
    filled = source(endpoint(path="/v1/{items}", fill=fill))
    assert urls(filled) == [f"https://provider.example/v1/{one}" for one in items]


def test_a_budget_is_asked_for_that_has_room_for_retries() -> None:
    found = planned(source(endpoint("a"), endpoint("b", path="/v1/{page}")), pages=3)
    assert found is not None
    assert found.wish.requests == (1 + RETRIES) + (3 + RETRIES)


def test_a_provider_that_asked_for_patience_is_not_called() -> None:
    found = planned(source(endpoint()), failures=(1, TICK + HOUR))
    assert found is not None
    assert found.held == "asked not to be called before 2026-11-20T13:00:00Z"
    assert (found.wish.requests, found.not_before) == (0, TICK + HOUR)


def test_a_source_that_failed_often_is_only_probed() -> None:
    found = planned(source(endpoint()), failures=(3, 0))
    assert found is not None
    assert found.probe
    well = planned(source(endpoint()), failures=(2, 0))
    assert well is not None
    assert not well.probe
