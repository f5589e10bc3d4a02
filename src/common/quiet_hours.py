"""Quiet hours and days in somebody's own time zone. Pure.

Times of day are minutes after midnight of the wall clock. `offset` says how many
seconds a zone is east of UTC at a moment; in a Worker the runtime's own table of
zones answers (common.platform.zones), so that a change of the law needs no release.
"""

from collections.abc import Callable
from typing import NamedTuple

DAY = 86_400
Offset = Callable[[str, int], int]


class Hours(NamedTuple):
    """Quiet from one minute of the day until another, over midnight where `to` is smaller."""

    start: int
    to: int
    zone: str


def quiet_until(hours: Hours, now: int, offset: Offset) -> int | None:
    """Return when the quiet hours that `now` is in are over; None outside of them.

    Where a clock is put forward over the end, they are over at the change.
    """
    minute = _local(now, hours.zone, offset) % DAY // 60
    if not _within(minute, hours):
        return None
    left = (hours.to - minute) % (DAY // 60) * 60 - now % 60
    return _moment(_local(now, hours.zone, offset) + left, hours.zone, offset)


def day_of(now: int, zone: str, offset: Offset) -> tuple[int, int]:
    """Return when the local day of `now` began, and when the next one begins."""
    midnight = _local(now, zone, offset) // DAY * DAY
    return _moment(midnight, zone, offset), _moment(midnight + DAY, zone, offset)


def _within(minute: int, hours: Hours) -> bool:
    if hours.start <= hours.to:
        return hours.start <= minute < hours.to
    return minute >= hours.start or minute < hours.to


def _local(moment: int, zone: str, offset: Offset) -> int:
    return moment + offset(zone, moment)


def _moment(local: int, zone: str, offset: Offset) -> int:
    """Return the moment at which a wall clock shows `local`: of two the first, of none the change.

    The offset half a day before and after brackets any change of a clock.
    """
    before, after = (offset(zone, local + side) for side in (-DAY // 2, DAY // 2))
    early, late = local - max(before, after), local - min(before, after)
    if _local(early, zone, offset) == local:
        return early
    return late if _local(late, zone, offset) == local else _change(early, late, zone, offset)


def _change(start: int, end: int, zone: str, offset: Offset) -> int:
    """Return the moment between two at which the offset changes."""
    first = offset(zone, start)
    while end - start > 1:
        middle = (start + end) // 2
        if offset(zone, middle) == first:
            start = middle
        else:
            end = middle
    return end
