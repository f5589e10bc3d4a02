"""The whole market's move: over which spans it is known, and its stored level."""

import math

import pytest

from signals.market import FEWEST, QUARTER, Level, Market, Move, index, levels, moves, span


def prices(start: int, *factors: float, step: int = QUARTER) -> list[tuple[int, float]]:
    value, path = 10.0, [(start, 10.0)]
    for number, factor in enumerate(factors, start=1):
        value *= factor
        path.append((start + number * step, value))
    return path


def level_of(*rows: tuple[int, float]) -> list[Level]:
    return [Level(quarter * QUARTER, value, 0.01, 10) for quarter, value in rows]


def test_the_move_is_the_median_log_return_and_the_dispersion_the_median_distance_from_it() -> None:
    factors = [0.5, 0.9, 0.99, 1.0, 1.0, 1.01, 1.02, 1.1, 1.5, 9.0]
    found = moves(prices(0, factor) for factor in factors)
    middle = math.log(1.01) / 2
    away = sorted(abs(math.log(factor) - middle) for factor in factors)
    assert found == {(0, 1): pytest.approx(Move(middle, (away[4] + away[5]) / 2, 10))}


def test_dispersion_is_per_quarter_of_an_hour_whatever_the_span() -> None:
    some = [prices(0, 1 + 0.01 * n, step=4 * QUARTER) for n in range(10)]
    same = [prices(0, 1 + 0.01 * n) for n in range(10)]
    assert moves(some)[0, 4].dispersion == pytest.approx(moves(same)[0, 1].dispersion / 2)


def test_too_few_assets_are_no_market() -> None:
    some = [prices(0, 1.1) for _ in range(FEWEST - 1)]
    assert moves(some) == {}
    assert list(moves([*some, prices(0, 1.1)])) == [(0, 1)]


def test_one_absurd_price_does_not_move_the_market() -> None:
    calm = [prices(0, 1.01) for _ in range(FEWEST)]
    (move,) = moves([*calm, prices(0, 1e12), prices(0, 1e-12)]).values()
    assert move.log_return == pytest.approx(math.log(1.01))
    assert move.dispersion == pytest.approx(0)


def test_prices_whose_quotient_no_float_can_hold_still_are_a_market() -> None:
    absurd = [[(0, 1e-300), (QUARTER, 1e300)], [(0, 1e300), (QUARTER, 1e-300)]]
    (move,) = moves([*absurd, *(prices(0, 1.0) for _ in range(FEWEST))]).values()
    assert move.log_return == 0


def test_spans_of_different_length_are_different_moves() -> None:
    quick = [prices(0, 1.1) for _ in range(10)]
    slow = [prices(0, 1.2, step=2 * QUARTER) for _ in range(10)]
    found = moves([*quick, *slow])
    assert {over: move.log_return for over, move in found.items()} == {
        (0, 1): pytest.approx(math.log(1.1)),
        (0, 2): pytest.approx(math.log(1.2)),
    }


@pytest.mark.parametrize(
    ("time", "quarter"), [(0, 0), (449, 0), (450, 1), (900, 1), (1349, 1), (1350, 2), (1351, 2)]
)
def test_a_time_belongs_to_the_nearest_quarter_and_halves_go_up_as_in_sql(
    time: int, quarter: int
) -> None:
    assert span(time, time + 2 * QUARTER) == (quarter, quarter + 2)
    assert (time + 450) // 900 == quarter, "what store.judging.ASSET_PATH says"


def test_levels_begin_at_zero_and_add_up_the_returns() -> None:
    found = {(10, 11): Move(0.1, 0.02, 30), (11, 12): Move(-0.3, 0.03, 31)}
    assert levels(found, None) == [
        Level(10 * QUARTER, 0.0, 0.02, 0),
        Level(11 * QUARTER, 0.1, 0.02, 30),
        Level(12 * QUARTER, -0.2, 0.03, 31),
    ]


def test_levels_go_on_from_the_last_and_never_change_what_was_stored() -> None:
    found = {(10, 11): Move(9.0, 0.1, 30), (11, 12): Move(0.5, 0.1, 30), (10, 12): Move(7.0, 0, 30)}
    (last,) = level_of((11, 0.25))
    assert levels(found, last) == [Level(12 * QUARTER, 0.75, 0.1, 30)]
    assert levels(found, Level(12 * QUARTER, 0.0, 0.0, 0)) == []


def test_over_a_gap_that_few_stepped_over_the_level_stands_still() -> None:
    (last,) = level_of((11, 0.25))
    new = levels({(20, 21): Move(0.1, 0.02, 30)}, last)
    assert new == [Level(20 * QUARTER, 0.25, 0.02, 0), Level(21 * QUARTER, 0.35, 0.02, 30)]


def test_a_gap_that_the_market_stepped_over_at_once_is_one_move() -> None:
    (last,) = level_of((11, 0.25))
    assert levels({(11, 20): Move(-0.1, 0.02, 30)}, last) == [Level(20 * QUARTER, 0.15, 0.02, 30)]


def test_the_shorter_of_two_spans_to_the_same_moment_counts() -> None:
    (last,) = level_of((10, 0.0))
    found = {(10, 12): Move(9.0, 0.1, 30), (11, 12): Move(0.2, 0.1, 30), (10, 11): Move(0.1, 0, 30)}
    assert [one.level for one in levels(found, last)] == pytest.approx([0.1, 0.3])


def test_the_index_begins_at_a_thousand_and_moves_as_the_level_does() -> None:
    assert index(0.0) == 1000
    assert index(math.log(1.1)) == pytest.approx(1100)


def test_a_move_is_taken_from_stored_levels_before_that_of_the_batch() -> None:
    known = level_of((10, 0.5), (14, 0.2))
    whole = Market(known, {(10, 14): Move(9.0, 1.0, 99), (14, 15): Move(0.1, 0.3, 12)})
    assert whole.over(10 * QUARTER + 40, 14 * QUARTER - 40) == Move(-0.3, 0.01, 10)
    assert whole.over(14 * QUARTER, 15 * QUARTER) == Move(0.1, 0.3, 12)


def test_where_too_few_assets_say_the_move_is_unknown() -> None:
    assert Market(level_of((10, 0.5)), {}).over(10 * QUARTER, 11 * QUARTER) is None
