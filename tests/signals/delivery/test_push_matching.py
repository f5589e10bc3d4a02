"""Who is notified of which signal: scope, types, confidence, rules, mutes; each once."""

import asyncio
from typing import Any

import pytest

from signals.delivery.matching import match as match_webhooks
from signals.delivery.push_matching import NEWS_SECONDS, match
from tests.signals.delivery.push_world import TICK, PushWorld


@pytest.fixture
def world() -> PushWorld:
    made = PushWorld()
    made.device()
    return made


def noted(world: PushWorld) -> list[tuple[str, str | None]]:
    """Run both readers; return whom it is to be told, and by which rule."""
    asyncio.run(match_webhooks(world.database, TICK))
    asyncio.run(match(world.database, TICK))
    return [(row[0], row[2]) for row in world.messages()]


def test_a_user_with_a_device_is_told_of_everything_by_default(world: PushWorld) -> None:
    world.wants()
    world.wants("u2")  # has no device
    world.signal()
    assert noted(world) == [("u1", None)]


@pytest.mark.parametrize(
    ("wants", "is_told"),
    [
        ({"enabled": 0}, False),
        ({"scope": "none"}, False),
        ({"types": '["price_anomaly","pump"]'}, True),
        ({"types": '["pump"]'}, False),
        ({"min_confidence": 0.6}, True),
        ({"min_confidence": 0.61}, False),
        ({"scope": "watchlist", "watchlist_id": "mine"}, True),
        ({"scope": "watchlist", "watchlist_id": "others"}, False),
        ({"scope": "watchlist", "watchlist_id": "hers"}, False),
        ({"scope": "watchlist", "watchlist_id": "gone"}, False),
    ],
)
def test_only_what_the_preferences_let_through_is_told(
    world: PushWorld, wants: dict[str, Any], is_told: bool
) -> None:
    world.watchlist("mine", "bitcoin")
    world.watchlist("others", "ethereum")
    world.watchlist("hers", "bitcoin", owner="u2")
    world.wants(**wants)
    world.signal()
    assert bool(noted(world)) == is_told


def test_what_a_rule_fires_on_is_told_with_its_name_even_outside_the_scope(
    world: PushWorld,
) -> None:
    world.wants(scope="none")
    world.rule("r", types='["price_anomaly"]')
    world.rule("theirs", owner="u2")
    world.signal()
    assert noted(world) == [("u1", "r")]


def test_a_signal_of_scope_and_rule_is_one_message(world: PushWorld) -> None:
    world.wants()
    world.rule("r")
    world.signal()
    assert noted(world) == [("u1", "r")]


def test_rules_are_left_out_for_who_wants_none(world: PushWorld) -> None:
    world.wants(scope="none", rules=0)
    world.rule("r")
    world.signal()
    assert noted(world) == []


@pytest.mark.parametrize(
    ("kind", "subject", "until", "is_told"),
    [
        ("asset", "bitcoin", None, False),
        ("type", "price_anomaly", TICK + 1, False),
        ("asset", "bitcoin", TICK, True),
        ("asset", "ethereum", None, True),
    ],
)
def test_what_is_muted_is_not_told(
    world: PushWorld, kind: str, subject: str, until: int | None, is_told: bool
) -> None:
    world.wants()
    world.rule("r")
    world.insert("mutes", owner="u1", kind=kind, subject=subject, until=until, created_at=1)
    world.insert("mutes", owner="u2", kind="asset", subject="bitcoin", created_at=1)
    world.signal()
    assert bool(noted(world)) == is_told


def test_what_is_found_in_history_is_no_news(world: PushWorld) -> None:
    world.wants()
    world.rule("r")
    world.signal(at=TICK - NEWS_SECONDS)
    world.change("UPDATE outbox SET created_at = ?", TICK)
    assert noted(world) == []


def test_it_stays_behind_the_reader_that_makes_the_alerts(world: PushWorld) -> None:
    world.wants(scope="none")
    world.rule("r")
    world.signal()
    assert asyncio.run(match(world.database, TICK)) == 0
    assert noted(world) == [("u1", "r")]


def test_the_same_tick_twice_adds_nothing(world: PushWorld) -> None:
    world.wants()
    world.signal()
    assert len(noted(world)) == len(noted(world)) == 1
    world.change("UPDATE outbox_positions SET outbox_id = 0 WHERE reader = 'push'")
    assert len(noted(world)) == 1
