"""/events and /signal-log: signals put together, and the log that proves what was said."""

from typing import Annotated

import msgspec

from api.reads.asking import LAST_MOMENT, Cursor, Name, seal, unseal
from api.routes.signals import LAST_ID, require_known
from api.routing import Reads, Result, Route
from api.shapes.events import Event, LogEntry
from common.database import Statement, keyset_page

_PAGE = """
SELECT json_group_array(json_array(event_id, item)) FROM (
  SELECT e.event_id, json_object('id', e.event_id, 'asset_id', e.asset_id, 'symbol', e.symbol,
    'name', coalesce(a.name, e.symbol),
    'started_at', strftime('%Y-%m-%dT%H:%M:%SZ', e.started_at, 'unixepoch'),
    'last_at', strftime('%Y-%m-%dT%H:%M:%SZ', e.last_at, 'unixepoch'),
    'ended_at', strftime('%Y-%m-%dT%H:%M:%SZ', e.ended_at, 'unixepoch'),
    'explanation', e.explanation, 'reasons', (SELECT json_group_array(json_object(
      'signal_id', r.value ->> 'signal_id', 'type', r.value ->> 'type',
      'direction', r.value ->> 'direction',
      'at', strftime('%Y-%m-%dT%H:%M:%SZ', r.value ->> 'at', 'unixepoch'),
      'ended_at', strftime('%Y-%m-%dT%H:%M:%SZ', r.value ->> 'ended_at', 'unixepoch')))
      FROM json_each(e.reasons) r)) AS item
  FROM events e LEFT JOIN assets a USING (asset_id)
  WHERE (condition) e.event_id < ?2 ORDER BY e.event_id DESC LIMIT ?1 + 1)
"""
NEWEST = _PAGE.replace("(condition)", "")
OPEN = _PAGE.replace("(condition)", "e.ended_at IS NULL AND")
BY_ASSET = _PAGE.replace(
    "(condition)",
    "e.asset_id IN (SELECT asset_id FROM assets WHERE symbol = ?3 UNION SELECT ?4)"
    " AND (NOT ?5 OR e.ended_at IS NULL) AND",
)
# When each was said beside it: times within a body stay as they are, for the hash is over them.
_SAID = ", ".join(f"body ->> '{name}'" for name in ("known_at", "judged_at", "made_at", "at"))
# At most ?1 entries behind ?2 and before the first that was said after ?3, and no more than fit
# into the 2,000,000 bytes of a string in D1.
LOG = f"""
SELECT json_group_array(json_object('seq', seq, 'hash', hash, 'body', body,
  'said_at', strftime('%Y-%m-%dT%H:%M:%SZ', coalesce({_SAID}), 'unixepoch')))
FROM (SELECT *, sum(length(body)) OVER (ORDER BY seq) - length(body) AS before,
    max(coalesce({_SAID}, 0)) OVER (ORDER BY seq) AS newest
  FROM (SELECT * FROM signal_log WHERE seq > ?2 ORDER BY seq LIMIT ?1) ORDER BY seq)
WHERE before < 600000 AND newest <= ?3
"""  # noqa: S608 - a constant of ours
RECENT = 7 * 86_400  # seconds
HEAD = """
SELECT json_object('seq', seq, 'hash', hash) FROM signal_log
WHERE seq = (SELECT max(seq) FROM signal_log)
"""


class EventsRequest(msgspec.Struct):
    """`symbol` (BTC, bitcoin, market), or `open` for what is not over; limit, cursor."""

    symbol: Name | None = None
    open: bool = False
    limit: Annotated[int, msgspec.Meta(ge=1, le=250)] = 50
    cursor: Cursor | None = None


class LogRequest(msgspec.Struct):
    """`after`: the number of the last entry you have; `limit`: how many more at most.

    `recent=false` leaves out what was said in the last seven days, and is free on every plan.
    """

    after: Annotated[int, msgspec.Meta(ge=0, lt=2**53)] = 0
    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 250
    recent: bool = True


def is_recent(request: LogRequest, _now: float) -> bool:
    """Whether the entries may hold signals that /signals/by-id sells."""
    return request.recent


async def events(request: EventsRequest, reads: Reads) -> Result:
    """Return a page of events; meta.next is the cursor of the next one, null at the end.

    Raises Problem 404 for an asset that is not collected, 400 for a wrong cursor.
    """
    before = unseal(request, request.cursor)[0] if request.cursor else LAST_ID
    common = (request.limit, before)
    if request.symbol:
        named = (request.symbol.upper(), request.symbol.lower(), int(request.open))
        statement = Statement(BY_ASSET, (*common, *named))
    else:
        statement = Statement(OPEN if request.open else NEWEST, common)
    found = await keyset_page(reads.database, statement, request.limit)
    if request.symbol and not found.items:
        await require_known(request.symbol, reads)
    following = None if found.next is None else seal(request, found.next)
    return Result(f"[{','.join(found.items)}]", {"next": following})


async def log(request: LogRequest, reads: Reads) -> Result:
    """Return entries of the log; meta.next is `after` of the next page, meta.head the newest."""
    border = LAST_MOMENT if request.recent else int(reads.now) - RECENT
    page = Statement(LOG, (request.limit, request.after, border))
    text, newest = await reads.database.texts([page, Statement(HEAD)])
    text, head = text or "[]", msgspec.json.decode(newest or "null")
    last = max((one["seq"] for one in msgspec.json.decode(text)), default=None)
    after = last if last is not None and head and last < head["seq"] else None
    return Result(text, {"next": after, "head": head})


ROUTES = (
    Route(
        path="/api/v1/events",
        summary="Signals on one asset in one window as one event, and whether it is over",
        request=EventsRequest,
        handler=events,
        permission="signals:read",
        answers=list[Event],
        example={"symbol": "BTC", "limit": 20},
        problems=("invalid-cursor", "unknown-symbol"),
    ),
    Route(
        path="/api/v1/signal-log",
        summary="Everything ever said of a signal, chained by hashes so that nobody can rewrite it",
        description="`hash` is SHA-256 of the entry before's hash (64 zeros before the first), a"
        " line feed and `body`, whose times are epoch seconds. `meta.next` is `after` of the next"
        " page, `meta.head` the newest entry. Signals of the last seven days are sold as those of"
        " /api/v1/signals/by-id/{id} are: one payment for the page. With recent=false the log ends"
        " seven days ago and is free, so that anybody can check it; `meta.head` is told all the"
        " same, so that what is told later can be held against the hash of today.",
        request=LogRequest,
        handler=log,
        permission="signals:read",
        answers=list[LogEntry],
        example={"after": 0},
        price="explanation",
        priced_when=is_recent,
    ),
)
