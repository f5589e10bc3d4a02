"""/signals: what fired, why, newest first, in keyset pages."""

from typing import Annotated, Literal

import msgspec

from api.routing import Reads, Result, Route
from common.database import Statement
from common.views import SIGNAL_OBJECT

SignalType = Literal["all", "price_anomaly", "volume_spike", "sentiment_shift"]

# One more than asked for tells whether there is a next page.
_PAGE = f"""
SELECT json_group_array(json_array(id, item)) FROM (
  SELECT s.id, {SIGNAL_OBJECT} AS item FROM signals s LEFT JOIN assets a USING (asset_id)
  WHERE (condition) AND s.id < ?2 AND s.created_at >= ?3 ORDER BY s.id DESC LIMIT ?1 + 1)
"""  # noqa: S608 - constants of ours
ALL = _PAGE.replace("(condition)", "?4 = 'all' AND ?5 IS NULL")
BY_TYPE = _PAGE.replace("(condition)", "s.type = ?4 AND ?5 IS NULL")
BY_SYMBOL = _PAGE.replace("(condition)", "s.symbol = ?5 AND ?4 IN ('all', s.type)")
LAST_ID = "~"  # sorts behind every id


class SignalsRequest(msgspec.Struct):
    """`type`, and filters: symbol (BTC), since (epoch seconds), limit, cursor (meta.next)."""

    type: SignalType
    symbol: Annotated[str, msgspec.Meta(min_length=1, max_length=40)] | None = None
    since: Annotated[int, msgspec.Meta(ge=0, lt=2**40)] = 0
    limit: Annotated[int, msgspec.Meta(ge=1, le=250)] = 50
    cursor: Annotated[str, msgspec.Meta(min_length=1, max_length=300)] | None = None


async def page(request: SignalsRequest, reads: Reads) -> Result:
    """Return a page of signals; meta.next is the cursor of the next one, null at the end."""
    sql = BY_SYMBOL if request.symbol else ALL if request.type == "all" else BY_TYPE
    symbol = request.symbol.upper() if request.symbol else None
    parameters = (request.limit, request.cursor or LAST_ID, request.since, request.type, symbol)
    text = await reads.database.text(Statement(sql, parameters)) or "[]"
    found = msgspec.json.decode(text, type=list[tuple[str, str]])
    kept = found[: request.limit]
    following = kept[-1][0] if len(found) > request.limit else None
    return Result(f"[{','.join(item for _, item in kept)}]", {"next": following})


ROUTES = (
    Route(
        path="/api/v1/signals/{type}",
        summary="Signals of a type (or all), newest first, each with the reason it fired",
        request=SignalsRequest,
        handler=page,
    ),
)
