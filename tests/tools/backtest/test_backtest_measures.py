"""How often, how late, how good: each figure of a report against a count by hand."""

from typing import Any

import msgspec
import pytest

from signals import market
from signals.calibration import Judged
from signals.calibration_fit import fit
from signals.detectors import DETECTORS
from signals.engine import Fired
from signals.history import History
from signals.series import Asset, Item, Observation, Read, Series
from signals.walk import Walked, walk
from tests.signals.past import seed_past, sensitive
from tests.support.sqlite import SqliteDatabase
from tests.tools.backtest.histories import DAY, HOUR, START
from tools.backtest.loaded import Loaded
from tools.backtest.measures import (
    Prices,
    cost,
    frequency,
    latency,
    looked_at,
    quiet_days,
    spans_of,
)
from tools.backtest.report import edge, make
from tools.backtest.stored import END, history_of

FIRST = START // DAY


def test_events_are_counted_per_series_and_day_that_it_was_there() -> None:
    spans = {"a": (START, START + 10 * DAY), "b": (START, START + 4 * DAY), "c": (START, START)}
    events = [("a", START + n * DAY) for n in range(5)] + [("b", START)] * 4
    told = frequency(events, spans, quiet={FIRST, FIRST + 1})
    assert told is not None
    assert (told.total, told.median, told.most, told.busiest) == (9, 0.5, 1.0, "b")
    assert told.mean == pytest.approx((0.5 + 1.0 + 0) / 3, abs=1e-4)
    # Of the two quiet days a had one event each, b four on two, c was there on one.
    assert (told.quiet_median, told.quiet_most) == (1.0, 2.0)


def test_no_events_are_no_frequency() -> None:
    assert frequency([], {"a": (START, START + DAY)}, set()) is None


def test_quiet_days_are_the_half_on_which_the_market_moved_least() -> None:
    walked = Walked()
    for day, size in enumerate((0.01, 0.5, 0.02, 0.4)):
        walked.levels += [
            market.Level(START + day * DAY + n * HOUR, size * n, 0.0, 12) for n in range(3)
        ]
    assert quiet_days(walked) == {FIRST, FIRST + 2}


def test_without_a_market_every_day_is_quiet() -> None:
    walked = Walked()
    walked.ticks += [START, START + DAY]
    assert quiet_days(walked) == {FIRST, FIRST + 1}


def fired(tick: int, observed: int, window: int, direction: str = "up", key: str = "a") -> Fired:
    (detector,) = [one for one in DETECTORS if one.name == "price_anomaly"]
    price = Observation(tick, 1.0, None, None, observed, "x")
    finding: Any = type("F", (), {"window_seconds": window, "direction": direction})
    return Fired(
        detector, Series(1, key, key, key.upper(), []), finding, 1.2, Item(None, tick, (price,))
    )


def test_latency_is_from_the_newest_price_and_from_the_beginning_of_the_move() -> None:
    walked = Walked()
    walked.fired += [fired(1000, 1000, 900), fired(2000, 1900, 3600), fired(3000, 2700, 900)]
    told = latency("price_anomaly", walked)
    assert told is not None
    assert (told.median, told.since_onset_median) == (100.0, 1200.0)
    assert told.p95 == pytest.approx(280.0)
    assert latency("pump", walked) is None


def test_returns_are_in_the_direction_of_the_signal_and_only_where_a_price_is_near() -> None:
    rows = [Observation(START + n * HOUR, 2.0**n, None, None, 0, "x") for n in range(4)]
    prices = Prices(History([Asset(1, "a", "A", rows)]))
    walked = Walked()
    walked.fired += [
        fired(START, START, 900),
        fired(START + HOUR, START, 900, "down"),
        fired(START + 3 * HOUR, START, 900),  # nothing follows
        fired(START, START, 900, key="b"),  # not an asset
    ]
    logs = prices.returns("price_anomaly", HOUR, walked)
    assert logs == [pytest.approx(-0.693, abs=1e-3), pytest.approx(0.693, abs=1e-3)]
    assert prices.returns("price_anomaly", 24 * HOUR, walked) == []


def judged(hits: int, n: int, control_hits: int, days: int = 40) -> list[Judged]:
    return [
        Judged(START + index % days * DAY, 1.2, index < hits, 100, control_hits)
        for index in range(n)
    ]


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        (judged(60, 80, 20), "edge"),
        (judged(17, 80, 20), "no edge"),
        (judged(2, 80, 50), "less often than without"),
        (judged(20, 20, 20), "too few to tell: 20 judged on 20 days"),
        (judged(60, 80, 20, days=5), "too few to tell: 80 judged on 5 days"),
    ],
)
def test_an_edge_is_only_said_where_the_interval_lies_above_the_base_rate(
    outcomes: list[Judged], said: str
) -> None:
    assert edge(fit(outcomes, HOUR, START + 100 * DAY, 0)) == said


def test_a_detector_of_readings_counts_its_own_kinds() -> None:
    (detector,) = [one for one in DETECTORS if one.name == "tvl_outflow"]
    rows = [Read(START + n * HOUR, 1.0, "x") for n in range(3)]
    history = History(
        [], {kind: [(Series(1, f"{kind}:a", f"{kind}:a", "A", []), rows)]
             for kind in ("protocol_tvl", "gas_price")}
    )  # fmt: skip
    walked = walk([detector], history, END)
    assert looked_at(detector, walked, history) == (1, 3)
    assert spans_of(detector, walked, history) == {"protocol_tvl:a": (START, START + 2 * HOUR)}


def test_a_report_of_everything_counts_each_signal_once() -> None:
    database = SqliteDatabase()
    seed_past(database)
    detectors = sensitive()
    history = history_of(database, detectors)
    walked = walk(detectors, history, END)
    told = make(walked, Loaded(history, "a test", []), detectors)
    assert sum(one.signals for one in told.detectors) == len(walked.signals)
    assert told.events is not None
    assert told.events.total == len(walked.events)
    for one in told.detectors:
        for horizon in one.horizons:
            out = sum(horizon.unjudged.values())
            verdicts = [v for v in walked.verdicts
                        if (v.due.type, v.due.horizon) == (one.name, horizon.horizon)]  # fmt: skip
            assert horizon.record.n + out == len(verdicts)
    issued = [h.record for d in told.detectors for h in d.horizons if h.record.basis == "issued"]
    assert issued, "probabilities were given, and are scored"
    assert all(one.reliability for one in issued)
    msgspec.json.encode(told)


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda one: one.name)
def test_the_cost_of_a_point_is_measured_where_there_are_points(detector: Any) -> None:
    database = SqliteDatabase()
    seed_past(database, hours=30)
    history = history_of(database, DETECTORS)
    walked = walk([detector], history, END)
    spent = cost(detector, history, walked)
    assert (spent is not None) == (looked_at(detector, walked, history)[1] > 0)
