"""How suspicious an address is: a sum of rules that halves every two minutes. Pure.

What counts: answers 401, 403, 404 and 405 (guessing keys, paths, methods),
paths that no program of ours has but that scanners ask for, and many
different keys from one address. An ordinary mistake is worth a point or two: a
burst of them reaches THRESHOLD within seconds and is forgotten in minutes, and
a program that comes every ten seconds with a key that expired never does. Who passes
a challenge is not asked again for a day, whatever is seen: the limits still hold.
"""

import math
import re

import msgspec

HALF_LIFE_SECONDS = 120
THRESHOLD = 50.0
HIGHEST = 16 * THRESHOLD  # forgotten after four half-lives, whatever was done
PASS_SECONDS = 86_400

POINTS = {401: 2.0, 403: 1.0, 404: 1.0, 405: 3.0}
ODD_PATH_POINTS = 10.0
# Many people may share an address: their keys count from the eleventh on.
KEYS_FREE, KEY_POINTS, KEY_SECONDS, MOST_KEYS = 10, 5.0, 600, 64

_odd = re.compile(
    r"\.\.[/\\]|%2e%2e|%00|/\.(?!well-known)|\.(?:php|aspx?|jsp|cgi|bak|sql)\d?(?:/|$)"
    r"|/(?:wp-|cgi-bin|phpmyadmin|etc/passwd|actuator|server-status|vendor/phpunit)|<script",
    re.I,
)


class Sights(msgspec.Struct, array_like=True):
    """What was seen of an address: answers by status, odd paths, digests of keys."""

    statuses: dict[int, int] = {}
    odd_paths: int = 0
    keys: list[str] = []


class Suspicion(msgspec.Struct, array_like=True):
    """The score as it was at `at`, keys with the time when last seen, the end of a pass."""

    score: float = 0.0
    at: float = 0.0
    keys: dict[str, float] = {}
    passed_until: float = 0.0

    def now_at(self, now: float) -> float:
        """Return the score at `now`."""
        return self.score * math.exp2(-max(0.0, now - self.at) / HALF_LIFE_SECONDS)

    def add(self, sights: Sights, now: float) -> None:
        """Count what was seen."""
        points = ODD_PATH_POINTS * sights.odd_paths
        points += sum(POINTS.get(status, 0.0) * n for status, n in sights.statuses.items())
        self.keys = {key: at for key, at in self.keys.items() if now - at < KEY_SECONDS}
        for key in sights.keys:
            if key not in self.keys:
                points += KEY_POINTS if len(self.keys) >= KEYS_FREE else 0.0
            if key in self.keys or len(self.keys) < MOST_KEYS:
                self.keys[key] = now
        self.score, self.at = min(HIGHEST, self.now_at(now) + points), now

    def passed(self, now: float) -> None:
        """Trust the address for a day."""
        self.score, self.at, self.passed_until = 0.0, now, now + PASS_SECONDS

    @property
    def empty_at(self) -> float:
        """When nothing of it counts any more: what is left of the score is an ordinary mistake."""
        faded = HALF_LIFE_SECONDS * math.log2(self.score) if self.score > 1 else 0.0
        seen = max(self.keys.values(), default=0.0) + KEY_SECONDS if self.keys else 0.0
        return max(self.at + faded if self.score else 0.0, seen, self.passed_until)

    def challenged_for(self, now: float) -> float:
        """Return for how many seconds the address is challenged, 0 when it is not."""
        score = self.now_at(now)
        if score < THRESHOLD or self.passed_until > now:
            return 0.0
        return 1.0 + HALF_LIFE_SECONDS * math.log2(score / THRESHOLD)


def odd_path(path: str) -> bool:
    """Whether only a scanner asks for `path`."""
    return _odd.search(path) is not None
