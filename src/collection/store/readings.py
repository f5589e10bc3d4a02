"""Readings: what is observed besides prices."""

import msgspec

from common.database import Statement, bulk
from common.models import Reading

UPSERT_SERIES = """
INSERT INTO series (source, kind, key, name, about)
SELECT ?2, value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?1)
WHERE (SELECT count(*) FROM series WHERE source = ?2) < ?3
ON CONFLICT (source, kind, key) DO UPDATE SET name = excluded.name, about = excluded.about
WHERE name <> excluded.name OR about <> excluded.about
"""

# See migrations/0002_every_source.sql for the layout of readings.id. CROSS JOIN
# keeps the order: the JSON read once, each of its rows looked up in series.
INSERT_READINGS = """
INSERT INTO readings (id, value, observed_at, figures)
SELECT (s.series_no << 26) | (?2 / 60), j.value ->> 2, j.value ->> 3, j.value ->> 4
FROM json_each(?1) j CROSS JOIN series s
  ON s.source = ?3 AND s.kind = j.value ->> 0 AND s.key = j.value ->> 1
WHERE true ON CONFLICT (id) DO NOTHING
"""


# A feed that a user added may bring new keys at every tick; it gets no more series than this.
MOST_SERIES, MOST_CUSTOM_SERIES = 1_000_000, 2_000


def store_readings(
    readings: list[Reading], tick: int, source: str, most_series: int = MOST_SERIES
) -> list[Statement]:
    """Statements that store one source's readings of a tick.

    A source that has `most_series` already gets no new ones.
    """
    encode = msgspec.json.Encoder(order="sorted").encode
    series = ((r.kind, r.key, r.name, encode(r.about).decode()) for r in readings)
    values = (
        (r.kind, r.key, r.value, r.observed_at, encode(r.figures).decode() if r.figures else None)
        for r in readings
    )
    known = bulk(UPSERT_SERIES, series, (source, most_series))
    return known + bulk(INSERT_READINGS, values, (tick, source))
