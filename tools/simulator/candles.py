"""Price histories from CSV, played forward: a market that knows only what had happened.

A row with a `close` is a candle stamped at its opening, as exchanges publish it, so its
close is known one interval later. A row with a `price` is known at its stamp.
"""

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.simulator.coins import Coin, known_coins
from tools.simulator.instants import DAY, parse_iso
from tools.simulator.market import Floats, Instants, Snapshot


@dataclass(frozen=True)
class Candles:
    """One asset's history: when each price became known (Unix s), the price, the notional.

    `first` is the first stamp in the file, one interval before the first candle is known.
    """

    coin: Coin
    first: int
    known: NDArray[np.int64]
    price: Floats
    notional: Floats

    @property
    def step(self) -> float:
        """The usual distance of two rows in seconds."""
        return float(np.median(np.diff(self.known))) if len(self.known) > 1 else DAY


class CandleMarket:
    """A market replayed from histories; market capitalisations are not known."""

    capitalised = False
    revision = 0

    def __init__(self, histories: Sequence[Candles]) -> None:
        self._histories = sorted(histories, key=lambda one: one.coin.id)
        self.coins = [one.coin for one in self._histories]
        self._sums = [np.concatenate(([0.0], np.cumsum(one.notional))) for one in self._histories]

    @property
    def span(self) -> tuple[int, int]:
        """The first stamp of any history and the instant the last price became known."""
        return (
            min(one.first for one in self._histories),
            int(max(one.known[-1] for one in self._histories)),
        )

    def snapshot(self, now: int) -> Snapshot:
        """The last price at or before an instant, with the range and notional of 24 hours."""
        size = len(self._histories)
        price, volume, high, low, updated = np.full((5, size), np.nan)
        for asset, one in enumerate(self._histories):
            after = int(np.searchsorted(one.known, now, side="right"))
            if after == 0:
                continue
            first = int(np.searchsorted(one.known, now - DAY, side="right"))
            recent = one.price[min(first, after - 1) : after]
            price[asset], updated[asset] = one.price[after - 1], one.known[after - 1]
            high[asset], low[asset] = recent.max(), recent.min()
            volume[asset] = self._sums[asset][after] - self._sums[asset][first]
        return Snapshot(price, volume, high, low, updated)

    def history(self, asset: int, instants: Instants) -> tuple[Floats, Floats]:
        """The last price at or before each instant and the notional of the 24 hours to it."""
        one, sums = self._histories[asset], self._sums[asset]
        after = np.searchsorted(one.known, instants, side="right")
        before = np.searchsorted(one.known, instants - DAY, side="right")
        prices = np.where(after == 0, np.nan, one.price[np.maximum(after - 1, 0)])
        return prices, np.asarray(sums[after] - sums[before])


def load_candles(files: Iterable[Path]) -> list[Candles]:
    """The histories among files; of two for one asset the finer is taken.

    A CSV without the columns `timestamp`, `price` or `close`, and `volume` is passed over;
    one that has them but a row that cannot be read raises ValueError with its place.
    """
    best: dict[str, Candles] = {}
    for path in files:
        if not path.name.endswith((".csv", ".csv.gz")):
            continue
        candles = _read(path)
        if candles is None:
            continue
        other = best.get(candles.coin.id)
        if other is None or candles.step < other.step:
            best[candles.coin.id] = candles
    return list(best.values())


def coin_of(path: Path) -> Coin:
    """The coin a file is about, by the first word of its name: a symbol or an id."""
    stem = path.name.removesuffix(".gz").removesuffix(".csv")
    word = stem.split("_")[0]
    for coin in known_coins():
        if word.upper() == coin.symbol or stem.lower() == coin.id or word.lower() == coin.id:
            return coin
    return Coin(word.lower(), word.upper(), word, "", 0.0, 0.0, None)


def _read(path: Path) -> Candles | None:
    raw = path.read_bytes()
    text = gzip.decompress(raw) if path.suffix == ".gz" else raw
    reader = csv.reader(io.StringIO(text.decode()))
    header = [name.strip().lower() for name in next(reader, [])]
    value = next((name for name in ("price", "close") if name in header), None)
    if value is None or not {"timestamp", "volume"} <= set(header):
        return None
    columns = [header.index(name) for name in ("timestamp", value, "volume")]
    rows = []
    for row in reader:
        try:
            stamp, price, volume = (row[column] for column in columns)
            rows.append((_instant(stamp), float(price), float(volume or 0)))
        except (ValueError, IndexError) as error:
            raise ValueError(f"{path}, line {reader.line_num}: {error}") from error
    if not rows:
        return None
    stamps, prices, volumes = (np.array(column) for column in zip(*sorted(rows), strict=True))
    step = int(np.median(np.diff(stamps))) if len(stamps) > 1 and value == "close" else 0
    known = stamps.astype(np.int64) + step
    return Candles(coin_of(path), int(stamps[0]), known, prices, prices * volumes)


def _instant(text: str) -> int:
    """Unix seconds of an ISO instant or of an epoch in seconds or milliseconds."""
    if "-" in text:
        return parse_iso(text)
    number = float(text)
    return int(number / 1000 if number > 1e11 else number)
