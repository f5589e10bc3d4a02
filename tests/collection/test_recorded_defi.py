"""Real recordings of DeFi and DEX sources through their parsers: exact counts.

They lie beside the repository, at ../shared/data/real/payloads. Without that folder these tests
have no parameters.
"""

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from collection.defillama_locked import parse_protocols
from collection.defillama_markets import parse_prices
from collection.sources import dexscreener, geckoterminal
from common.models import Parsed, Reading

RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "data" / "real" / "payloads"
LLAMA = RECORDINGS / "defillama"
FILES = {
    "protocols": sorted(LLAMA.glob("protocols_*.json")),
    "prices": sorted(LLAMA.glob("coins_prices_*.json")),
    "pairs": sorted((RECORDINGS / "dexscreener").glob("pairs_*.json")),
    "pools": sorted((RECORDINGS / "geckoterminal").glob("docs_*pools*.json")),
}


class Count(NamedTuple):
    """How many rows a recording gives, and what is left out for which reason."""

    stored: int
    skipped: dict[str, int]


COUNTS = {
    "protocols_2022-01-14": Count(1108, {}),
    "coins_prices_1": Count(3, {}),
    "coins_prices_2": Count(2, {}),
    "coins_prices_3": Count(1, {}),
    "coins_prices_4": Count(1, {}),
    "coins_prices_5": Count(0, {}),
    "pairs_avalanche_2022-05": Count(6, {"thin": 2}),
    "docs_network_pools": Count(1, {}),
    "docs_new_pools_nulls": Count(0, {"no_liquidity": 1}),
    "docs_pools_multi": Count(1, {}),
    "docs_search_pools": Count(1, {}),
    "docs_trending_pools": Count(1, {}),
}


def each(kind: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("file", FILES[kind], ids=lambda file: file.stem)


def counted(parsed: Parsed, file: Path, rows: int) -> list[Reading]:
    assert file.stem in COUNTS, f"count the rows of {file.name} by hand and add them to COUNTS"
    assert Count(len(parsed.rows), dict(parsed.skipped)) == COUNTS[file.stem]
    assert len(parsed.rows) + parsed.skipped.total() == rows
    return [row for row in parsed.rows if isinstance(row, Reading)]


@each("protocols")
def test_recorded_protocols(file: Path) -> None:
    given = {row["slug"]: row for row in json.loads(file.read_bytes())}
    readings = counted(parse_protocols(file.read_bytes(), 1_642_154_400), file, len(given))
    assert [row.value for row in readings] == sorted((r.value for r in readings), reverse=True)
    for reading in readings:
        row = given[reading.key]
        assert reading.value == row["tvl"]
        assert reading.figures.get("change_1d") == row["change_1d"]
        assert reading.figures.get("mcap") == (row.get("mcap") or None)
        assert reading.about.get("asset_id") == row["gecko_id"]
        assert reading.about.get("category") == row["category"]


@each("prices")
def test_recorded_prices(file: Path) -> None:
    given = json.loads(file.read_bytes())["coins"]
    tick = max((row["timestamp"] for row in given.values()), default=0)
    for reading in counted(parse_prices(file.read_bytes(), tick), file, len(given)):
        row = given[f"coingecko:{reading.key}"]
        assert (reading.value, reading.observed_at) == (row["price"], row["timestamp"])
        assert reading.figures == {"confidence": row["confidence"]}


@each("pairs")
def test_recorded_pairs(file: Path) -> None:
    given = {row["pairAddress"].lower(): row for row in json.loads(file.read_bytes())["pairs"]}
    parsed = dexscreener.parse_pools(file.read_bytes(), 1_652_700_000)
    for reading in counted(parsed, file, len(given)):
        row = given[reading.about["address"]]
        assert reading.key == f"avalanche:{row['pairAddress'].lower()}"
        assert reading.value == float(row["priceUsd"])
        assert reading.figures["liquidity"] == row["liquidity"]["usd"]
        assert reading.figures["volume_24h"] == row["volume"]["h24"]
        assert reading.figures["change_24h"] == row["priceChange"]["h24"]
        assert reading.about["base"] == row["baseToken"]["symbol"]


@each("pools")
def test_recorded_pools(file: Path) -> None:
    page = json.loads(file.read_bytes())
    given = {row["attributes"]["name"]: row["attributes"] for row in page["data"]}
    symbols = {row["attributes"].get("symbol") for row in page["included"]}
    parsed = geckoterminal.parse_pools(file.read_bytes(), 1_780_000_000)
    for reading in counted(parsed, file, len(page["data"])):
        row = given[reading.name]
        assert reading.value == float(row["base_token_price_usd"])
        assert reading.figures["liquidity"] == float(row["reserve_in_usd"])
        assert reading.figures["volume_24h"] == float(row["volume_usd"]["h24"])
        assert {reading.about["base"], reading.about["quote"]} <= symbols
