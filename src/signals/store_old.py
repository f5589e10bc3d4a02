"""The SQL of detection: new points in, states and signals out, all idempotent.

States of SHARD assets share a row: 250 assets cost four written rows a
detector and tick instead of 250.
"""

from collections.abc import Sequence

import msgspec

from common.database import Database, Statement, bulk
from common.times import iso
from signals.detectors.base import Detector
from signals.engine import Observation, Series, States, Told
from signals.signal import Signal

SHARD_BITS = 6
HISTORY_SECONDS = 7 * 86400  # what a series without a state learns from
ANNOUNCED_SECONDS = 3600  # older findings are history, not news

LOAD_STATES = "SELECT detector, series, version, tick, state FROM detector_state"

# The volume of one venue is not that of the market, whose volume it would seem to end.
# `mark` is a table of its own: joined as json_each it would be read once per asset.
LOAD_PRICES = """
WITH mark (asset_id, time) AS MATERIALIZED (SELECT key, value FROM json_each(?1))
SELECT a.asset_no, a.asset_id, a.symbol, json_group_array(json_array(m.timestamp, m.price,
  iif(m.source IN (SELECT source FROM sources WHERE coverage = 'venue'), NULL, m.volume_24h),
  m.observed_at, m.source)) AS prices
FROM assets a LEFT JOIN mark ON mark.asset_id = a.asset_id
JOIN market_data m ON m.id
  BETWEEN (a.asset_no << 31) | ((coalesce(mark.time, ?2 - ?3) / 60) << 5)
  AND (a.asset_no << 31) | ((?2 / 60) << 5) | 31
WHERE a.history_from IS NOT NULL
GROUP BY a.asset_no
"""

# CROSS JOIN keeps the order: from the few new stories to their mentions.
LOAD_STORIES = """
SELECT m.entity_name AS asset_id, json_group_array(
  json_array(n.published_at, n.tick, n.sentiment, n.source, n.news_id)) AS stories
FROM news_items n CROSS JOIN news_mentions m ON m.news_id = n.news_id
WHERE m.entity_type = 'asset' AND n.tick > ?1 AND n.tick <= ?2 AND n.sentiment IS NOT NULL
GROUP BY m.entity_name
"""

UPSERT_STATES = """
INSERT INTO detector_state (detector, series, version, tick, state)
SELECT value ->> 0, value ->> 1, value ->> 2, ?2, value ->> 3 FROM json_each(?1) WHERE true
ON CONFLICT (detector, series) DO UPDATE SET
  version = excluded.version, tick = excluded.tick, state = excluded.state
WHERE excluded.version <> detector_state.version OR excluded.tick > detector_state.tick
  OR (excluded.tick = detector_state.tick AND excluded.state <> detector_state.state)
"""

INSERT_SIGNALS = """
INSERT INTO signals
  (id, type, asset_id, symbol, confidence_score, explanation, metadata, created_at)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
  value ->> 6, value ->> 7
FROM json_each(?1) WHERE true ON CONFLICT (id) DO NOTHING
"""

INSERT_OUTBOX = """
INSERT INTO outbox (event_key, event, payload, created_at)
SELECT value ->> 0, value ->> 1, value ->> 2, ?2 FROM json_each(?1)
WHERE true ON CONFLICT (event_key) DO NOTHING
"""


class Loaded(msgspec.Struct):
    """States by detector and asset, what each news shard has read up to, unreadable rows."""

    states: States
    stories_read: dict[int, int]
    broken: list[str]


async def load_states(database: Database, detectors: Sequence[Detector]) -> Loaded:
    """Return the stored states. A row that cannot be read is left out and named in `broken`."""
    by_name = {detector.name: detector for detector in detectors}
    loaded = Loaded({name: {} for name in by_name}, {}, [])
    for row in await database.all(Statement(LOAD_STATES)):
        detector = by_name.get(row["detector"])
        if detector is None or row["version"] != detector.version:
            continue
        try:
            states = msgspec.json.decode(row["state"], type=dict[str, detector.state])  # type: ignore[name-defined]
        except (msgspec.DecodeError, UnicodeDecodeError):
            loaded.broken.append(f"{row['detector']}/{row['series']}")
            continue
        loaded.states[detector.name].update(states)
        if detector.input == "news":
            loaded.stories_read[int(row["series"])] = row["tick"]
    return loaded


