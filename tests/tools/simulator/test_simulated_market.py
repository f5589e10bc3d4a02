import numpy as np
import pytest

from tools.simulator.coins import all_coins
from tools.simulator.events import Event, Schedule
from tools.simulator.instants import DAY, parse_iso
from tools.simulator.market import Floats, SimulatedMarket

START = parse_iso("2026-11-13T00:00:00Z")
DAYS = 7
QUARTER_HOUR = 900


class NoEvents(Schedule):
    """A schedule that draws nothing, to see the market alone."""

    def of_day(self, day: int) -> list[Event]:
        return [event for event in self.planted if event.start // DAY == day]


COINS = all_coins()


def quiet_market() -> tuple[SimulatedMarket, Schedule]:
    schedule = NoEvents(7, COINS)
    return SimulatedMarket(7, COINS, schedule), schedule


@pytest.fixture(scope="module")
def returns() -> Floats:
    """15-minute log returns of a week without events, shape (coins, times)."""
    market, _ = quiet_market()
    instants = np.arange(START, START + DAYS * DAY, QUARTER_HOUR)
    return np.array(
        [np.diff(np.log(market.history(asset, instants)[0])) for asset in range(len(COINS))]
    )


def spread(values: Floats) -> Floats:
    return np.asarray(values.std(axis=1))


def test_majors_move_some_tenths_of_a_percent_in_15_minutes(returns: Floats) -> None:
    majors = [n for n in range(20) if not COINS[n].stable]
    assert np.all((spread(returns[majors]) > 0.0018) & (spread(returns[majors]) < 0.0045))


def test_small_coins_move_more_than_majors(returns: Floats) -> None:
    small = spread(returns[200:250])  # behind them: coins that stand for others
    assert np.all((small > 0.005) & (small < 0.011))


def test_stablecoins_hardly_move_and_stay_near_a_dollar(returns: Floats) -> None:
    stable = [n for n, coin in enumerate(COINS) if coin.stable]
    assert np.all(spread(returns[stable]) < 0.0004)
    market, _ = quiet_market()
    for asset in stable:
        prices = market.history(asset, np.arange(START, START + DAYS * DAY, 3600))[0]
        assert np.abs(prices - 1).max() < 0.01


def test_coins_of_one_sector_move_together_more_than_others(returns: Floats) -> None:
    correlation: Floats = np.asarray(np.corrcoef(returns))
    sectors = np.array([coin.sector for coin in COINS])
    moving = sectors != "stablecoin"
    same = (sectors[:, None] == sectors) & moving[:, None] & moving
    np.fill_diagonal(same, val=False)
    other = (sectors[:, None] != sectors) & moving[:, None] & moving
    assert correlation[same].mean() > correlation[other].mean() + 0.1 > 0.3


def test_volatility_comes_in_clusters(returns: Floats) -> None:
    sizes = np.abs(returns[10:60])
    centred = sizes - sizes.mean(axis=1, keepdims=True)
    following = (centred[:, :-1] * centred[:, 1:]).mean(axis=1) / centred.var(axis=1)
    assert following.mean() > 0.03


def test_without_events_no_move_is_as_large_as_a_planted_jump(returns: Floats) -> None:
    assert np.abs(returns).max() < 0.055


def test_prices_and_volumes_do_not_break_at_midnight(returns: Floats) -> None:
    market, _ = quiet_market()
    midnight = START + 2 * DAY
    before, after = market.snapshot(midnight - 60), market.snapshot(midnight)
    assert np.abs(np.log(after.price / before.price)).max() < 0.01
    assert np.abs(after.volume / before.volume - 1).max() < 0.02


def test_the_price_level_is_bounded_over_the_years() -> None:
    market, _ = quiet_market()
    for year in range(2012, 2036, 4):
        ratio = market.snapshot(parse_iso(f"{year}-06-01T00:00:00Z")).price / np.array(
            [coin.price for coin in COINS]
        )
        assert ratio.min() > 0.2
        assert ratio.max() < 5


def test_a_series_agrees_with_the_snapshots_it_runs_through() -> None:
    market, _ = quiet_market()
    instants = np.arange(START, START + DAY, 4000)
    prices, volumes = market.history(17, instants)
    for place, instant in enumerate(instants.tolist()):
        snapshot = market.snapshot(instant)
        assert prices[place] == pytest.approx(snapshot.price[17], rel=1e-6)
        assert volumes[place] == pytest.approx(snapshot.volume[17], rel=1e-4)


def test_rolling_volume_moves_smoothly(returns: Floats) -> None:
    market, _ = quiet_market()
    volumes = market.history(5, np.arange(START, START + DAYS * DAY, QUARTER_HOUR))[1]
    assert np.abs(np.diff(volumes) / volumes[:-1]).max() < 0.03


def test_a_planted_event_changes_the_price_only_from_its_start() -> None:
    market, schedule = quiet_market()
    at = START + 3 * DAY + 43_200
    instants = np.arange(START, START + DAYS * DAY, 300)
    before = market.history(0, instants)[0]
    schedule.plant("jump", "bitcoin", at, 0.1)
    after = market.history(0, instants)[0]
    assert np.array_equal(before[instants <= at], after[instants <= at])
    settled = instants == at + 300
    assert np.log(after[settled] / before[settled]) == pytest.approx(0.1, abs=1e-5)


def test_a_held_move_fades_without_a_step() -> None:
    market, schedule = quiet_market()
    instants = np.arange(START, START + 12 * DAY, QUARTER_HOUR)
    before = market.history(0, instants)[0]
    schedule.plant("drift", "bitcoin", START + 3600, -0.12)
    moved = np.log(market.history(0, instants)[0] / before)
    assert moved.min() == pytest.approx(-0.12, abs=1e-4)
    assert np.abs(np.diff(moved)).max() < 0.12 / 20 + 1e-4  # five hours are 20 quarters
    assert moved[-1] == pytest.approx(0, abs=1e-6)
