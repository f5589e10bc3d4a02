"""Which periods reports are of: days, weeks, and any other span of at most 31 days."""

from datetime import UTC, date, datetime

from api.reads.asking import contradictory, moment
from common.errors import Problem
from common.times import iso

DAY = 86_400
DAYS = {"daily": 1, "weekly": 7}
EARLIEST = date(2009, 1, 3)  # of the first block of Bitcoin
SHORTEST, LONGEST = 900, 31 * DAY
_EPOCH = date(1970, 1, 1).toordinal()


def bounds(period: str, day: str | None, now: float) -> tuple[int, int]:
    """Return the first second of a period and the one behind it, in epoch seconds.

    A day and a week (Monday to Sunday, ISO 8601) are of UTC; without `day` it is the
    last whole one. Raises Problem 400.
    """
    length = DAYS[period]
    today = datetime.fromtimestamp(now, UTC).date()
    first = today.toordinal() - length if day is None else _read(day, today).toordinal()
    if period == "weekly":
        first -= (first - 1) % 7
    begin = (first - _EPOCH) * DAY
    return begin, begin + length * DAY


def span(since: str, until: str | None, now: float) -> tuple[int, int]:
    """Return the first second of any period and the one behind it, which is now unless told.

    Raises Problem 400 for what is no time, has not begun, or is too short or too long.
    """
    begin = moment("since", since)
    end = moment("until", until) if until else int(now)
    if begin >= int(now) or begin < (EARLIEST.toordinal() - _EPOCH) * DAY:
        raise Problem(
            400, "invalid-parameter",
            f"since: give a time from {EARLIEST} to now, {iso(now)}.",
        )  # fmt: skip
    if begin > end:
        raise contradictory("since", "until", "since is later than until; swap them")
    if not SHORTEST <= end - begin <= LONGEST:
        change = f"a report is of 15 minutes to {LONGEST // DAY} days; move one of them"
        raise contradictory("since", "until", change)
    return begin, end


def ended(period: str, count: int, now: int) -> list[tuple[int, int]]:
    """Return the bounds of the last `count` whole periods, the newest first."""
    begin, end = bounds(period, None, now)
    length = end - begin
    return [(begin - back * length, end - back * length) for back in range(count)]


def _read(day: str, today: date) -> date:
    try:
        found = date.fromisoformat(day)
    except ValueError:
        found = None
    if found is None or not EARLIEST <= found <= today:
        raise Problem(
            400, "invalid-parameter",
            f"date: give a day from {EARLIEST} to today, {today}, as YYYY-MM-DD in UTC.",
        )  # fmt: skip
    return found