def watermarks(loaded: Loaded, detectors: Sequence[Detector]) -> dict[str, int]:
    """Return, for every asset that all market detectors know, the time to read on from."""
    known = [loaded.states[d.name] for d in detectors if d.input == "market"]
    if not known:
        return {}
    assets = set(known[0]).intersection(*known[1:])
    return {asset: min(states[asset].time for states in known) for asset in assets}


async def load_series(
    database: Database, tick: int, marks: dict[str, int], loaded: Loaded
) -> list[Series]:
    """Return what is new up to `tick` for every watched asset, in the order of time.

    A series that cannot be read is left out and named in `loaded.broken`.
    """
    encoded = msgspec.json.encode(marks).decode()
    rows = await database.all(Statement(LOAD_PRICES, (encoded, tick, HISTORY_SECONDS)))
    shards = {row["asset_no"] >> SHARD_BITS for row in rows}
    read = {shard: loaded.stories_read.get(shard, tick - HISTORY_SECONDS) for shard in shards}
    since = min(read.values(), default=tick)
    told = await database.all(Statement(LOAD_STORIES, (since, tick)))
    stories = {row["asset_id"]: row["stories"] for row in told}
    series: list[Series] = []
    for row in rows:
        try:
            prices = msgspec.json.decode(row["prices"], type=list[Observation])
            all_told = msgspec.json.decode(stories.get(row["asset_id"], "[]"), type=list[Told])
        except msgspec.ValidationError:
            loaded.broken.append(f"series/{row['asset_id']}")
            continue
        new = [story for story in all_told if story.tick > read[row["asset_no"] >> SHARD_BITS]]
        prices = last_of_each_time(prices)
        new.sort(key=lambda one: (one.time, one.news_id))
        series.append(Series(row["asset_no"], row["asset_id"], row["symbol"], prices, new))
    return series


def last_of_each_time(prices: list[Observation]) -> list[Observation]:
    """Return one price a tick, in the order of time: the consensus where there is one."""
    prices.sort(key=lambda one: (one.time, one.source == "consensus"))
    return list({one.time: one for one in prices}.values())


def save(
    tick: int,
    detectors: Sequence[Detector],
    series: Sequence[Series],
    known: States,
    changed: States,
    signals: Sequence[Signal],
) -> list[Statement]:
    """Statements of one batch: states, signals, and what is to be announced of them."""
    shard_of = {one.asset_id: one.asset_no >> SHARD_BITS for one in series}
    rows: list[tuple[str, str, int, str]] = []
    for detector in detectors:
        new = changed[detector.name]
        touched = {shard_of[asset] for asset in new}
        if detector.input == "news":
            touched = set(shard_of.values())  # every shard has now read up to this tick
        shards: dict[int, dict[str, object]] = {shard: {} for shard in sorted(touched)}
        for asset, state in (known.get(detector.name, {}) | new).items():
            if shard_of.get(asset) in shards:
                shards[shard_of[asset]][asset] = state
        for shard, states in shards.items():
            text = msgspec.json.encode(states, order="sorted").decode()
            rows.append((detector.name, str(shard), detector.version, text))
    announced: list[tuple[str, str, str]] = [
        (f"signal:{signal.id}", "signal", signal.id)
        for signal in signals
        if signal.created_at > tick - ANNOUNCED_SECONDS
    ]
    announced.append((f"tick:{tick}", "tick", iso(tick)))
    return [
        *bulk(UPSERT_STATES, rows, (tick,)),
        *bulk(INSERT_SIGNALS, map(msgspec.structs.astuple, signals)),
        *bulk(INSERT_OUTBOX, announced, (tick,)),
    ]
