"""Pump events on bars: the product's own detector and trigger, and how well they did.

A row holds one market: `t0` (epoch s) and `step` (s), then a list each of `px`, `vol`, `buy`
and `n` (close, volume, of which bought by takers, trades), and `events`, the indices of the
bars at which somebody announced a pump.

An alert within two minutes of an event finds it. One from 15 minutes before an event to four
hours after it is neither right nor wrong: the coin is in play. Any other alert is false. The
first four hours of a market are for learning and count for nothing.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from signals.detectors.pump import DETECTOR, State
from signals.flow_features import FlowPoint
from signals.trigger import Status

Row = dict[str, Any]
KEYS = ("t0", "step", "px", "vol", "buy", "n", "events")
NEAR = 120
BEFORE = 15 * 60
AFTER = 4 * 3600
LEARNING = 4 * 3600
APART = 30 * 60
DAY = 86400


def predict(rows: Sequence[Row]) -> list[Row]:
    """Return {"alerts": [bar index, …]} a row, at least half an hour apart."""
    return [{"alerts": _alerts(row)} for row in rows]


def _alerts(row: Row) -> list[int]:
    state, status, alerts = State(), Status(), []
    times = range(int(row["t0"]) + row["step"], 1 << 62, row["step"])
    bars = zip(times, row["px"], row["vol"], row["buy"], row["n"], strict=False)
    for index, bar in enumerate(bars):
        state, score = DETECTOR.step(state, FlowPoint(*bar))
        status, change = DETECTOR.trigger.pull(status, bar[0], score)
        if change == "fired":
            alerts.append(index)
    return alerts


def score(rows: Sequence[Row], predicted: Sequence[Row]) -> Iterator[Row]:
    """Yield precision, recall and F1 of events, false alerts per market and day, and the delay."""
    found = false = events = 0
    days = 0.0
    delays: list[int] = []
    for row, answer in zip(rows, predicted, strict=True):
        step = row["step"]
        days += (len(row["px"]) * step - LEARNING) / DAY
        events += len(row["events"])
        late, wrong = judge(answer["alerts"], row["events"], step)
        found, false = found + len(late), false + wrong
        delays += late
    precision, recall = found / max(1, found + false), found / max(1, events)
    delays.sort()
    yield {
        "set": "pump",
        "precision": round(precision, 3),
        "recall": round(recall, 3),
        "f1": round(2 * precision * recall / max(1e-9, precision + recall), 3),
        "events": events,
        "false_per_market_day": round(false / days, 4) if days > 0 else 0.0,
        "median_delay_s": delays[len(delays) // 2] if delays else None,
    }


def judge(alerts: Sequence[int], events: Sequence[int], step: int) -> tuple[list[int], int]:
    """Return the delay in seconds of each event that was found, and the number of false alerts.

    An alert sooner than half an hour after the last is not counted at all.
    """
    delays: dict[int, int] = {}
    false, last = 0, -APART
    for alert in sorted(alerts):
        time = alert * step
        if time < LEARNING or time - last < APART:
            continue
        last = time
        offsets = {event: time - event * step for event in events}
        near = [event for event, offset in offsets.items() if abs(offset) <= NEAR]
        if near:
            delays.setdefault(near[0], offsets[near[0]])
        elif not any(-BEFORE <= offset <= AFTER for offset in offsets.values()):
            false += 1
    return list(delays.values()), false
