"""/signals: what fired, why, newest first, in keyset pages."""

from typing import Annotated, Literal

import msgspec

from api.routing import Reads, Result, Route
from common.database import Statement, keyset_page
from common.views import SIGNAL_OBJECT

SignalType = Literal["all", "price_anomaly", "volume_spike", "sentiment_shift"]

_PAGE = f"""
SELECT json_group_array(json_array(id, item)) FROM (
  SELECT s.id, {SIGNAL_OBJECT} AS item FROM signals s LEFT JOIN assets a USING (asset_id)
  WHERE (condition) s.id < ?2 AND s.created_at >= ?3 ORDER BY s.id DESC LIMIT ?1 + 1)
"""  # noqa: S608 - constants of ours
ALL = _PAGE.replace("(condition)", "")
BY_TYPE = _PAGE.replace("(condition)", "s.type = ?4 AND")
BY_SYMBOL = _PAGE.replace("(condition)", "s.symbol = ?5 AND ?4 IN ('all', s.type) AND")
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
    common = (request.limit, request.cursor or LAST_ID, request.since)
    if request.symbol:
        statement = Statement(BY_SYMBOL, (*common, request.type, request.symbol.upper()))
    elif request.type == "all":
        statement = Statement(ALL, common)
    else:
        statement = Statement(BY_TYPE, (*common, request.type))
    found = await keyset_page(reads.database, statement, request.limit)
    return Result(f"[{','.join(found.items)}]", {"next": found.next})


ROUTES = (
    Route(
        path="/api/v1/signals/{type}",
        summary="Signals of a type (or all), newest first, each with the reason it fired",
        request=SignalsRequest,
        handler=page,
    ),
)
