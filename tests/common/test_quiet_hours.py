"""Quiet hours by the clock of the user's zone, over midnight and over changes of the clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.quiet_hours import DAY, Hours, day_of, quiet_until

BERLIN, NEW_YORK, LORD_HOWE = "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"
NIGHT = Hours(22 * 60, 7 * 60, BERLIN)


def offset(zone: str, moment: int) -> int:
    told = datetime.fromtimestamp(moment, UTC).astimezone(ZoneInfo(zone)).utcoffset()
    return round((told or timedelta()).total_seconds())


def at(text: str, zone: str = BERLIN, fold: int = 0) -> int:
    """Return the moment at which a wall clock shows that."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return int(local.timestamp())


def shown(moment: int | None, zone: str = BERLIN) -> str:
    assert moment is not None
    return datetime.fromtimestamp(moment, ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-22 21:59:59", None),
        ("2026-11-22 22:00:00", "2026-11-23 07:00:00"),
        ("2026-11-23 00:30:31", "2026-11-23 07:00:00"),
        ("2026-11-23 06:59:59", "2026-11-23 07:00:00"),
        ("2026-11-23 07:00:00", None),
    ],
)
def test_a_night_begins_and_ends_by_the_local_clock(now: str, until: str | None) -> None:
    found = quiet_until(NIGHT, at(now), offset)
    assert (None if found is None else shown(found)) == until


def test_hours_within_a_day_and_hours_that_are_none() -> None:
    noon = Hours(12 * 60, 13 * 60 + 30, BERLIN)
    assert shown(quiet_until(noon, at("2026-07-01 13:29:59"), offset)) == "2026-07-01 13:30:00"
    assert quiet_until(noon, at("2026-07-01 13:30:00"), offset) is None
    assert quiet_until(Hours(60, 60, BERLIN), at("2026-07-01 01:00:00"), offset) is None


def test_the_same_moment_is_quiet_in_one_zone_and_not_in_another() -> None:
    now = at("2026-11-23 03:00:00")
    assert quiet_until(NIGHT, now, offset)
    assert quiet_until(NIGHT._replace(zone=NEW_YORK), now, offset) is None


@pytest.mark.parametrize(
    ("evening", "hours"), [("2026-03-28 22:00:00", 8), ("2026-10-24 22:00:00", 10)]
)
def test_the_night_in_which_the_clock_is_changed_is_an_hour_shorter_or_longer(
    evening: str, hours: int
) -> None:
    now = at(evening)
    until = quiet_until(NIGHT, now, offset)
    assert until == now + hours * 3600
    assert shown(until).endswith("07:00:00")


def test_an_end_that_the_clock_leaps_over_is_at_the_leap() -> None:
    until = quiet_until(Hours(60, 150, BERLIN), at("2026-03-29 01:30:00"), offset)
    assert shown(until) == "2026-03-29 03:00:00"


def test_an_end_that_the_clock_shows_twice_is_the_first_of_them() -> None:
    until = quiet_until(Hours(60, 150, BERLIN), at("2026-10-25 01:30:00"), offset)
    assert until == at("2026-10-25 02:30:00", fold=0)


def test_a_day_has_23_24_or_25_hours() -> None:
    lengths = {
        date: (end - start) / 3600
        for date in ("2026-03-29", "2026-10-25", "2026-11-22")
        for start, end in [day_of(at(f"{date} 12:00:00"), BERLIN, offset)]
    }
    assert lengths == {"2026-03-29": 23, "2026-10-25": 25, "2026-11-22": 24}


@given(
    st.sampled_from([BERLIN, NEW_YORK, LORD_HOWE, "Asia/Kolkata", "Pacific/Apia", "UTC"]),
    st.integers(1_700_000_000, 1_900_000_000), st.integers(0, 1439), st.integers(0, 1439),
)  # fmt: skip
def test_quiet_hours_end_within_a_day_wherever_the_user_is(
    zone: str, now: int, start: int, end: int
) -> None:
    hours = Hours(start, end, zone)
    until = quiet_until(hours, now, offset)
    if until is not None:
        assert now < until <= now + DAY + 7200
    began, ends = day_of(now, zone, offset)
    assert began <= now < ends
