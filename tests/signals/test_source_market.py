"""A provider that is wrong for everybody is one trouble, not one for each asset."""

import math

import pytest

from signals.detectors.base import SourceQuote
from signals.detectors.source_trouble import DETECTOR, State
from signals.source_market import FEWEST, whole
from signals.trigger import Status

TICK = 1_760_000_400
STEP = 900
Said = list[tuple[int, list[SourceQuote]]]


def said(asset: int, ticks: int, *, frozen: int | None = None, gap: float = 0.0) -> Said:
    """Two sources of an asset: `frozen`, the first repeats its tick of that number from then on.

    From tick 40 on the first is off by `gap`, a log distance.
    """
    quotes = []
    for number in range(ticks):
        own = number if frozen is None else min(number, frozen)
        time = TICK + own * STEP
        price = 100 + asset + own % 7 * 0.01
        away = math.exp(gap) if number >= 40 else 1.0
        quotes.append(
            (
                TICK + number * STEP,
                [
                    SourceQuote("cached", price * away, time - 20),
                    SourceQuote("live", 100 + asset + number % 7 * 0.01, TICK + number * STEP - 9),
                ],
            )
        )
    return quotes


def test_a_provider_that_repeats_itself_for_most_assets_is_named_at_every_such_tick() -> None:
    found = whole([said(asset, 50, frozen=40) for asset in range(20)], {})
    assert sorted(found.troubled) == [TICK + n * STEP for n in range(41, 50)]
    assert set(found.troubled.values()) == {("cached",)}


def test_one_asset_that_stands_still_is_no_trouble_of_its_provider() -> None:
    assets = [said(asset, 50, frozen=40 if asset == 3 else None) for asset in range(20)]
    assert whole(assets, {}).troubled == {}


def test_a_provider_that_is_off_for_most_assets_is_named() -> None:
    found = whole([said(asset, 50, gap=0.03) for asset in range(20)], {})
    # With two sources nobody can say which of them is wrong.
    assert set(found.troubled.values()) == {("cached", "live")}
    assert min(found.troubled) == TICK + 40 * STEP
    assert whole([said(asset, 50, gap=0.005) for asset in range(20)], {}).troubled == {}


def test_what_few_assets_say_is_not_said_of_the_provider() -> None:
    few = whole([said(asset, 50, frozen=40) for asset in range(FEWEST - 1)], {})
    assert few.troubled == {}
    assert all(point.quotes == () for point in few.points)


def test_a_provider_whose_rows_were_refused_is_named_though_it_has_no_rows() -> None:
    tick = TICK + 49 * STEP
    found = whole([said(asset, 50) for asset in range(20)], {tick: ["yesterday"]})
    assert found.troubled == {tick: ("yesterday",)}


@pytest.mark.parametrize(("frozen", "gap"), [(100, 0.0), (None, 0.03)])
def test_the_series_of_all_assets_fires_once_for_it(frozen: int | None, gap: float) -> None:
    ticks = 120
    if frozen is None:
        assets = [said(asset, ticks, gap=gap) for asset in range(20)]
    else:
        assets = [said(asset, ticks, frozen=frozen) for asset in range(20)]
    state, status, changes = State(), Status(), []
    for point in whole(assets, {}).points:
        state, score = DETECTOR.step(state, point)
        status, change = DETECTOR.trigger.pull(status, point.time, score)
        if change:
            changes.append((change, (point.time - TICK) // STEP))
    first = 40 if frozen is None else frozen + 1
    assert changes == [("fired", first)]
