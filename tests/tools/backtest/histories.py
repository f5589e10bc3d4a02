"""Price histories as CSV files, made here."""

import gzip
import math
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

from common.times import iso

START = 1_760_054_400  # the beginning of a day
HOUR, DAY = 3600, 86400
SYMBOLS = ("BTC", "ETH", "SOL", "DOGE", "ADA", "DOT", "LINK", "UNI", "LTC", "XLM", "XMR", "EOS")


def write(path: Path, header: str, rows: Iterable[Sequence[object]]) -> Path:
    """Write a CSV, gzipped if its name says so."""
    text = "\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n"
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def candles(
    count: int, *, seed: int = 1, step: int = HOUR, start: int = START, jumps: Sequence[int] = ()
) -> list[tuple[str, float, float]]:
    """Rows of timestamp (of the opening), close, volume; at a jump 8 % and ten times the volume."""
    rng, logs, rows = random.Random(seed), 4.0, []
    for index in range(count):
        jump = index in jumps
        logs += rng.gauss(0, 0.004) + 0.08 * jump
        volume = 1e4 * math.exp(rng.gauss(0, 0.2)) * (10 if jump else 1)
        rows.append((iso(start + index * step), round(math.exp(logs), 6), round(volume, 3)))
    return rows


def market(folder: Path, count: int = 12 * 24) -> Path:
    """A folder of hourly histories of twelve coins, each with a jump every two days."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, symbol in enumerate(SYMBOLS):
        jumps = range(60 + number, count, 48)
        write(
            folder / f"{symbol}_USDT_1h.csv.gz",
            "timestamp,close,volume",
            candles(count, seed=number, jumps=jumps),
        )
    return folder
