"""/signals: what fired, why, and what came of it, newest first, in keyset pages."""

from typing import Annotated, Literal

import msgspec

from api.reads.asking import Cursor, Name, When, moment, seal, unseal
from api.routing import PRIVATE, Reads, Result, Route
from api.shapes.common import JudgedSignal
from api.shapes.signals import Preview, SignalInFull
from common.database import Statement, keyset_page
from common.errors import Problem
from common.signal_types import SignalType
from common.views import SIGNAL_OBJECT

# What came of a signal: judged is null before its horizon, hit is null where it cannot be told.
OUTCOMES = """(SELECT json_group_array(json_object('horizon_seconds', o.horizon,
    'due_at', strftime('%Y-%m-%dT%H:%M:%SZ', o.due_at, 'unixepoch'),
    'judged_at', strftime('%Y-%m-%dT%H:%M:%SZ', o.judged_at, 'unixepoch'),
    'hit', json(CASE o.hit WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END),
    'value', o.value, 'threshold', o.threshold, 'base_rate', 1.0 * o.control_hits / o.control_n,
    'controls', o.control_n, 'reason', o.reason)) FROM outcomes o WHERE o.signal_id = s.id)"""
# The id of a signal begins with its time, so that a span of times is one of ids.
_PAGE = f"""
SELECT json_group_array(json_array(id, item)) FROM (
  SELECT s.id, json_insert({SIGNAL_OBJECT}, '$.outcomes', {OUTCOMES}) AS item
  FROM signals s LEFT JOIN assets a USING (asset_id)
  WHERE (condition) s.id < ?2 AND s.id >= ?3 AND (?4 IS NULL OR s.confidence_score >= ?4)
  ORDER BY s.id DESC LIMIT ?1 + 1)
"""  # noqa: S608 - constants of ours
ALL = _PAGE.replace("(condition)", "")
BY_TYPE = _PAGE.replace("(condition)", "s.type = ?5 AND")
BY_ASSET = _PAGE.replace(
    "(condition)",
    "s.asset_id IN (SELECT asset_id FROM assets WHERE symbol = ?6 UNION SELECT ?7)"
    " AND ?5 IN ('all', s.type) AND",
)
# With its event, and the calibrations in use when it was found; those of its own tick were
# made after it.
ONE = f"""
SELECT json_insert({SIGNAL_OBJECT}, '$.outcomes', {OUTCOMES}, '$.event', (
    SELECT json_object('id', e.event_id,
      'started_at', strftime('%Y-%m-%dT%H:%M:%SZ', e.started_at, 'unixepoch'),
      'last_at', strftime('%Y-%m-%dT%H:%M:%SZ', e.last_at, 'unixepoch'),
      'ended_at', strftime('%Y-%m-%dT%H:%M:%SZ', e.ended_at, 'unixepoch'),
      'explanation', e.explanation, 'signals', json_array_length(e.reasons))
    FROM events e WHERE e.event_id = s.event_id),
  '$.calibrations', (SELECT json_group_array(json_object('horizon_seconds', c.horizon,
      'version', c.version, 'made_at', strftime('%Y-%m-%dT%H:%M:%SZ', c.made_at, 'unixepoch'),
      'n', c.calibration -> 'n', 'hits', c.calibration -> 'hits', 'days', c.calibration -> 'days',
      'base_rate', c.calibration -> 'base_rate', 'control_n', c.calibration -> 'control_n'))
    FROM calibrations c WHERE c.type = s.type AND c.version = (
      SELECT max(version) FROM calibrations n WHERE n.type = c.type AND n.horizon = c.horizon
        AND n.made_at < coalesce(s.known_at, s.created_at))))
FROM signals s LEFT JOIN assets a USING (asset_id) WHERE s.id = ?1
"""  # noqa: S608
# The market, and what is measured of no coin (kind:key), have signals and are no assets.
IS_KNOWN = """
SELECT 1 FROM assets WHERE symbol = ?1 OR asset_id = ?2
UNION ALL SELECT 1 WHERE ?2 = 'market'
UNION ALL SELECT 1 FROM sources o CROSS JOIN series e ON e.source = o.source
  AND e.kind = substr(?2, 1, instr(?2, ':') - 1) AND e.key = substr(?2, instr(?2, ':') + 1)
  WHERE o.redistributable AND o.shared
LIMIT 1
"""
CURSOR = r"^[0-9]{10}-[^\x00-\x1f]{1,280}$"  # of /events
LAST_ID = "~"  # sorts behind every id


class SignalsRequest(msgspec.Struct):
    """`type`, and filters: symbol (BTC, bitcoin, market), since and until (epoch seconds or
    ISO 8601, both included), the least confidence, limit, cursor (meta.next of the page before).

    A signal without a confidence has none of at least anything.
    """

    type: SignalType | Literal["all"]
    symbol: Name | None = None
    since: When = "0"
    until: When | None = None
    min_confidence: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=250)] = 50
    cursor: Cursor | None = None


