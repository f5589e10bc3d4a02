"""The way from the outbox to the hub: at least once, and the hub drops repeats."""

from typing import Protocol

import msgspec

from common.database import Database, Row, Statement
from common.views import LARGEST_FIRST, SIGNAL_OBJECT, listed_assets

AT_ONCE = 100

UNDELIVERED = f"""
SELECT o.id, o.event_key, o.event, o.payload, (
  SELECT {SIGNAL_OBJECT} FROM signals s LEFT JOIN assets a USING (asset_id)
  WHERE s.id = o.payload) AS signal
FROM outbox o WHERE o.delivered_at IS NULL ORDER BY o.id LIMIT ?1
"""  # noqa: S608 - a constant of ours

# What is told of every asset at a tick, largest first. The columns are named once, not in every
# row, and no cents of sums: this is sent to everybody who looks.
COLUMNS = (
    "asset_id", "symbol", "name", "price", "change_1h", "change_24h", "volume_24h", "market_cap",
    "observed_at", "source",
)  # fmt: skip
TICK_ROWS = f"""
WITH {listed_assets()}
SELECT json_group_array(json(line)) FROM (
  SELECT json_array(asset_id, symbol, name, price, change_1h, change_24h,
    CAST(round(volume_24h) AS INTEGER), CAST(round(market_cap) AS INTEGER),
    strftime('%Y-%m-%dT%H:%M:%SZ', observed_at, 'unixepoch'), source) AS line
  FROM listed ORDER BY {LARGEST_FIRST})
"""  # noqa: S608 - constants of ours

DELIVERED = """
UPDATE outbox SET delivered_at = ?2 WHERE id IN (SELECT value FROM json_each(?1))
"""


class Event(msgspec.Struct, frozen=True):
    """One message for the hub: a key that names it for ever, and its JSON body."""

    key: str
    body: str


class Hub(Protocol):
    """The Durable Object that all open connections hang on."""

    async def publish(self, events: str) -> int:
        """Send a JSON array of Events to everyone; return how many were new."""


async def publish(database: Database, hub: Hub, now: int) -> int:
    """Deliver what the outbox holds; return how many events were delivered."""
    delivered = 0
    while rows := await database.all(Statement(UNDELIVERED, (AT_ONCE,))):
        events = [Event(row["event_key"], await _body(database, row)) for row in rows]
        await hub.publish(msgspec.json.encode(events).decode())
        ids = msgspec.json.encode([row["id"] for row in rows]).decode()
        await database.batch([Statement(DELIVERED, (ids, now))])
        delivered += len(rows)
    return delivered


async def _body(database: Database, row: Row) -> str:
    if row["event"] in ("signal", "ended"):
        return f'{{"event":"{row["event"]}","signal":{row["signal"] or "null"}}}'
    rows = await database.text(Statement(TICK_ROWS)) or "[]"
    columns = msgspec.json.encode(COLUMNS).decode()
    tick = row["payload"]
    return f'{{"event":"tick","tick":"{tick}","columns":{columns},"rows":{rows}}}'
