"""Replay: a folder of recorded answers and price histories, served instead of the simulation."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from tools.simulator.candles import CandleMarket, load_candles
from tools.simulator.clock import Clock
from tools.simulator.instants import DAY, iso, parse_iso
from tools.simulator.news import Story
from tools.simulator.provider import World

_WARM_UP = 3 * DAY  # history that detectors have behind them when a replay starts

# A word in the name of a recorded feed, and the host that is answered with it.
_FEED_WORDS = {
    "coindesk": "www.coindesk.com",
    "cointelegraph": "cointelegraph.com",
    "decrypt": "decrypt.co",
    "bitcoin_magazine": "bitcoinmagazine.com",
}
_CHART_NAME = re.compile(r"market_chart_(?P<id>.+?)_\d.*\.json")
_GLOBAL_NAME = re.compile(r"global(_20.*)?\.json")
_DATE = re.compile(r"20\d\d-\d\d-\d\d")


class NoNews:
    """A replay without a recorded feed has no news: invented stories about real prices mislead."""

    def newest(self, feed: str, now: int, count: int) -> list[Story]:  # noqa: ARG002
        """Nothing."""
        return []


def replayed_world(folder: Path, start: int | None = None) -> World:
    """The world of a folder: price histories played forward, and recorded answers.

    Histories win over recorded markets and charts. Raises ValueError if the folder holds
    neither, or if `start` lies outside the histories.
    """
    if not folder.is_dir():
        raise ValueError(f"{folder} is not a folder")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    market = CandleMarket(load_candles(files))
    recordings = find_recordings(files)
    if not market.coins and not recordings:
        raise ValueError(
            f"{folder} holds nothing to replay: looked for JSON named coins_markets*, "
            "coins_list*, global_20* or market_chart_<id>_*, for XML with "
            f"{', '.join(_FEED_WORDS)} in its name, and for .csv or .csv.gz with a timestamp, "
            "a price or close, and a volume"
        )
    if not market.coins:
        present = start if start is not None else recorded_at(recordings)
        return World(Clock(present), market, NoNews(), None, recordings)
    first, last = market.span
    opening = min(first + _WARM_UP, last) if start is None else start
    if not first <= opening <= last:
        raise ValueError(f"--start must lie in the histories, {iso(first)} to {iso(last)}")
    kept = {
        name: body
        for name, body in recordings.items()
        if not name.startswith(("coins_markets", "coins_list", "global", "market_chart/"))
    }
    return World(Clock(opening), market, NoNews(), None, kept)


def find_recordings(files: Sequence[Path]) -> dict[str, bytes]:
    """Recorded bodies by the name of the endpoint that serves them."""
    found: dict[str, bytes] = {}

    def of(prefix: str) -> list[Path]:
        return [path for path in files if path.name.startswith(prefix) and path.suffix == ".json"]

    pages = [path for path in of("coins_markets") if _row_count(path) > 0]
    if pages:
        found["coins_markets"] = max(pages, key=_row_count).read_bytes()
    _keep_newest(found, of("coins_list"), lambda _: "coins_list")
    _keep_newest(
        found, (path for path in files if _GLOBAL_NAME.fullmatch(path.name)), lambda _: "global"
    )
    _keep_newest(found, of("market_chart_"), _chart_endpoint)
    _keep_newest(found, (path for path in files if path.suffix == ".xml"), _feed_endpoint)
    return found


def recorded_at(recordings: Mapping[str, bytes]) -> int | None:
    """The present of recorded prices: their newest stamp; None when there are no prices.

    Asked at any other time they would be refused as stale or from the future.
    """
    rows = msgspec.json.decode(recordings.get("coins_markets", b"[]"))
    stamps = [row["last_updated"] for row in rows if isinstance(row.get("last_updated"), str)]
    return parse_iso(max(stamps)) if stamps else None


def _keep_newest(
    found: dict[str, bytes], files: Iterable[Path], endpoint: Callable[[Path], str | None]
) -> None:
    for path in sorted(files, key=_date):
        if name := endpoint(path):
            found[name] = path.read_bytes()


def _date(path: Path) -> tuple[str, str]:
    dates = _DATE.findall(path.name)
    return (dates[-1] if dates else "", path.name)


def _chart_endpoint(path: Path) -> str | None:
    match = _CHART_NAME.fullmatch(path.name)
    return f"market_chart/{match['id']}" if match else None


def _feed_endpoint(path: Path) -> str | None:
    return next((f"feed/{host}" for word, host in _FEED_WORDS.items() if word in path.name), None)


def _row_count(path: Path) -> int:
    """Rows of a recorded page; 0 for what is not an array of coins."""
    try:
        rows = msgspec.json.decode(path.read_bytes())
    except msgspec.DecodeError:
        return 0
    usable = isinstance(rows, list) and all(isinstance(row, dict) and "id" in row for row in rows)
    return len(rows) if usable else 0
