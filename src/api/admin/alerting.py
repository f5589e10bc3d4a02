"""From what the database says to the alerts of this moment: pure."""

from collections.abc import Iterator

from api.admin.alerts import (
    DEGRADED_SECONDS,
    GROWTH,
    LATE_SECONDS,
    OPEN_SECONDS,
    OUTBOX_SECONDS,
    Alert,
    Aside,
    Facts,
)
from common.times import iso

DAY = 86_400


def alerts(facts: Facts, now: float, live: bool) -> list[Alert]:
    """Return what is wrong, what nobody has put aside first, then the worst, then the oldest.

    `live` is false for data whose clock is not the wall's: nothing can be late there.
    """
    found = [_placed(one, facts.aside.get(one.alert), now) for one in _wrong(facts, now, live)]
    return sorted(found, key=_order)


def _order(one: Alert) -> tuple[bool, bool, str, str]:
    return one.state != "open", one.severity != "critical", one.since or "", one.alert


def _wrong(facts: Facts, now: float, live: bool) -> Iterator[Alert]:
    yield from _collection(facts, now, live)
    yield from _delivery(facts, now)
    yield from _money(facts, now)
    yield from _storage(facts)


def _collection(facts: Facts, now: float, live: bool) -> Iterator[Alert]:
    tick = facts.last_tick
    if tick is None:
        return
    if live and now - tick > LATE_SECONDS:
        yield Alert(
            "collection-late", "critical", "Nothing is collected",
            f"The newest tick is of {iso(tick)}; one is due every 15 minutes.",
            "See the cron events and logs of the collection Worker; run the tick by hand when it"
            " answers again.",
            iso(tick),
        )  # fmt: skip
    if facts.detected is None or tick - facts.detected > LATE_SECONDS:
        yield Alert(
            "detection-behind", "critical", "Detection is behind",
            f"Ticks are stored until {iso(tick)}, detected until"
            f" {iso(facts.detected) if facts.detected is not None else 'none'}.",
            "See the logs of the signals Worker for the tick that failed. The next tick that"
            " succeeds catches up by itself.",
            None if facts.detected is None else iso(facts.detected),
        )  # fmt: skip
    for one in facts.degraded:
        if one.since is None or tick - one.since > DEGRADED_SECONDS:
            yield Alert(
                f"source:{one.source}", "warning", f"{one.source} has brought nothing for a while",
                one.reason or "No reason was recorded.",
                "Look at the provider's status and at the run log. If it will be away for long,"
                " switch the source off; replay the ticks once it is back.",
                None if one.since is None else iso(one.since),
            )  # fmt: skip


def _delivery(facts: Facts, now: float) -> Iterator[Alert]:
    waiting = facts.outbox
    # The outbox is dated by ticks, which a simulation may have ahead of the wall's clock.
    present = max(now, facts.last_tick or 0)
    if waiting.count and present - (waiting.since or 0) > OUTBOX_SECONDS:
        yield Alert(
            "outbox", "critical", "Events are not delivered",
            f"Waiting to be published to open pages and receivers: {waiting.count:,}.",
            "See the logs of the signals Worker and its hub. They are sent, once each, as soon as"
            " the hub takes them.",
            iso(waiting.since or 0),
        )  # fmt: skip
    late = facts.deliveries
    if late.count and now - (late.since or 0) > OUTBOX_SECONDS:
        yield Alert(
            "deliveries", "warning", "Webhooks are sent late",
            f"Deliveries past their time: {late.count:,}.",
            "See whether the cron of the signals Worker runs, and how long receivers take.",
            iso(late.since or 0),
        )  # fmt: skip
    if facts.failing.count:
        yield Alert(
            "webhooks", "warning", "Receivers of webhooks fail",
            f"Webhooks that fail: {facts.failing.count:,}. Each is switched off if it goes on for"
            " days.",
            "Nothing, if they are few: their owners see it. If they are many, look for a fault of"
            " ours in the logs of the signals Worker.",
            iso(facts.failing.since or 0),
        )  # fmt: skip


def _money(facts: Facts, now: float) -> Iterator[Alert]:
    if facts.difference:
        yield Alert(
            "books", "critical", "The books do not balance",
            f"Counted revenue and settled payments differ by {facts.difference:,} millionths of a"
            " dollar since yesterday.",
            "Compare the days and endpoints on the revenue page. This is a fault of ours: stop"
            " selling (pay_to) if it grows.",
            None,
        )  # fmt: skip
    if facts.unclear.count:
        yield Alert(
            "payments-unclear", "warning", "Payments wait for a person",
            f"Payments of which nobody knows whether money was taken: {facts.unclear.count:,}.",
            "Look their nonces up on the chain and settle or release each (docs/payments.md).",
            iso(facts.unclear.since or 0),
        )  # fmt: skip
    if facts.open.count and now - (facts.open.since or 0) > OPEN_SECONDS:
        yield Alert(
            "payments-open", "warning", "Payments have not ended for an hour",
            f"Payments waiting for the facilitator: {facts.open.count:,}.",
            "See whether the facilitator answers; the API Worker asks it every five minutes.",
            iso(facts.open.since or 0),
        )  # fmt: skip


def _storage(facts: Facts) -> Iterator[Alert]:
    stored, tick = facts.stored, facts.last_tick or 0
    days = (tick - DAY - (stored.first or tick)) / DAY
    if days >= 2 and stored.before and stored.day > GROWTH * stored.before / days:
        yield Alert(
            "storage-growth", "warning", "Much more is stored than usual",
            f"{stored.day:,} rows in the last day, {stored.before / days:,.0f} a day before.",
            "See in the run log which source brings them. D1 holds 10 GB.",
            None,
        )  # fmt: skip


def _placed(alert: Alert, aside: Aside | None, now: float) -> Alert:
    """Return an alert with what was done about it, if that holds for it."""
    if aside is None:
        return alert
    if aside.snoozed_until is not None and aside.snoozed_until > now:
        alert.state, alert.snoozed_until = "snoozed", iso(aside.snoozed_until)
    elif _known(alert, aside.acknowledged_at, now):
        alert.state = "acknowledged"
    if alert.state != "open":
        alert.acknowledged_by = aside.acknowledged_by
        alert.acknowledged_at = (
            None if aside.acknowledged_at is None else iso(aside.acknowledged_at)
        )
    return alert


def _known(alert: Alert, acknowledged_at: int | None, now: float) -> bool:
    """Whether somebody knows of this alert; of one without a beginning for a day."""
    if acknowledged_at is None:
        return False
    if alert.since is None:
        return now - acknowledged_at < DAY
    return iso(acknowledged_at) >= alert.since
