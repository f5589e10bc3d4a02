"""When an alert rule fires: what it matches, cooldown, arming again, snooze; and its preview."""

import asyncio
import random
from typing import Any

import pytest

from common.alerts import Match, fires
from signals.delivery.matching import match
from tests.signals.delivery.world import STEP, TICK, World


def fired(world: World) -> list[tuple[str, int]]:
    """Match and return (signal, tick) of every alert so far."""
    asyncio.run(match(world.database, TICK))
    return [(signal, at) for _, signal, at in world.alerts()]


@pytest.mark.parametrize(
    ("rule", "signal", "matches"),
    [
        ({}, {}, True),
        ({"types": '["pump","price_anomaly"]'}, {}, True),
        ({"types": '["pump"]'}, {}, False),
        ({"assets": '["ethereum","bitcoin"]'}, {}, True),
        ({"assets": '["ethereum"]'}, {}, False),
        ({"assets": '["market"]'}, {"asset_id": "market"}, True),
        ({"watchlist_id": "mine"}, {}, True),
        ({"watchlist_id": "mine"}, {"asset_id": "ethereum"}, False),
        ({"watchlist_id": "theirs"}, {}, False),
        ({"watchlist_id": "gone"}, {}, False),
        ({"least_score": 2.5}, {}, True),
        ({"least_score": 2.6}, {}, False),
        ({"least_score": 2.5}, {"score": -3.0}, True),
        ({"least_score": 1}, {"score": None}, False),
        ({"min_confidence": 0.6}, {}, True),
        ({"min_confidence": 0.61}, {}, False),
        ({"min_confidence": 0}, {"confidence_score": None}, False),
        ({"direction": "up"}, {}, True),
        ({"direction": "down"}, {}, False),
        ({"active": 0}, {}, False),
        ({"snoozed_until": TICK + 1}, {}, False),
        ({"snoozed_until": TICK}, {}, True),
    ],
)
def test_a_rule_fires_on_what_it_is_about(
    rule: dict[str, Any], signal: dict[str, Any], matches: bool
) -> None:
    world = World()
    world.watchlist("mine", "bitcoin")
    world.watchlist("theirs", "bitcoin", owner="u2")
    world.rule("r", **rule)
    world.signal(**signal)
    assert bool(fired(world)) is matches


def test_without_a_cooldown_it_is_silent_until_the_signal_has_ended() -> None:
    world = World()
    world.rule("r")
    first = world.signal(at=TICK)
    assert fired(world) == [(first, TICK)]
    world.signal(at=TICK + STEP, type="pump")
    assert len(fired(world)) == 1
    world.end(first, TICK + 2 * STEP)
    third = world.signal(at=TICK + 3 * STEP)
    assert fired(world)[1:] == [(third, TICK + 3 * STEP)]


def test_with_a_cooldown_it_is_silent_for_so_long_though_the_signal_has_ended() -> None:
    world = World()
    world.rule("r", cooldown_seconds=3 * STEP)
    first = world.signal(at=TICK)
    world.end(first, TICK + STEP)
    world.signal(at=TICK + 2 * STEP)
    assert fired(world) == [(first, TICK)]
    third = world.signal(at=TICK + 3 * STEP)
    assert fired(world)[1:] == [(third, TICK + 3 * STEP)]


def test_other_assets_and_other_rules_have_cooldowns_of_their_own() -> None:
    world = World()
    world.rule("r", cooldown_seconds=86_400)
    names = [world.signal("bitcoin", TICK), world.signal("ethereum", TICK + STEP)]
    assert [signal for signal, _ in fired(world)] == names
    world.rule("s", cooldown_seconds=86_400)
    world.signal("bitcoin", TICK + 2 * STEP)
    fired(world)
    assert [rule for rule, *_ in world.alerts()] == ["r", "r", "s"]


def test_several_signals_on_an_asset_at_one_tick_are_one_alert() -> None:
    world = World()
    world.rule("r")
    first = world.signal(type="price_anomaly")
    world.signal(type="pump")
    assert fired(world) == [(first, TICK)]


def test_while_it_is_snoozed_it_remembers_nothing() -> None:
    world = World()
    world.rule("r", snoozed_until=TICK + STEP)
    world.signal(at=TICK)
    assert fired(world) == []
    second = world.signal(at=TICK + STEP)
    assert fired(world) == [(second, TICK + STEP)]


@pytest.mark.parametrize("cooldown", [0, 1, STEP, 3 * STEP, 10 * STEP])
@pytest.mark.parametrize("seed", range(6))
def test_the_preview_of_the_past_counts_what_really_fired(seed: int, cooldown: int) -> None:
    """Lived tick by tick, or looked at afterwards: the same alerts."""
    rng, world = random.Random(seed), World()
    world.rule("r", cooldown_seconds=cooldown)
    still_open: list[str] = []
    for tick in range(TICK, TICK + 40 * STEP, STEP):
        for name in [one for one in still_open if rng.random() < 0.3]:
            world.end(name, tick)
            still_open.remove(name)
        for asset in ("bitcoin", "ethereum"):
            kinds = ("price_anomaly", "pump", "depeg")
            still_open += [
                world.signal(asset, tick, type=kind) for kind in kinds if rng.random() < 0.15
            ]
        if rng.random() < 0.8:  # a matcher that is away now and then
            fired(world)
    lived = {signal for signal, _ in fired(world)}
    rows = world.database.rows(
        "SELECT id, asset_id, created_at, ended_at FROM signals ORDER BY created_at, id"
    )
    assert {one.signal_id for one in fires([Match(*row) for row in rows], cooldown)} == lived
    assert lived
