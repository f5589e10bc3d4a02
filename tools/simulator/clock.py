"""The simulated clock: wall time, a pinned instant, or a run at some speed from one."""

import math
import time
from collections.abc import Callable, Mapping
from typing import Any, Literal

from tools.simulator.instants import EARLIEST, LATEST, iso, parse_iso

Mode = Literal["wall", "set", "replay"]


class Clock:
    """Where the simulator reads the present from.

    A clock started at an instant belongs to a replay: it runs at real speed from there and
    cannot follow wall time, because recorded data has no "now".
    """

    def __init__(self, start: int | None = None, wall: Callable[[], float] = time.time) -> None:
        self._wall = wall
        self._mode: Mode = "wall" if start is None else "replay"
        self._speed = 1.0
        self._origin = wall()
        self._base = self._origin if start is None else float(start)

    def now(self) -> float:
        """The present in Unix seconds."""
        return self._base + (self._wall() - self._origin) * self._speed

    def describe(self) -> dict[str, Any]:
        """The answer of `GET /clock`; a pinned clock has speed 0."""
        return {"now": iso(self.now()), "mode": self._mode, "speed": self._speed}

    def drive(self, command: Mapping[str, Any]) -> None:
        """Apply `now`, `advance_seconds`, `speed` or `wall`; `now` and `speed` may be combined.

        Raises ValueError, with a message that says what to change, and then changes nothing.
        """
        known = {"now", "advance_seconds", "speed", "wall"}
        if not command or not set(command) <= known:
            raise ValueError(f"send one of {sorted(known)}, got {sorted(command)}")
        if "wall" in command:
            self._follow_wall(command)
            return
        base, speed = self.now(), self._speed if self._mode != "wall" else 1.0
        if "now" in command:
            if not isinstance(command["now"], str):
                raise ValueError("now must be an ISO 8601 string, e.g. 2026-11-22T12:00:00Z")
            base, speed = float(parse_iso(command["now"])), 0.0
        if "advance_seconds" in command:
            if self._mode == "wall" and "now" not in command:
                raise ValueError("advance_seconds moves a pinned clock: send now first")
            base += _number(command, "advance_seconds")
        if "speed" in command:
            speed = _number(command, "speed")
            if not 0 <= speed <= 100_000:
                raise ValueError("speed must be between 0 and 100000 times real time")
        if not EARLIEST <= base < LATEST:
            raise ValueError("the clock would leave 2009..2099")
        self._settle("replay" if self._mode == "replay" else "set", base, speed)

    def _follow_wall(self, command: Mapping[str, Any]) -> None:
        if command != {"wall": True}:
            raise ValueError('to return to wall time send {"wall": true} alone')
        if self._mode == "replay":
            raise ValueError("a replay has no wall time: send now, advance_seconds or speed")
        self._settle("wall", self._wall(), 1.0)

    def _settle(self, mode: Mode, base: float, speed: float) -> None:
        self._mode, self._base, self._speed, self._origin = mode, base, speed, self._wall()


def _number(command: Mapping[str, Any], key: str) -> float:
    value = command[key]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{key} must be a number")
    return float(value)
