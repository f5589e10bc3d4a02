"""Histories from CSV, as they would have been collected.

A file with a `timestamp`, a `close` (or `price`) and a `volume` is a price history.
A row with a close is a candle that is stamped at its opening, as exchanges publish it:
its close is known one interval later. A row with a price is known at its stamp. The
volume is that of the interval, in coins; a provider shows the sum of 24 hours in US
dollars, so that is what is made of it, and nothing before 24 hours are there. A tick
every 15 minutes sees the last price that was known by then; where no row became
known since the tick before, there is no point.

The asset is named by a column `symbol`, else by the first word of the file's name. Of
two files of one asset the finer one counts from its beginning on, the other before.

A file with a `title` and a time is headlines: they get the product's own tone and
assets, repetitions count once, and they are known at the first tick after their time
that there is.
"""

import csv
import gzip
import io
import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from statistics import median
from typing import NamedTuple

from collection.news import sentiment
from collection.news.duplicates import Known, Recent
from collection.news.entities import Dictionary, Names
from collection.news.gazetteer import coins
from collection.store.news import RECENT_SECONDS
from common.times import epoch
from signals.history import History
from signals.series import Asset, Observation, Told
from tools.backtest.loaded import BadInputError, Loaded

TICK, DAY = 900, 86400
PRICES, TIMES = ("close", "price"), ("published_utc", "published_at", "published", "time")
LINKS, SOURCES = ("url", "link"), ("source", "publisher")
WANTED = (
    "a price history has the columns timestamp, close (or price) and volume,"
    " headlines have title and published_utc"
)


class Candle(NamedTuple):
    """When a close became known (epoch seconds), the close, US dollars traded until then."""

    known: int
    price: float
    notional: float


class Candles(NamedTuple):
    """The rows of one asset in one file; `step` is their usual distance in seconds."""

    step: int
    first: int
    rows: list[Candle]


class Headline(NamedTuple):
    """A headline; epoch seconds."""

    time: int
    title: str
    url: str
    source: str


def load(files: Sequence[Path]) -> Loaded:
    """Return the history of CSV files. Raises BadInputError when none of them holds prices."""
    candles: defaultdict[str, list[Candles]] = defaultdict(list)
    headlines: list[Headline] = []
    notes, refused = [], []
    for path in files:
        header, rows = _read(path)
        left_out: Counter[str] = Counter()
        if "timestamp" in header and "volume" in header and _first(header, PRICES) is not None:
            for symbol, found in _candles(path, header, rows, left_out):
                candles[symbol].append(found)
        elif "title" in header and _first(header, TIMES) is not None:
            headlines += _headlines(header, rows, left_out)
        else:
            refused.append(f"{path.name} has {', '.join(header) or 'no header'}")
        notes += [f"{path.name}: {n} rows left out, {why}" for why, n in left_out.items()]
    if not any(one.rows for some in candles.values() for one in some):
        raise BadInputError(f"no usable price in {len(files)} CSV files ({WANTED}): "
                            + "; ".join(refused[:3] or notes[:3]))  # fmt: skip
    notes += [f"{one}: passed over" for one in refused]
    ids = {coin.symbol: coin.asset_id for coin in reversed(coins())}
    prices = {symbol: observations(some) for symbol, some in candles.items()}
    names = {symbol: ids.get(symbol, symbol.lower()) for symbol, told in prices.items() if told}
    ticks = sorted({one.time for told in prices.values() for one in told})
    inside = [one for one in headlines if ticks[0] - 7 * DAY <= one.time <= ticks[-1]]
    stories = told_of(sorted(inside), ticks, {s: i for s, i in names.items() if s not in ids})
    assets = [
        Asset(number, asset_id, symbol, prices[symbol], (), stories.get(asset_id, ()))
        for number, (symbol, asset_id) in enumerate(sorted(names.items()), 1)
    ]
    if headlines:
        count = sum(len(one.stories) for one in assets)
        notes.append(f"{len(inside)} of {len(headlines)} headlines are of this time;"
                     f" {count} times they are news of one of the assets")  # fmt: skip
    return Loaded(History(assets), f"CSV of {len(assets)} assets", notes)


