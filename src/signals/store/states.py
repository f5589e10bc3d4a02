"""What detectors remember. States of SHARD series share a row: 250 assets cost four written
rows a detector and tick instead of 250."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from common.database import Database, Statement, bulk
from signals.detectors.base import Detector
from signals.engine import Kept, States
from signals.series import MARKET_NUMBER

SHARD_BITS = 6

LOAD_STATES = """
SELECT detector, series, version, tick, state FROM detector_state
WHERE detector IN (SELECT value FROM json_each(?1))
"""

UPSERT_STATES = """
INSERT INTO detector_state (detector, series, version, tick, state)
SELECT value ->> 0, value ->> 1, value ->> 2, ?2, value ->> 3 FROM json_each(?1) WHERE true
ON CONFLICT (detector, series) DO UPDATE SET
  version = excluded.version, tick = excluded.tick, state = excluded.state
WHERE excluded.version <> detector_state.version OR excluded.tick > detector_state.tick
  OR (excluded.tick = detector_state.tick AND excluded.state <> detector_state.state)
"""


class Loaded(msgspec.Struct):
    """States by detector and key, up to which tick each shard has read, rows that are unreadable.

    `read` is by detector and shard. A shard whose row is unreadable is in neither.
    `shards` has the shard of every series that any detector has a state of, `lost` the
    shards of rows that are unreadable or of another version: nobody knows which series
    they held. `fresh` are the assets whose whole past was read.
    """

    states: States
    read: dict[str, dict[int, int]]
    broken: list[str]
    shards: dict[str, int] = {}
    lost: set[int] = set()
    fresh: frozenset[str] = frozenset()

    def was_watched(self, key: str, number: int) -> bool:
        """Whether a series had a state, of any detector, before this run."""
        return key in self.shards or number >> SHARD_BITS in self.lost


async def load_states(database: Database, detectors: Sequence[Detector]) -> Loaded:
    """Return the stored states. A row that cannot be read is left out and named in `broken`."""
    by_name = {detector.name: detector for detector in detectors}
    loaded = Loaded({name: {} for name in by_name}, {name: {} for name in by_name}, [])
    names = msgspec.json.encode(sorted(by_name)).decode()
    decoders = {
        name: msgspec.json.Decoder(dict[str, Kept[detector.state]])  # type: ignore[name-defined]
        for name, detector in by_name.items()
    }
    for row in await database.all(Statement(LOAD_STATES, (names,))):
        name, shard = row["detector"], int(row["series"])
        if row["version"] != by_name[name].version:
            loaded.lost.add(shard)
            continue
        try:
            states = decoders[name].decode(row["state"])
        except (msgspec.DecodeError, UnicodeDecodeError, TypeError):
            loaded.broken.append(f"{name}/{shard}")
            loaded.lost.add(shard)
            continue
        loaded.states[name].update(states)
        loaded.read[name][shard] = row["tick"]
        loaded.shards.update(dict.fromkeys(states, shard))
    return loaded


def save_states(
    tick: int,
    detectors: Sequence[Detector],
    numbers: Mapping[str, int],
    loaded: Loaded,
    changed: States,
    broken: Sequence[tuple[str, str]] = (),
) -> list[Statement]:
    """Return the statements that store what changed; `numbers` are those of the new series.

    What is `broken` is forgotten, so that it is built anew from the past.

    A shard goes with all its series, those of which nothing is new too. One of
    stories is written even when nothing in it changed: it has now been read up
    to this tick.
    """
    rows: list[tuple[str, str, int, str]] = []
    shard_of = loaded.shards | {key: number >> SHARD_BITS for key, number in numbers.items()}
    assets = {number >> SHARD_BITS for number in numbers.values() if number < MARKET_NUMBER}
    for detector in detectors:
        new = changed[detector.name]
        forgotten = {key for name, key in broken if name == detector.name}
        touched = {shard_of[key] for key in new.keys() | forgotten}
        if detector.input == "news":
            touched |= assets
        shards: dict[int, dict[str, Any]] = {shard: {} for shard in sorted(touched)}
        for key, kept in (loaded.states.get(detector.name, {}) | new).items():
            if shard_of[key] in shards and key not in forgotten:
                shards[shard_of[key]][key] = kept
        for shard, states in shards.items():
            text = msgspec.json.encode(states, order="sorted").decode()
            rows.append((detector.name, str(shard), detector.version, text))
    return bulk(UPSERT_STATES, rows, (tick,))
