"""What a project without msgspec writes: json.loads and dictionaries, the same checks."""

import json
import math
from collections import Counter
from datetime import datetime
from typing import Any

FUTURE_SECONDS, STALE_SECONDS = 600, 6 * 3600
ABSURD_MARKET_CAP, ABSURD_TURNOVER = 1e10, 1e-7


def parse_with_json(body: bytes, tick: int) -> tuple[list[dict[str, Any]], Counter[str]]:
    """Parse a page of /coins/markets; return the rows, and what was skipped why."""
    rows: list[dict[str, Any]] = []
    skipped: Counter[str] = Counter()
    seen: set[str] = set()
    for row in json.loads(body):
        built = _row(row, tick)
        if isinstance(built, str):
            skipped[built] += 1
        elif built["asset_id"] in seen:
            skipped["duplicate"] += 1
        else:
            seen.add(built["asset_id"])
            rows.append(built)
    return rows, skipped


def _row(row: dict[str, Any], tick: int) -> dict[str, Any] | str:
    """Return a row, or why it is skipped."""
    asset_id, symbol, name = row.get("id"), row.get("symbol"), row.get("name")
    if not (isinstance(asset_id, str) and isinstance(symbol, str) and isinstance(name, str)):
        return "malformed"
    price, volume, cap = row.get("current_price"), row.get("total_volume"), row.get("market_cap")
    if not all(value is None or _is_number(value) for value in (price, volume, cap)):
        return "malformed"
    if not asset_id or not symbol.strip():
        return "no_id"
    if price is None:
        return "no_price"
    if not 0 < price < math.inf:
        return "bad_price"
    cap = cap if cap is not None and 0 < cap < math.inf else None
    if cap and volume is not None and cap > ABSURD_MARKET_CAP and volume < cap * ABSURD_TURNOVER:
        return "implausible_market_cap"
    stamp = row.get("last_updated")
    if stamp is None:
        return "no_timestamp"
    try:
        observed_at = int(datetime.fromisoformat(stamp).timestamp())
    except (TypeError, ValueError):
        return "bad_timestamp"
    if observed_at > tick + FUTURE_SECONDS:
        return "future_timestamp"
    if observed_at < tick - STALE_SECONDS:
        return "stale"
    return {
        "asset_id": asset_id,
        "symbol": symbol.strip().upper(),
        "name": name.strip() or asset_id,
        "price": float(price),
        "volume_24h": volume if volume is not None and volume >= 0 else None,
        "market_cap": cap,
        "observed_at": observed_at,
    }


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
