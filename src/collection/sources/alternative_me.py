"""alternative.me: the Crypto Fear & Greed Index, one number a day from 0 to 100.

No key; the source must be named next to the figure. `value` and `timestamp`
(Unix seconds, midnight UTC) are strings, the newest day comes first. Classes
are taken as given: texts differ about their borders. An error stands in
`metadata.error` of a 200. The value is made once a day and asked for hourly,
so that a late one is not missed for a day.
https://alternative.me/crypto/fear-and-greed-index/#api
"""

from collections import Counter

import msgspec

from collection.payload import Rows, check_age, decode, figures, number, parse_rows
from collection.source import Endpoint, Source
from common.errors import Retryable, Skippable
from common.models import Parsed, Reading

STALE_SECONDS = 3 * 86_400


class Day(msgspec.Struct):
    """A row of `data`."""

    value: object = None
    value_classification: str | None = None
    timestamp: object = None


class Metadata(msgspec.Struct):
    """Beside the rows."""

    error: object = None


class Index(msgspec.Struct):
    """/fng/."""

    data: msgspec.Raw
    metadata: Metadata | None = None


_index = msgspec.json.Decoder(Index)
_days = Rows(Day)


def parse(body: bytes, tick: int) -> Parsed:
    """Parse the index into one "fear_greed", the newest usable day; others are "not_newest"."""
    index = decode(body, _index)
    if index.metadata and index.metadata.error:
        raise Retryable("the provider reports an error")

    def reading(day: Day) -> Reading:
        value, time = number(day.value), number(day.timestamp)
        if value is None:
            raise Skippable("no_value")
        if not 0 <= value <= 100:
            raise Skippable("implausible_value")
        if time is None:
            raise Skippable("no_timestamp")
        check_age(int(time), tick, STALE_SECONDS)
        return Reading(
            kind="fear_greed",
            key="crypto",
            name="Crypto Fear & Greed",
            value=value,
            observed_at=int(time),
            figures=figures(label=day.value_classification),
        )

    parsed = parse_rows(index.data, _days, reading, key=lambda day: number(day.timestamp))
    newest = sorted(parsed.rows, key=_time)[-1:]
    older = len(parsed.rows) - len(newest)
    return Parsed(newest, parsed.skipped + Counter(not_newest=older))


def _time(row: object) -> int:
    return row.observed_at if isinstance(row, Reading) else 0


SOURCE = Source(
    name="alternative_me",
    attribution="Source: alternative.me",
    attribution_url="https://alternative.me/crypto/fear-and-greed-index/",
    endpoints=(Endpoint("index", "https://api.alternative.me/fng/?limit=1", parse, 3600),),
    requests_per_minute=1,
    burst=1,
)
