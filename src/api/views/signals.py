"""The view of signals: the newest with their evidence and outcomes, filtered, in keyset pages."""

from typing import Annotated, Literal

import msgspec

from api.reads import units
from api.reads.asking import Cursor, Name, refuse_idle, seal, unseal
from api.reads.signals import OUTCOMES
from api.routes.signals import LAST_ID, require_known
from api.routing import Reads, Result, Route
from api.shapes.views.signals import SignalsView
from common.database import Statement
from common.errors import Problem
from common.signal_types import SignalType
from common.views import SIGNAL_OBJECT

# A page looks at this many signals at most, however few of them pass the filters: the next
# page goes on behind them.
LOOKED_AT = 2_000

_ITEM = f"json_insert({SIGNAL_OBJECT}, '$.outcomes', {OUTCOMES})"
# What the calibration of its time said of a signal.
_VERDICT = """CASE WHEN s.metadata ->> '$.calibration.p' IS NULL THEN 'unknown'
      WHEN s.metadata ->> '$.calibration.edge' THEN 'edge' ELSE 'no_edge' END"""
# ?1 how many, ?2 the id that the page ends before, ?3 hours before the newest tick; ?4 the least
# confidence, ?5 direction, ?6 verdict, ?7 whether it lasts, each NULL for any; ?8 the type; ?9,
# ?10 the asset's name in upper and lower case. The id of a signal begins with its time.
_FEED = f"""
WITH seen AS (
  SELECT * FROM signals s WHERE (condition) s.id < ?2
    AND s.id >= printf('%010d', (SELECT max(last_tick) FROM sources) - ?3 * 3600)
  ORDER BY s.id DESC LIMIT {LOOKED_AT}
), kept AS (
  SELECT * FROM seen s WHERE (?4 IS NULL OR s.confidence_score >= ?4)
    AND (?5 IS NULL OR s.metadata ->> 'direction' = ?5)
    AND (?6 IS NULL OR {_VERDICT} = ?6) AND (?7 IS NULL OR (s.ended_at IS NULL) = ?7)
  ORDER BY s.id DESC LIMIT ?1 + 1
)
SELECT json_object(
  'rows', (SELECT json_group_array(json_array(id, item)) FROM (
    SELECT s.id, {_ITEM} AS item FROM kept s LEFT JOIN assets a USING (asset_id)
    ORDER BY s.id DESC)),
  'last', (SELECT iif(count(*) = {LOOKED_AT}, min(id), NULL) FROM seen))
"""  # noqa: S608 - constants of ours
FEED = _FEED.replace("(condition)", "")
FEED_OF_TYPE = _FEED.replace("(condition)", "s.type = ?8 AND")
FEED_OF_ASSET = _FEED.replace(
    "(condition)",
    "s.asset_id IN (SELECT asset_id FROM assets WHERE symbol = ?9 UNION SELECT ?10)"
    " AND coalesce(s.type = ?8, 1) AND",
)
# ?1 a signal, told with the others of its event.
SHARED = f"""
WITH wanted AS (
  SELECT o.id FROM signals o WHERE o.id = ?1
  UNION SELECT r.value ->> 'signal_id' FROM signals o JOIN events e ON e.event_id = o.event_id
    CROSS JOIN json_each(e.reasons) r WHERE o.id = ?1
)
SELECT json_group_array(json(item)) FROM (
  SELECT {_ITEM} AS item FROM wanted CROSS JOIN signals s ON s.id = wanted.id
  LEFT JOIN assets a USING (asset_id) ORDER BY s.id DESC)
HAVING count(*)
"""  # noqa: S608 - constants of ours


class Found(msgspec.Struct):
    """What FEED tells: (id, signal) each, and the last id looked at where more may follow."""

    rows: list[tuple[str, str]]
    last: str | None


class SignalsViewRequest(msgspec.Struct):
    """Filters: type, symbol (BTC, bitcoin, market), direction, least confidence, verdict, state
    (open while it lasts), hours back from the newest tick; or `id`, one signal with the others
    of its event.

    `verdict` is what the calibration of its time said: edge (more often than the base rate),
    no_edge, or unknown while too few were judged.
    """

    type: SignalType | None = None
    symbol: Name | None = None
    direction: Literal["up", "down"] | None = None
    min_confidence: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None
    verdict: Literal["edge", "no_edge", "unknown"] | None = None
    state: Literal["open", "ended"] | None = None
    hours: Annotated[int, msgspec.Meta(ge=1, le=8784)] | None = None
    id: (
        Annotated[str, msgspec.Meta(min_length=1, max_length=320, pattern=r"^[^\x00-\x1f\x7f]+$")]
        | None
    ) = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 50
    cursor: Cursor | None = None


FILTERS = (
    "type", "symbol", "direction", "min_confidence", "verdict", "state", "hours", "cursor",
)  # fmt: skip


async def signals(request: SignalsViewRequest, reads: Reads) -> Result:
    """Return a page of signals; meta.next is the cursor of the next one, null at the end.

    Raises Problem 404 for an asset that is not collected and an id that no signal has, 400 for
    a wrong cursor and filters beside an id.
    """
    if request.id is not None:
        change = "an id is one signal, whatever it is like; leave {name} out"
        refuse_idle(request, FILTERS, "id", change)
        return await _shared(request.id, reads)
    before = unseal(request, request.cursor)[0] if request.cursor else LAST_ID
    lasting = None if request.state is None else int(request.state == "open")
    common = (
        request.limit, before, request.hours, request.min_confidence, request.direction,
        request.verdict, lasting,
    )  # fmt: skip
    if request.symbol:
        named = (request.symbol.upper(), request.symbol.lower())
        statement = Statement(FEED_OF_ASSET, (*common, request.type, *named))
    elif request.type:
        statement = Statement(FEED_OF_TYPE, (*common, request.type))
    else:
        statement = Statement(FEED, common)
    found = msgspec.json.decode(await reads.database.text(statement) or "", type=Found)
    rows = found.rows[: request.limit]
    if request.symbol and not rows:
        await require_known(request.symbol, reads)
    last = rows[-1][0] if len(found.rows) > request.limit else found.last
    following = None if last is None else seal(request, last)
    return _told([item for _, item in rows], following, reads)


async def _shared(signal_id: str, reads: Reads) -> Result:
    told = await reads.database.text(Statement(SHARED, (signal_id,)))
    if told is None:
        raise Problem(
            404, "unknown-signal",
            f"No signal has the id {signal_id!r:.200}; it may be older than what is kept.",
        )  # fmt: skip
    return _told([told[1:-1]], None, reads)


def _told(items: list[str], following: str | None, reads: Reads) -> Result:
    data = f'{{"origin":"{reads.origin}","signals":[{",".join(items)}]}}'
    return Result(data, {"next": following, "units": units.SIGNALS})


ROUTES = (
    Route(
        path="/api/v1/dashboard/signals",
        summary="The view of signals: filtered, with evidence and outcomes, newest first",
        request=SignalsViewRequest,
        handler=signals,
        permission="dashboard:read",
        answers=SignalsView,
        example={"type": "pump", "verdict": "edge"},
        problems=(
            "contradictory-parameters", "invalid-cursor", "unknown-signal", "unknown-symbol",
        ),
        cost="view",
    ),
)  # fmt: skip
