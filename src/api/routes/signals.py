"""/signals: what fired, why, and what came of it, newest first, in keyset pages."""

from typing import Annotated, Literal

import msgspec

from api.routing import Reads, Result, Route
from common.database import Statement, keyset_page
from common.errors import Problem, Retryable
from common.signal_types import SignalType
from common.times import epoch
from common.views import SIGNAL_OBJECT

# What came of a signal: judged is null before its horizon, hit is null where it cannot be told.
OUTCOMES = """(SELECT json_group_array(json_object('horizon_seconds', o.horizon,
    'due_at', strftime('%Y-%m-%dT%H:%M:%SZ', o.due_at, 'unixepoch'),
    'judged_at', strftime('%Y-%m-%dT%H:%M:%SZ', o.judged_at, 'unixepoch'),
    'hit', json(CASE o.hit WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END),
    'value', o.value, 'threshold', o.threshold, 'base_rate', 1.0 * o.control_hits / o.control_n,
    'controls', o.control_n, 'reason', o.reason)) FROM outcomes o WHERE o.signal_id = s.id)"""
_PAGE = f"""
SELECT json_group_array(json_array(id, item)) FROM (
  SELECT s.id, json_insert({SIGNAL_OBJECT}, '$.outcomes', {OUTCOMES}) AS item
  FROM signals s LEFT JOIN assets a USING (asset_id)
  WHERE (condition) s.id < ?2 AND s.created_at >= ?3 ORDER BY s.id DESC LIMIT ?1 + 1)
"""  # noqa: S608 - constants of ours
ALL = _PAGE.replace("(condition)", "")
BY_TYPE = _PAGE.replace("(condition)", "s.type = ?4 AND")
BY_ASSET = _PAGE.replace(
    "(condition)",
    "s.asset_id IN (SELECT asset_id FROM assets WHERE symbol = ?5 UNION SELECT ?6)"
    " AND ?4 IN ('all', s.type) AND",
)
# The market, and what is measured of no coin (kind:key), have signals and are no assets.
IS_KNOWN = """
SELECT 1 FROM assets WHERE symbol = ?1 OR asset_id = ?2
UNION ALL SELECT 1 WHERE ?2 = 'market'
UNION ALL SELECT 1 FROM sources o CROSS JOIN series e ON e.source = o.source
  AND e.kind = substr(?2, 1, instr(?2, ':') - 1) AND e.key = substr(?2, instr(?2, ':') + 1)
  WHERE o.redistributable AND o.shared
LIMIT 1
"""
CURSOR = r"^[0-9]{10}-[^\x00-\x1f]{1,280}$"
LAST_ID = "~"  # sorts behind every id


class SignalsRequest(msgspec.Struct):
    """`type`, and filters: symbol (BTC, bitcoin, market), since (epoch seconds or ISO 8601), limit,
    cursor (meta.next of the page before)."""

    type: SignalType | Literal["all"]
    symbol: Annotated[str, msgspec.Meta(min_length=1, max_length=80)] | None = None
    since: Annotated[str, msgspec.Meta(min_length=1, max_length=40)] = "0"
    limit: Annotated[int, msgspec.Meta(ge=1, le=250)] = 50
    cursor: Annotated[str, msgspec.Meta(pattern=CURSOR)] | None = None


async def page(request: SignalsRequest, reads: Reads) -> Result:
    """Return a page of signals; meta.next is the cursor of the next one, null at the end.

    Raises Problem 404 for an asset that is not collected.
    """
    common = (request.limit, request.cursor or LAST_ID, _moment(request.since))
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
    return Result(f"[{','.join(found.items)}]", {"next": found.next})


class PreviewRequest(msgspec.Struct):
    """A rule to try on the stored past of one asset.

    `params` replace numbers of the detector's own (a wrong one is answered with those there
    are), `least_score` is how many thresholds it takes to fire, `direction` leaves out the other.
    """

    type: SignalType
    symbol: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    params: dict[str, float] = {}
    least_score: Annotated[float, msgspec.Meta(ge=1, le=10)] = 1.0
    direction: Literal["up", "down"] | None = None
    days: Annotated[int, msgspec.Meta(ge=1, le=30)] = 7


async def preview(request: PreviewRequest, reads: Reads) -> Result:
    """Return how often a rule would have fired, and what came of it; nothing is stored.

    Raises Problem 404 for an asset that is not collected, 422 for a rule that
    cannot be, Retryable when the signals Worker does not answer.
    """
    await require_known(request.symbol, reads)
    if reads.outside is None:
        raise Retryable("signals is not bound")
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


def _moment(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) <= 12:
        return int(text)
    try:
        return max(0, epoch(text))
    except ValueError:
        raise Problem(
            400, "invalid-parameter",
            "since: give epoch seconds or an ISO 8601 time such as 2026-11-22T12:15:00Z.",
        ) from None  # fmt: skip


ROUTES = (
    Route(
        path="/api/v1/signals/{type}",
        summary="Signals of a type (or all), newest first, each with the reason it fired",
        request=SignalsRequest,
        handler=page,
    ),
    Route(
        path="/api/v1/signals/preview",
        summary="Try a rule on the stored past: how often it would have fired, and what came of it",
        request=PreviewRequest,
        handler=preview,
        method="POST",
    ),
)
