"""What a source offers, the bodies shipped for it, and what holds for any row."""

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import msgspec
import pytest

from collection.source import Parse, Source
from collection.sources import SOURCES
from common.models import Address, Listing, Parsable, Reading, Story
from common.readings import READING_KINDS

TICK = 1_795_176_000  # 2026-11-20T12:00Z
CLOCKS_DIFFER = 600
HERE = Path(__file__).parent
PAYLOADS, GOLDEN = HERE / "payloads", HERE / "golden"
TIMES = ("observed_at", "timestamp", "published_at")

# Where the rows of an object lie (a dot goes deeper), and how many more there are; a number where
# it is always the same. Without an entry an array has its elements for rows, and an object is one.
ROWS: Mapping[tuple[str, str], tuple[str, int] | int] = {
    ("alternative_me", "index"): ("data", 0),
    ("coinbase", "exchange_rates"): ("data.rates", 0),
    ("coinbase", "products"): ("products", 0),
    ("coingecko", "history"): ("prices", 0),
    ("coingecko", "trending"): ("coins", 0),
    ("coinmarketcap", "listings"): ("data", 0),
    ("coinmarketcap", "quotes"): ("data", 0),
    ("cryptopanic", "posts"): ("results", 0),
    ("defillama", "dexs"): ("protocols", 1),  # and their sum
    ("defillama", "prices"): ("coins", 0),
    ("defillama", "stablecoins"): ("peggedAssets", 0),
    ("defillama", "yields"): ("data", 0),
    ("dexscreener", "pools_base"): ("pairs", 0),
    ("dexscreener", "pools_ethereum"): ("pairs", 0),
    ("dexscreener", "pools_solana"): ("pairs", 0),
    ("geckoterminal", "pools"): ("data", 0),
    ("geckoterminal", "trending"): ("data", 0),
    ("jsonrpc", "state"): 6,  # what is asked for, whatever is answered
    ("kraken", "ticker"): ("result", 0),
    ("messari", "assets"): ("data", 0),
    ("messari", "news"): ("data", 0),
    ("messari", "signals"): ("data", 0),
}


class Offer(NamedTuple):
    """What one endpoint, or the history, of a source offers."""

    source: Source
    name: str
    parse: Parse

    def payloads(self) -> list[Path]:
        """Return the bodies shipped for it, the plain one first."""
        folder = PAYLOADS / self.source.name
        named = re.compile(rf"{self.name}(_\w+)?\.(json|xml)")
        return sorted(file for file in folder.glob("*") if named.fullmatch(file.name))

    def plain(self) -> bytes:
        """Return the body every source must ship for it."""
        assert self.payloads(), f"write payloads/{self.source.name}/{self.name}.json or .xml"
        return self.payloads()[0].read_bytes()

    def rows_in(self, body: bytes) -> int:
        """Count the rows of a body by its form alone."""
        if body.lstrip().startswith(b"<"):
            tags = [
                element.tag.rpartition("}")[2] for element in ElementTree.fromstring(body).iter()
            ]
            return tags.count("item") + tags.count("entry")
        document = json.loads(body)
        where = ROWS.get((self.source.name, self.name))
        if isinstance(where, int):
            return where
        if isinstance(document, list):
            return len(document)
        if where is None or not isinstance(document, dict):
            return 1
        for part in where[0].split("."):
            document = document.get(part) if isinstance(document, dict) else None
        # Deeper lies an object of plain values.
        plain = "." in where[0] and isinstance(document, dict)
        return (len(document) if plain else _elements(document)) + where[1]


def _elements(container: Any) -> int:
    """Count an array's elements, or the values of an object, some of which may be arrays."""
    if isinstance(container, dict):
        return sum(len(one) if isinstance(one, list) else 1 for one in container.values())
    return len(container) if isinstance(container, list) else 1


class Case(NamedTuple):
    """One body and how it is parsed."""

    offer: Offer
    file: Path

    @property
    def body(self) -> bytes:
        """The body."""
        return self.file.read_bytes()

    @property
    def golden(self) -> Path:
        """Where its rows are written down."""
        return GOLDEN / self.offer.source.name / f"{self.file.stem}.json"


def offers_of(source: Source) -> list[Offer]:
    """Return what a source offers."""
    found = [Offer(source, endpoint.name, endpoint.parse) for endpoint in source.endpoints]
    if history := source.history:
        found.append(
            Offer(source, "history", lambda body, tick: history.parse(body, tick, "samplecoin"))
        )
    return found


OFFERS = [offer for source in SOURCES for offer in offers_of(source)]
CASES = [Case(offer, file) for offer in OFFERS for file in offer.payloads()]


every_offer = pytest.mark.parametrize("offer", OFFERS, ids=lambda o: f"{o.source.name}-{o.name}")
every_case = pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case.offer.source.name}-{case.file.stem}"
)


def identity(row: Parsable) -> tuple[object, ...]:
    """Return what tells a row from the others of its body."""
    names = ("kind", "key", "asset_id", "address", "timestamp", "news_id")
    return (type(row), *(getattr(row, name) for name in names if hasattr(row, name)))


def assert_sane(row: Parsable) -> None:
    """Assert what any row of any source must hold, whatever the body was."""
    values = msgspec.structs.asdict(row)
    for name, value in values.items():
        if isinstance(value, float):
            assert math.isfinite(value), f"{name} of {row}"
        if name == "price":
            assert value > 0, row
        if name in ("volume_24h", "total_volume", "market_cap", "total_market_cap"):
            assert value is None or value >= 0, f"{name} of {row}"
        if name in TIMES:
            assert isinstance(value, int), f"{name} of {row}"
            assert value <= TICK + CLOCKS_DIFFER, f"{name} of {row}"
        if name == "url":
            assert value.startswith(("https://", "http://")), row
        if isinstance(value, str) and name in (
            "asset_id", "symbol", "name", "title", "news_id", "key", "publisher"
        ):  # fmt: skip
            assert value.strip(), f"{name} of {row}"
    if isinstance(row, Reading):
        _assert_sane_reading(row)
    if isinstance(row, Address | Listing) and row.address is not None:
        assert re.fullmatch(r"[a-z0-9][^:]*:\S.*", row.address), row
    if isinstance(row, Story):
        assert all(type(count) is int and count >= 0 for count in (row.votes or {}).values()), row
    msgspec.json.encode(values)  # what cannot be encoded cannot be stored


def _assert_sane_reading(row: Reading) -> None:
    unit = READING_KINDS[row.kind].unit
    assert isinstance(row.value, float | int), row
    assert math.isfinite(row.value), row
    assert abs(row.value) <= 1e6 if unit == "%" else row.value >= 0, row
    assert unit or row.about.get("unit"), f"no unit: {row}"
    for name, value in row.figures.items():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name), row
        assert value if isinstance(value, str) else math.isfinite(value), f"{name} of {row}"
    for name, text in row.about.items():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name), row
        assert isinstance(text, str), f"{name} of {row}"
        assert 0 < len(text) <= 200, f"{name} of {row}"
        assert name != "url" or text.startswith("https://"), row
