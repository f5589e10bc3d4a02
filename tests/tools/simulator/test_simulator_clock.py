import math
from typing import Any

import pytest

from tests.tools.simulator.running import Simulator
from tools.simulator.clock import Clock
from tools.simulator.instants import parse_iso

NOON = parse_iso("2026-11-20T12:00:00Z")


class Wall:
    """A wall clock moved by hand."""

    def __init__(self) -> None:
        self.seconds = float(NOON)

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def wall() -> Wall:
    return Wall()


def test_a_clock_follows_wall_time_until_it_is_driven(wall: Wall) -> None:
    clock = Clock(wall=wall)
    wall.seconds += 90
    assert clock.now() == NOON + 90
    assert clock.describe() == {"now": "2026-11-20T12:01:30Z", "mode": "wall", "speed": 1.0}


def test_a_pinned_clock_stands_still(wall: Wall) -> None:
    clock = Clock(wall=wall)
    clock.drive({"now": "2022-02-24T00:00:00Z"})
    wall.seconds += 90
    assert clock.describe() == {"now": "2022-02-24T00:00:00Z", "mode": "set", "speed": 0.0}


def test_a_pinned_clock_advances_by_what_it_is_told(wall: Wall) -> None:
    clock = Clock(wall=wall)
    clock.drive({"now": "2022-02-24T00:00:00Z"})
    clock.drive({"advance_seconds": 900})
    assert clock.now() == parse_iso("2022-02-24T00:15:00Z")


def test_a_clock_runs_at_its_speed_from_where_it_was(wall: Wall) -> None:
    clock = Clock(wall=wall)
    clock.drive({"now": "2022-02-24T00:00:00Z", "speed": 60})
    wall.seconds += 10
    assert clock.now() == parse_iso("2022-02-24T00:10:00Z")
    clock.drive({"speed": 1})
    wall.seconds += 10
    assert clock.now() == parse_iso("2022-02-24T00:10:10Z")


def test_a_clock_returns_to_wall_time(wall: Wall) -> None:
    clock = Clock(wall=wall)
    clock.drive({"now": "2022-02-24T00:00:00Z"})
    clock.drive({"wall": True})
    wall.seconds += 5
    assert clock.describe() == {"now": "2026-11-20T12:00:05Z", "mode": "wall", "speed": 1.0}


def test_a_replay_runs_from_its_start_and_has_no_wall_time(wall: Wall) -> None:
    clock = Clock(parse_iso("2021-04-18T00:00:00Z"), wall)
    wall.seconds += 60
    assert clock.describe() == {"now": "2021-04-18T00:01:00Z", "mode": "replay", "speed": 1.0}
    with pytest.raises(ValueError, match="no wall time"):
        clock.drive({"wall": True})
    clock.drive({"now": "2021-05-01T00:00:00Z"})
    assert clock.describe()["mode"] == "replay"


@pytest.mark.parametrize(
    ("command", "word"),
    [
        ({}, "advance_seconds"),
        ({"then": 5}, "then"),
        ({"now": "tomorrow"}, "ISO 8601"),
        ({"now": 5}, "ISO 8601"),
        ({"now": "1999-01-01T00:00:00Z"}, "2009"),
        ({"advance_seconds": 5}, "pinned"),
        ({"now": "2022-02-24T00:00:00Z", "advance_seconds": True}, "number"),
        ({"now": "2022-02-24T00:00:00Z", "advance_seconds": math.inf}, "number"),
        ({"now": "2022-02-24T00:00:00Z", "advance_seconds": 1e12}, "2009"),
        ({"speed": -1}, "speed"),
        ({"speed": "fast"}, "speed"),
        ({"wall": False}, "wall"),
        ({"wall": True, "speed": 2}, "wall"),
    ],
)
def test_a_command_that_makes_no_sense_changes_nothing_and_says_why(
    wall: Wall, command: dict[str, Any], word: str
) -> None:
    clock = Clock(wall=wall)
    with pytest.raises(ValueError, match=word):
        clock.drive(command)
    assert clock.describe() == {"now": "2026-11-20T12:00:00Z", "mode": "wall", "speed": 1.0}


def test_the_clock_is_driven_and_refused_over_http(simulator: Simulator) -> None:
    assert simulator.http.get("/clock").json()["now"] == "2026-11-20T12:00:00Z"
    answer = simulator.http.post("/clock", json={"advance_seconds": 60})
    assert answer.json()["now"] == "2026-11-20T12:01:00Z"
    refused = simulator.http.post("/clock", json={"speed": "fast"})
    assert (refused.status_code, refused.json()) == (422, {"error": "speed must be a number"})
    assert simulator.http.post("/clock", content=b"{").status_code == 422
