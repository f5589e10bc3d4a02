"""The view of the track record: how good each type of signal was, and what is still open."""

from typing import get_args

import msgspec

from api.reads import units
from api.reads.record import TRACK_RECORD
from api.routing import Reads, Result, Route
from api.shapes.views.track_record import TrackRecordView
from common.database import Statement
from common.signal_types import SignalType

TYPES = msgspec.json.encode(get_args(SignalType)).decode()
RECENT_DAYS = 30

# ?2 the types as a JSON array, ?3 the origin of the data. What a type claims is told by its newest
# signal. The id of a signal begins with its time, so that the recent ones are a span of ids.
VIEW = f"""
WITH clock AS (SELECT max(last_tick) AS tick FROM sources
), recent AS (
  SELECT o.type, o.horizon, o.judged_at, o.hit, o.reason FROM outcomes o
  WHERE o.signal_id >= printf('%010d', (SELECT tick FROM clock) - {RECENT_DAYS * 86_400})
)
SELECT json_object('origin', ?3,
  'as_of', (SELECT strftime('%Y-%m-%dT%H:%M:%SZ', tick, 'unixepoch') FROM clock),
  'age_seconds', CAST(?1 AS INTEGER) - (SELECT tick FROM clock),
  'records', json(({TRACK_RECORD})),
  'types', (SELECT json_group_array(json(item)) FROM (
    SELECT json_object('type', t.value,
      'claim', n.metadata ->> '$.claim.says',
      'started_at', strftime('%Y-%m-%dT%H:%M:%SZ', f.created_at, 'unixepoch'),
      'last_at', strftime('%Y-%m-%dT%H:%M:%SZ', n.created_at, 'unixepoch')) AS item
    FROM json_each(?2) t
    LEFT JOIN signals f ON f.id = (SELECT id FROM signals WHERE type = t.value ORDER BY id LIMIT 1)
    LEFT JOIN signals n
      ON n.id = (SELECT id FROM signals WHERE type = t.value ORDER BY id DESC LIMIT 1)
    ORDER BY t.key)),
  'recent', (SELECT json_object('window_seconds', {RECENT_DAYS * 86_400},
    'horizons', (SELECT json_group_array(json(item)) FROM (
      SELECT json_object('type', type, 'horizon_seconds', horizon,
        'judged', count(hit), 'hits', coalesce(sum(hit), 0), 'pending', sum(judged_at IS NULL),
        'unjudgeable', sum(judged_at IS NOT NULL AND hit IS NULL)) AS item
      FROM recent GROUP BY type, horizon ORDER BY type, horizon)),
    'unjudgeable', (SELECT json_group_array(json(item)) FROM (
      SELECT json_object('type', type, 'reason', reason, 'n', count(*)) AS item
      FROM recent WHERE judged_at IS NOT NULL AND hit IS NULL
      GROUP BY type, reason ORDER BY type, count(*) DESC, reason)))))
"""  # noqa: S608 - constants of ours
UNITS: units.Units = units.TRACK_RECORD | {
    "judged": "outcomes", "pending": "outcomes", "unjudgeable": "outcomes", "window_seconds": "s",
}  # fmt: skip


class TrackRecordRequest(msgspec.Struct):
    """Nothing: the record is of all types."""


async def track_record(_: TrackRecordRequest, reads: Reads) -> Result:
    """Return the track record."""
    statement = Statement(VIEW, (int(reads.now), TYPES, reads.origin))
    return Result(await reads.database.text(statement) or "null", {"units": UNITS})


ROUTES = (
    Route(
        path="/api/v1/dashboard/track-record",
        summary="The view of the track record: how good each type of signal was, by horizon",
        request=TrackRecordRequest,
        handler=track_record,
        permission="dashboard:read",
        answers=TrackRecordView,
        cost="view",
    ),
)
