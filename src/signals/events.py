"""Several signals on one asset in one window are one event with several reasons.

A signal joins the asset's newest event that it is at most WINDOW away from, else
it opens one. An event is over when all of its reasons are, and goes on when a
further one joins.
"""

from collections.abc import Iterable, Sequence

import msgspec

from signals.engine import Ended
from signals.signal import Signal

WINDOW = 2 * 3600


class Reason(msgspec.Struct, frozen=True):
    """One signal of an event; `ended_at` None while it lasts. Epoch seconds."""

    signal_id: str
    type: str
    direction: str
    at: int
    ended_at: int | None = None


class Event(msgspec.Struct, frozen=True):
    """A row of `events`; its id begins with the time it started at."""

    event_id: str
    asset_id: str
    symbol: str
    started_at: int
    last_at: int
    ended_at: int | None
    reasons: tuple[Reason, ...]
    explanation: str


def combine(
    known: Iterable[Event], signals: Sequence[Signal], ended: Sequence[Ended]
) -> tuple[list[Event], list[Signal]]:
    """Return the events that changed, and the signals with the event that each belongs to.

    `known` are the events of the last WINDOW and all that are not over. What
    happened is taken in the order of time, what ended before what fired.
    """
    events = {one.event_id: one for one in known}
    of_signal = {r.signal_id: e.event_id for e in events.values() for r in e.reasons}
    changed: set[str] = set()
    placed: list[Signal] = []
    happened = [(one.tick, 0, one) for one in ended] + [(one.created_at, 1, one) for one in signals]
    for tick, _, one in sorted(happened, key=lambda each: each[:2]):
        if isinstance(one, Ended):
            event_id = of_signal.get(one.signal_id, "")
            if event_id in events:
                events[event_id] = _without(events[event_id], one.signal_id, tick)
                changed.add(event_id)
            continue
        near = [
            each
            for each in events.values()
            if each.asset_id == one.asset_id
            and each.started_at - WINDOW <= tick <= each.last_at + WINDOW
        ]
        newest = max(near, key=lambda each: (each.last_at, each.event_id), default=None)
        event = _joined(newest, one)
        events[event.event_id] = event
        of_signal[one.id] = event.event_id
        changed.add(event.event_id)
        placed.append(msgspec.structs.replace(one, event_id=event.event_id))
    return [events[one] for one in sorted(changed)], placed


def _joined(event: Event | None, signal: Signal) -> Event:
    reason = Reason(signal.id, signal.type, signal.direction, signal.created_at)
    if event is None:
        return Event(
            f"{signal.created_at:010d}-{signal.asset_id}", signal.asset_id, signal.symbol,
            signal.created_at, signal.created_at, None, (reason,), f"{signal.clause}.",
        )  # fmt: skip
    if any(one.signal_id == signal.id for one in event.reasons):
        return event
    return msgspec.structs.replace(
        event,
        last_at=max(event.last_at, signal.created_at),
        ended_at=None,
        reasons=(*event.reasons, reason),
        explanation=f"{event.explanation} {signal.clause}.",
    )


def _without(event: Event, signal_id: str, tick: int) -> Event:
    reasons = tuple(
        msgspec.structs.replace(one, ended_at=tick)
        if one.signal_id == signal_id and one.ended_at is None
        else one
        for one in event.reasons
    )
    ends = [one.ended_at for one in reasons if one.ended_at is not None]
    over = len(ends) == len(reasons)
    return msgspec.structs.replace(event, reasons=reasons, ended_at=max(ends) if over else None)
