"""Which connections a shard takes, and which it drops so that the others are served."""

import hashlib
import json

import pytest

from common.errors import Problem
from common.topics import MOST_ROWS, read_event, read_topics, wanted
from signals.live.asked import Ticket, Who
from signals.live.audience import MOST_WAITING
from signals.live.shard import Shard
from tests.signals.hubs import NOW, System, signal, text, tick

DIGEST = hashlib.sha256(b"a ticket").hexdigest()


@pytest.fixture
def system() -> System:
    return System()


def test_who_does_not_read_is_dropped_and_resumes_later(system: System) -> None:
    slow, quick = system.open(), system.open()
    system.publish(signal("a"))
    slow.waiting = MOST_WAITING + 1
    system.publish(signal("b"), signal("c"))
    assert (slow.closed, slow.told) == (1013, ["a"])
    assert quick.told == ["a", "b", "c"]
    assert system.open(after=slow.frames[-1]["seq"]).told == ["b", "c"]


def test_a_connection_that_broke_costs_the_others_nothing(system: System) -> None:
    broken, other = system.open(), system.open()
    broken.broken = True
    system.publish(signal("a"))
    assert other.told == ["a"]
    assert len(system.shards["shard-0"].audience) == 1


def test_who_was_authorised_long_ago_comes_anew(system: System) -> None:
    page, visitor = system.open(owner="ada", seconds=3600), system.open()
    system.now += 3599
    system.publish(signal("a"))
    system.now = NOW + 2 * 3600
    system.publish(signal("b"))
    assert (page.closed, page.told) == (4001, ["a"])
    assert visitor.told == ["a", "b"]


def test_a_subject_has_so_many_connections_and_no_more(system: System) -> None:
    opened = [system.open(most=3) for _ in range(3)]
    with pytest.raises(Problem, match="429 too-many-connections"):
        system.open(most=3)
    assert system.open(subject="another", most=3)
    system.shards["shard-0"].gone(opened[0].note)
    assert system.open(most=3)


def keep(shard: Shard, until: int) -> None:
    shard.keep_ticket(Ticket(DIGEST, until, Who("user:ada", 2, "ada", 3600)))


def test_a_ticket_is_good_once_and_for_a_while(system: System) -> None:
    system.lists["ada", "w1"] = frozenset({"solana"})
    keep(system.start("shard-0"), int(NOW) + 30)
    page = system.open("watchlist:w1", ticket=DIGEST)
    system.publish(signal("a", "solana"))
    assert page.told == ["a"]
    with pytest.raises(Problem, match="401 ticket-invalid"):
        system.open(ticket=DIGEST)
    keep(system.shards["shard-0"], int(NOW) + 30)
    system.now += 30
    with pytest.raises(Problem, match="401 ticket-invalid"):
        system.open(ticket=DIGEST)


@pytest.mark.parametrize(
    "topic", ["", "ALL", "type:", "type:nonsense", "asset:", "asset:a b", "asset:" + "x" * 101,
              "watchlist:", "watchlist:ä", "user:ada", 'asset:"'],
)  # fmt: skip
def test_what_is_no_topic_is_refused(topic: str) -> None:
    with pytest.raises(ValueError, match="topic"):
        read_topics([topic])


def test_a_tick_of_very_many_assets_is_cut_but_for_those_asked_for() -> None:
    event = read_event(text(tick("T", *(f"a{number}" for number in range(MOST_ROWS + 50)))))
    topics = frozenset({"market", f"asset:a{MOST_ROWS + 7}"})
    part = wanted(topics, {}).part(event, event.assets)
    assert part is not None and part.rows is not None
    assert [row[0] for row in part.rows[-2:]] == [f"a{MOST_ROWS - 1}", f"a{MOST_ROWS + 7}"]
    assert len(part.rows) == MOST_ROWS + 1


def test_a_body_is_sent_as_it_is_where_all_of_it_is_wanted(system: System) -> None:
    page = system.open("market")
    told = tick("T1", "bitcoin", "solana")
    system.publish(told, signal("a"))
    (frame,) = page.frames[1:]
    assert frame == {"seq": 1, "prev": 0, **told}
    assert json.loads(text(told)) == told
