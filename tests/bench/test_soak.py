"""What grows is told from what only goes up and down."""

import pytest

from bench.soak import growth


def test_growth_is_what_each_round_adds_after_the_warm_up() -> None:
    filling = [10.0 * step for step in range(10)]
    assert growth([*filling, *(100.0 + 2 * step for step in range(30))]) == pytest.approx(2.0)


def test_what_goes_up_and_down_does_not_grow() -> None:
    assert growth([50.0, 53.0, 49.0, 51.0, 52.0, 50.0, 49.0, 52.0] * 5) == pytest.approx(
        0, abs=0.05
    )


def test_one_heavy_round_is_no_growth() -> None:
    values = [50.0] * 40
    values[30] = 500.0
    assert growth(values) == 0.0
