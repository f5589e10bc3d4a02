"""/signals: what fired, why, newest first, in keyset pages."""

from typing import Annotated, Literal

import msgspec

from api.routing import Reads, Result, Route
from common.database import Statement, keyset_page
from common.errors import Problem
from common.times import epoch
from common.views import SIGNAL_OBJECT

SignalType = Literal["all", "price_anomaly", "volume_spike", "sentiment_shift"]

_PAGE = f"""
SELECT json_group_array(json_array(id, item)) FROM (
  SELECT s.id, {SIGNAL_OBJECT} AS item FROM signals s LEFT JOIN assets a USING (asset_id)
  WHERE (condition) s.id < ?2 AND s.created_at >= ?3 ORDER BY s.id DESC LIMIT ?1 + 1)
"""  # noqa: S608 - constants of ours
ALL = _PAGE.replace("(condition)", "")
BY_TYPE = _PAGE.replace("(condition)", "s.type = ?4 AND")
BY_ASSET = _PAGE.replace(
    "(condition)",
    "s.asset_id IN (SELECT asset_id FROM assets WHERE symbol = ?5 OR asset_id = ?6)"
    " AND ?4 IN ('all', s.type) AND",
)
IS_KNOWN = "SELECT 1 FROM assets WHERE symbol = ?1 OR asset_id = ?2 LIMIT 1"
CURSOR = r"^[0-9]{10}-[^\x00-\x1f]{1,280}$"
LAST_ID = "~"  # sorts behind every id


class SignalsRequest(msgspec.Struct):
    """`type`, and filters: symbol (BTC or bitcoin), since (epoch seconds or ISO 8601), limit,
    cursor (meta.next of the page before)."""

    type: SignalType
    symbol: Annotated[str, msgspec.Meta(min_length=1, max_length=40)] | None = None
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
        await _require_known(request.symbol, reads)
    return Result(f"[{','.join(found.items)}]", {"next": found.next})


async def _require_known(symbol: str, reads: Reads) -> None:
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
)
