import pytest

from common.times import epoch, iso

NOON = 1_795_176_000


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (NOON, "2026-11-20T12:00:00Z"),
        (NOON + 0.999, "2026-11-20T12:00:00Z"),
        (1_709_164_800, "2024-02-29T00:00:00Z"),
    ],
)
def test_seconds_become_iso_8601_with_z(seconds: float, text: str) -> None:
    assert iso(seconds) == text


@pytest.mark.parametrize(
    "text",
    ["2026-11-20T12:00:00Z", "2026-11-20T12:00:00.999Z", "2026-11-20T12:00:00+00:00",
     "2026-11-20T13:00:00+01:00", "2026-11-20T06:30:00-05:30", "2026-11-20T12:00:00",
     "2026-11-20T12:00", "2026-11-20 12:00:00"],
)  # fmt: skip
def test_the_same_moment_however_it_is_written(text: str) -> None:
    assert epoch(text) == NOON


def test_a_day_is_its_midnight_in_utc() -> None:
    assert epoch("2026-11-20") == NOON - 12 * 3600


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01T00:00:00Z", "1795176000.5", "12:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        epoch(text)


@pytest.mark.parametrize("seconds", [0, 1, NOON, 4_102_444_799])
def test_there_and_back_is_the_same(seconds: int) -> None:
    assert epoch(iso(seconds)) == seconds
