"""The hub and its shards, on SQLite: in order, nothing missed, nothing twice, nobody else's."""

import asyncio
import json

import pytest

from common.errors import Problem
from signals.live.audience import About
from signals.live.log import KEPT
from tests.signals.hubs import System, signal, text, tick


@pytest.fixture
def system() -> System:
    return System()


# --- order and resuming ---------------------------------------------------------------------


def test_events_come_in_order_with_the_number_of_the_one_before(system: System) -> None:
    page = system.open("type:pump")
    system.publish(signal("a"), signal("b", kind="depeg"), signal("c"))
    system.publish(signal("d"))
    assert page.told == ["a", "c", "d"]
    assert [(frame["prev"], frame["seq"]) for frame in page.frames[1:]] == [(0, 1), (1, 3), (3, 4)]


def test_an_event_that_is_known_is_not_sent_again(system: System) -> None:
    page = system.open()
    event = json.dumps([{"key": "once", "body": text(signal("a"))}])
    assert system.relay.take(event) == 1
    assert system.relay.take(event) == 0
    asyncio.run(system.relay.tell())
    assert page.told == ["a"]


@pytest.mark.parametrize("after", range(5))
def test_a_cursor_brings_what_came_since_and_only_that(system: System, after: int) -> None:
    system.publish(*(signal(f"n{number}") for number in range(1, 5)))
    page = system.open(after=after)
    assert page.told == [f"n{number}" for number in range(after + 1, 5)]
    system.publish(signal("later"))
    assert page.frames[-1]["prev"] == 4


def test_of_ticks_that_were_missed_the_newest_is_sent(system: System) -> None:
    system.open()
    system.publish(tick("T1", "bitcoin"), signal("a"), tick("T2", "bitcoin"))
    page = system.open(after=0)
    assert page.frames[0]["skipped"] is True
    assert page.told == ["a", "T2"]


def test_a_cursor_that_is_not_kept_or_not_ours_or_too_far_is_a_gap(system: System) -> None:
    system.publish(*(signal(f"n{number}", size=2_000) for number in range(KEPT + 10)))
    for after in (2, KEPT + 11, KEPT - 150):
        page = system.open(after=after)
        assert [frame["event"] for frame in page.frames] == ["hello", "gap"]
    near = system.open(after=KEPT + 5)
    assert near.told == [f"n{number}" for number in range(KEPT + 5, KEPT + 10)]


# --- shards ---------------------------------------------------------------------------------


def test_a_shard_that_was_away_is_told_what_it_missed_once(system: System) -> None:
    page, other = system.open(), system.open(shard="shard-1")
    system.away.add("shard-0")
    assert system.publish(signal("a")) is False
    assert other.told == ["a"]
    system.away.clear()
    assert system.publish(signal("b")) is True
    assert (page.told, other.told) == (["a", "b"], ["a", "b"])


def test_a_shard_without_connections_is_not_told_and_knows_all_when_one_comes(
    system: System,
) -> None:
    page = system.open()
    system.shards["shard-0"].gone(page.note)
    system.publish(signal("a"))
    system.publish(signal("b"))
    assert system.shards["shard-0"].last < 2
    assert system.open(after=0).told == ["a", "b"]
    again = system.open()
    system.publish(signal("c"))
    assert again.told == ["c"]


def test_a_shard_that_was_evicted_goes_on_with_the_numbers(system: System) -> None:
    page = system.open("asset:bitcoin")
    system.publish(signal("a"))
    about = About(page.note, "s", None, 0, frozenset({"asset:bitcoin"}))
    system.start("shard-0").audience.add(page, about)
    system.publish(signal("b", "solana"), signal("c"))
    assert page.told == ["a", "c"]
    assert page.frames[-1]["prev"] == 1


def test_a_shard_that_is_too_far_behind_tells_its_connections_of_the_gap(system: System) -> None:
    page = system.open()
    system.away.add("shard-0")
    system.publish(*(signal(f"n{number}") for number in range(KEPT + 5)))
    system.away.clear()
    system.publish(signal("last"))
    assert page.frames[1] == {"event": "gap", "seq": 6}
    assert page.frames[2]["seq"] == 7
    assert page.told[-1] == "last"


# --- who gets what --------------------------------------------------------------------------


def test_a_watchlist_is_followed_by_its_owner_as_it_is_now(system: System) -> None:
    system.lists["ada", "w1"] = frozenset({"solana"})
    page = system.open("watchlist:w1", owner="ada")
    system.publish(signal("a"), signal("b", "solana"), tick("T1", "bitcoin", "solana"))
    system.lists["ada", "w1"] = frozenset({"bitcoin"})
    system.publish(signal("c", "solana"), signal("d"))
    assert page.told == ["b", "T1", "d"]
    assert page.frames[2]["rows"] == [["solana", 1.5]]
    assert {tuple(frame["watchlists"]) for frame in page.frames[1:]} == {("w1",)}


@pytest.mark.parametrize("owner", [None, "eve"])
def test_nobody_follows_the_watchlist_of_another(system: System, owner: str | None) -> None:
    system.lists["ada", "w1"] = frozenset({"solana"})
    with pytest.raises(Problem, match="404 no-such-watchlist"):
        system.open("watchlist:w1", owner=owner)
    page = system.open("type:depeg", owner=owner)
    message = '{"op":"subscribe","topics":["watchlist:w1"]}'
    asyncio.run(system.shards["shard-0"].said(page.note, message))
    assert page.frames[-1]["event"] == "refused"
    system.publish(signal("a", "solana"))
    assert page.told == []


def test_topics_are_changed_on_an_open_connection_and_kept_with_it(system: System) -> None:
    page = system.open("type:depeg")
    name = page.note
    for op, topics in (("subscribe", ["asset:solana"]), ("unsubscribe", ["type:depeg"])):
        asyncio.run(system.shards["shard-0"].said(name, text({"op": op, "topics": topics})))
    assert page.frames[-1] == {"event": "subscribed", "seq": 0, "topics": ["asset:solana"]}
    assert json.loads(page.note)["topics"] == ["asset:solana"]
    system.publish(signal("a", kind="depeg"), signal("b", "solana"))
    assert page.told == ["b"]


@pytest.mark.parametrize(
    "message", ["", "{}", "[]", '{"op":"subscribe","topics":["x"]}', '{"op":"publish","topics":[]}',
                text({"op": "subscribe", "topics": [f"asset:{n}" for n in range(101)]}),
                "x" * 20_000],
)  # fmt: skip
def test_a_message_that_is_none_changes_nothing(system: System, message: str) -> None:
    page = system.open("type:depeg")
    asyncio.run(system.shards["shard-0"].said(page.note, message))
    assert page.frames[-1]["event"] == "refused"


def test_who_says_too_much_is_closed(system: System) -> None:
    page = system.open()
    for _ in range(41):
        asyncio.run(system.shards["shard-0"].said(page.note, "{}"))
    assert page.closed == 1008
