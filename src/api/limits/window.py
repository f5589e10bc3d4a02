"""Counting units: in any 60 seconds, and in a UTC day. Pure; times are seconds.

The window slides in slots of a second. A lease counts in the second in which
it ends, not in the one in which it was given: a unit of it may be used at any
moment until then, and is still inside its window. So a window may be up to a
lease's life and a second longer than 60 seconds, and is never shorter.
"""

import math

import msgspec

WINDOW_SECONDS = 60
DAY_SECONDS = 86_400


class SteadyClock(msgspec.Struct, array_like=True):
    """A clock that never goes back: what the real one loses is added from then on."""

    latest: float = 0.0
    lost: float = 0.0

    def at(self, now: float) -> float:
        """Return the steady time of `now`."""
        self.lost = max(self.lost, self.latest - now)
        self.latest = now + self.lost
        return self.latest


class Window(msgspec.Struct, array_like=True):
    """Units by the second in which their lease ends, of the last 60 seconds."""

    slots: dict[int, int] = {}

    @property
    def used(self) -> int:
        """Units that count now."""
        return sum(self.slots.values())

    @property
    def empty_at(self) -> float:
        """When nothing of it counts any more."""
        return float(max(self.slots, default=0) + WINDOW_SECONDS) if self.slots else 0.0

    def forget(self, now: float) -> None:
        """Drop what no longer counts."""
        for slot in [one for one in self.slots if one <= now - WINDOW_SECONDS]:
            del self.slots[slot]

    def free(self, limit: int) -> int:
        """Return how many units `limit` leaves."""
        return max(0, limit - self.used)

    def grant(self, units: int, until: float) -> int:
        """Count units that are used by `until`; return their slot."""
        slot = math.ceil(until)
        if units:
            self.slots[slot] = self.slots.get(slot, 0) + units
        return slot

    def give_back(self, slot: int, units: int) -> int:
        """Uncount units of `slot` that were not used; return how many still counted."""
        back = min(units, self.slots.get(slot, 0))
        if back:
            self.slots[slot] -= back
            if not self.slots[slot]:
                del self.slots[slot]
        return back

    def wait(self, units: int, limit: int, now: float) -> float:
        """Return the seconds until `units` are free; while they are, until one more is.

        More units than `limit` never are: as good an answer as any is a window.
        """
        if units > limit:
            return float(WINDOW_SECONDS)
        missing = max(1, self.used + units - limit)
        for slot in sorted(self.slots):
            missing -= self.slots[slot]
            if missing <= 0:
                return max(0.0, slot + WINDOW_SECONDS - now)
        return 0.0


class Day(msgspec.Struct, array_like=True):
    """Units of one UTC day. A clock that goes back to the day before counts on."""

    number: int = 0
    spent: int = 0

    @property
    def empty_at(self) -> float:
        """When nothing of it counts any more."""
        return float((self.number + 1) * DAY_SECONDS) if self.spent else 0.0

    def turn(self, now: float) -> None:
        """Begin anew when a day has begun."""
        today = int(now // DAY_SECONDS)
        if today > self.number:
            self.number, self.spent = today, 0

    def free(self, limit: int) -> int:
        """Return how many units `limit` leaves."""
        return max(0, limit - self.spent)

    def give_back(self, units: int, number: int) -> None:
        """Uncount units of day `number`."""
        if number == self.number:
            self.spent = max(0, self.spent - units)

    def wait(self, now: float) -> float:
        """Return the seconds until the next day begins."""
        return max(0.0, (self.number + 1) * DAY_SECONDS - now)