async def page(request: SignalsRequest, reads: Reads) -> Result:
    """Return a page of signals; meta.next is the cursor of the next one, null at the end.

    Raises Problem 404 for an asset that is not collected, 400 for a wrong time or cursor.
    """
    first, before = span_of_ids(request.since, request.until)
    if request.cursor:
        before = min(before, *unseal(request, request.cursor))
    common = (request.limit, before, first, request.min_confidence)
    if request.symbol:
        named = (request.symbol.upper(), request.symbol.lower())
        statement = Statement(BY_ASSET, (*common, request.type, *named))
    elif request.type == "all":
        statement = Statement(ALL, common)
    else:
        statement = Statement(BY_TYPE, (*common, request.type))
    found = await keyset_page(reads.database, statement, request.limit)
    if request.symbol and not found.items:
        await require_known(request.symbol, reads)
    following = None if found.next is None else seal(request, found.next)
    return Result(f"[{','.join(found.items)}]", {"next": following})


def span_of_ids(since: str, until: str | None) -> tuple[str, str]:
    """Return the ids that signals of a span of time lie between. Raises Problem 400."""
    first = f"{moment('since', since):010d}"
    return first, LAST_ID if until is None else f"{moment('until', until) + 1:010d}"


class SignalRequest(msgspec.Struct):
    """`id`: the id of a signal."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=320, pattern=r"^[^\x00-\x1f\x7f]+$")]


async def signal(request: SignalRequest, reads: Reads) -> Result:
    """Return one signal in full. Raises Problem 404 for an id that no signal has."""
    data = await reads.database.text(Statement(ONE, (request.id,)))
    if data is None:
        detail = f"No signal has the id {request.id!r:.200}. /api/v1/signals/all tells ids."
        raise Problem(404, "unknown-signal", detail)
    return Result(data)


class PreviewRequest(msgspec.Struct):
    """A rule to try on the stored past of one asset.

    `params` replace numbers of the detector's own (a wrong one is answered with those there
    are), `least_score` is how many thresholds it takes to fire, `direction` leaves out the other.
    """

    type: SignalType
    symbol: Name
    params: Annotated[
        dict[
            Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")],
            Annotated[float, msgspec.Meta(ge=-1e9, le=1e9)],
        ],
        msgspec.Meta(max_length=20),
    ] = {}
    least_score: Annotated[float, msgspec.Meta(ge=1, le=10)] = 1.0
    direction: Literal["up", "down"] | None = None
    days: Annotated[int, msgspec.Meta(ge=1, le=30)] = 7


async def preview(request: PreviewRequest, reads: Reads) -> Result:
    """Return how often a rule would have fired, and what came of it; nothing is stored.

    Raises Problem 404 for an asset that is not collected, 422 for a rule that
    cannot be, Retryable when the signals Worker does not answer.
    """
    await require_known(request.symbol, reads)
    told = await reads.outside.preview_rule(msgspec.json.encode(request).decode())
    answer = msgspec.json.decode(told, type=dict[str, msgspec.Raw])
    if "error" in answer:
        raise Problem(422, "rule-invalid", msgspec.json.decode(answer["error"], type=str))
    return Result(told)


async def require_known(symbol: str, reads: Reads) -> None:
    """Raise Problem 404 for what nothing is collected of."""
    named = (symbol.upper(), symbol.lower())
    if await reads.database.text(Statement(IS_KNOWN, named)) is None:
        detail = f"No asset with the symbol or id {symbol!r} is collected."
        raise Problem(404, "unknown-symbol", detail)


ROUTES = (
    Route(
        path="/api/v1/signals/{type}",
        summary="Signals of a type (or all), newest first, each with the reason it fired",
        request=SignalsRequest,
        handler=page,
        permission="signals:read",
        answers=list[JudgedSignal],
        example={"type": "all", "symbol": "BTC"},
        problems=("unknown-symbol", "invalid-parameter", "invalid-cursor"),
    ),
    Route(
        path="/api/v1/signals/by-id/{id}",
        summary="One signal with its evidence, its event, what came of it, and its calibrations",
        request=SignalRequest,
        handler=signal,
        permission="signals:read",
        answers=SignalInFull,
        example={"id": "1795350600-price_anomaly-bitcoin"},
        problems=("unknown-signal",),
    ),
    Route(
        path="/api/v1/signals/preview",
        summary="Try a rule on the stored past: how often it would have fired, and what came of it",
        request=PreviewRequest,
        handler=preview,
        method="POST",
        permission="signals:preview",
        cost="heavy",
        answers=Preview,
        example={"type": "pump", "symbol": "BTC", "days": 7},
        problems=("unknown-symbol", "rule-invalid"),
        cache=PRIVATE,
    ),
)