def observations(files: Iterable[Candles]) -> list[Observation]:
    """Return what was known of one asset at each tick: US dollars, 24 h volume in US dollars."""
    rows: list[Candle] = []
    start = math.inf
    for finer in sorted(files, key=lambda one: one.step):
        older = [row for row in finer.rows if row.known <= start]
        rows, start = older + rows, min(start, finer.first)
    times = [row.known for row in rows]
    sums = [0.0, *accumulate(row.notional for row in rows)]
    last: dict[int, int] = {-(-known // TICK) * TICK: place for place, known in enumerate(times)}
    return [
        Observation(
            tick,
            rows[place].price,
            sums[place + 1] - sums[bisect_right(times, tick - DAY)]
            if tick - DAY >= start else None,
            None,
            rows[place].known,
            "csv",
        )
        for tick, place in last.items()
    ]  # fmt: skip


def told_of(
    headlines: Iterable[Headline], ticks: Sequence[int], unlisted: Mapping[str, str]
) -> dict[str, list[Told]]:
    """Return the stories of each asset. `unlisted`: ids by symbol of those no list has.

    They are known at the first of `ticks` at or after their time; none of them is after all.
    """
    dictionary = Dictionary(Names(i, symbol, symbol) for symbol, i in sorted(unlisted.items()))
    stories: defaultdict[str, list[Told]] = defaultdict(list)
    before: list[tuple[int, Known]] = []  # with their ticks, as collection keeps them
    recent, recent_at = Recent(()), 0
    for number, (time, title, url, source) in enumerate(headlines):
        tick = ticks[bisect_left(ticks, time)]
        if tick != recent_at:
            before = [one for one in before if one[0] > tick - RECENT_SECONDS]
            recent, recent_at = Recent(known for _, known in before), tick
        mentioned = {
            one.entity.name for one in dictionary.find(title) if one.entity.kind == "asset"
        }
        known = Known(f"csv-{number:07d}", title, url, time, frozenset(mentioned))
        if recent.original_of(known) is None:
            recent.add(known)
            before.append((tick, known))
            for asset_id in mentioned:
                stories[asset_id].append(
                    Told(time, tick, sentiment.tone(title), source, known.news_id)
                )
    return dict(stories)


def _read(path: Path) -> tuple[list[str], Iterator[list[str]]]:
    raw = path.read_bytes()
    try:
        text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise BadInputError(f"{path}: not readable as CSV in UTF-8: {error}") from None
    reader = csv.reader(io.StringIO(text))
    return [name.strip().lower() for name in next(reader, [])], reader


def _first(header: Sequence[str], names: Iterable[str]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)


def _candles(
    path: Path, header: Sequence[str], rows: Iterable[list[str]], left_out: Counter[str]
) -> Iterator[tuple[str, Candles]]:
    """Yield the rows of each symbol in order; count what is left out, by reason."""
    word = path.name.removesuffix(".gz").removesuffix(".csv").split("_")[0].upper()
    named, price_at = _first(header, ("symbol",)), _first(header, PRICES) or 0
    time_at, volume_at = header.index("timestamp"), header.index("volume")
    found: defaultdict[str, dict[int, tuple[float, float]]] = defaultdict(dict)
    for row in rows:
        try:
            time, price = _instant(row[time_at]), float(row[price_at])
            volume, symbol = float(row[volume_at] or 0), row[named].upper() if named else word
        except (ValueError, IndexError):
            left_out["not readable"] += 1
            continue
        if not (0 < price < math.inf and 0 <= volume < math.inf):
            left_out["price or volume impossible"] += 1
        elif time in found[symbol]:
            left_out["same time twice"] += 1
        else:
            found[symbol][time] = price, volume
    for symbol, by_time in found.items():
        times = sorted(by_time)
        step = int(median(b - a for a, b in pairwise(times))) if len(times) > 1 else 0
        if header[price_at] == "close" and not step:
            left_out["the interval is unknown"] += len(times)
            continue
        delay = step if header[price_at] == "close" else 0
        candles = [
            Candle(time + delay, by_time[time][0], math.prod(by_time[time])) for time in times
        ]
        yield symbol, Candles(step, times[0], candles)


def _headlines(
    header: Sequence[str], rows: Iterable[list[str]], left_out: Counter[str]
) -> Iterator[Headline]:
    title, time = header.index("title"), _first(header, TIMES) or 0
    link, source = _first(header, LINKS), _first(header, SOURCES)
    for row in rows:
        try:
            yield Headline(
                _instant(row[time]),
                row[title],
                "" if link is None else row[link],
                "csv" if source is None else row[source],
            )
        except (ValueError, IndexError):
            left_out["not readable"] += 1


def _instant(text: str) -> int:
    """Return the epoch seconds of an ISO time, or of an epoch in seconds or milliseconds."""
    if "-" in text[1:]:
        return epoch(text)
    number = float(text)
    return int(number / 1000 if number > 1e11 else number)
