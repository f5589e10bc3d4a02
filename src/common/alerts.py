"""When an alert rule fires: the one meaning that delivery and preview share.

A rule fires on a signal that it matches, which is a change of state and not a
state: while an event lasts, it says nothing more. Having fired on an asset it is
armed for that asset again

- without a cooldown, once the signal that it fired on has ended;
- with a cooldown, once that many seconds have passed, ended or not: a signal
  that comes and goes stays quiet for so long, and one that others join tells
  of them afterwards.

On several matching signals on one asset at one tick it fires once, on the first.
While it is snoozed or not active it neither fires nor remembers.
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

WebhookEvent = Literal["signal", "signal.ended", "alert"]
PING = "ping"  # what a test of a webhook sends

# Whether a signal `s` is one that a rule `r` (columns of alert_rules) is about. A name in
# a JSON array of plain names is looked for with its quotes: json_each would take 20 times as
# long, and this is asked for every rule of every user.
MATCHES = """
  (r.types IS NULL OR instr(r.types, '"' || s.type || '"'))
  AND CASE
    WHEN r.watchlist_id IS NOT NULL THEN coalesce((
      SELECT instr(w.assets, '"' || s.asset_id || '"') FROM watchlists w
      WHERE w.watchlist_id = r.watchlist_id AND w.owner = r.owner), 0)
    WHEN r.assets IS NOT NULL THEN instr(r.assets, '"' || s.asset_id || '"')
    ELSE 1 END
  AND (r.least_score IS NULL OR abs(s.score) >= r.least_score)
  AND (r.min_confidence IS NULL OR s.confidence_score >= r.min_confidence)
  AND (r.direction IS NULL OR s.metadata ->> 'direction' = r.direction)"""


class Match(NamedTuple):
    """A signal that a rule matches; times in epoch seconds."""

    signal_id: str
    asset_id: str
    at: int
    ended_at: int | None


def fires(matches: Iterable[Match], cooldown_seconds: int) -> list[Match]:
    """Return the matches on which a rule fires, of `matches` in the order of time."""
    last: dict[str, Match] = {}
    found: list[Match] = []
    for one in matches:
        before = last.get(one.asset_id)
        if before is None or _is_armed(before, one.at, cooldown_seconds):
            last[one.asset_id] = one
            found.append(one)
    return found


def _is_armed(before: Match, at: int, cooldown_seconds: int) -> bool:
    if at == before.at:
        return False
    if cooldown_seconds > 0:
        return at >= before.at + cooldown_seconds
    return before.ended_at is not None and before.ended_at <= at
