"""Real recordings of markets, trends and lists through the parsers: exact counts.

The recordings lie beside the repository, at ../shared/data/real/payloads. Without that folder
these tests have no parameters.
"""

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from collection.coingecko_lists import parse_list, parse_trending
from collection.sources.coinmarketcap import parse_listings
from collection.sources.kraken import parse_tickers
from collection.symbols import Known, SymbolSpace
from common.errors import Fatal, Skippable
from common.models import Listing, Parsed, Reading
from common.times import epoch
from tests.contract.offers import TICK

RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "data" / "real" / "payloads"


class Count(NamedTuple):
    """How many rows a recording gives, and what is left out for which reason."""

    stored: int
    skipped: dict[str, int]


COUNTS = {
    "listings_latest_100_2022-01-29": Count(100, {}),
    "search_trending_2022-01-18": Count(7, {}),
    "search_trending_2022-02-23": Count(7, {}),
    "docs_search_trending_2026": Count(1, {}),
    "coins_list_2022-02-23": Count(0, {"no_id": 1, "no_contract": 12_793}),
    "ticker_all_pairs": Count(643, {"other_currency": 845, "no_trades": 39, "fiat": 3}),
    "ticker_single": Count(0, {"other_currency": 1}),
}


def each(pattern: str) -> pytest.MarkDecorator:
    files = sorted(RECORDINGS.glob(pattern))
    return pytest.mark.parametrize("file", files, ids=lambda file: file.stem)


def assert_counted(parsed: Parsed, file: Path, rows: int) -> None:
    assert file.stem in COUNTS, f"count the rows of {file.name} by hand and add them to COUNTS"
    assert Count(len(parsed.rows), dict(parsed.skipped)) == COUNTS[file.stem]
    assert len(parsed.rows) + parsed.skipped.total() == rows


@each("kraken/ticker_*.json")
def test_recorded_tickers_of_kraken(file: Path) -> None:
    tickers = json.loads(file.read_bytes())["result"]
    parsed = parse_tickers(file.read_bytes(), TICK)
    assert_counted(parsed, file, len(tickers))
    for row in parsed.rows:
        assert isinstance(row, Listing)
        ticker = tickers[f"{row.symbol}/USD"]
        assert row.price == float(ticker["c"][0])
        assert row.volume_24h is not None
        low, high = (float(ticker[side][1]) * float(ticker["v"][1]) for side in "lh")
        assert low * 0.999 <= row.volume_24h <= high * 1.001


@each("coinmarketcap/listings_*.json")
def test_recorded_listings_of_coinmarketcap(file: Path) -> None:
    answer = json.loads(file.read_bytes())
    parsed = parse_listings(file.read_bytes(), epoch(answer["status"]["timestamp"]))
    assert_counted(parsed, file, len(answer["data"]))
    given = {row["slug"]: row for row in answer["data"]}
    for row in parsed.rows:
        assert isinstance(row, Listing)
        amounts = given[row.key]["quote"]["USD"]
        assert (row.price, row.market_cap) == (amounts["price"], amounts["market_cap"])
        assert row.volume_24h == amounts["volume_24h"]
        assert (row.address is None) == (given[row.key]["platform"] is None)


@each("coinmarketcap/error_*.json")
def test_a_recorded_refusal_of_coinmarketcap_is_fatal(file: Path) -> None:
    with pytest.raises(Fatal, match="the plan does not include this"):
        parse_listings(file.read_bytes(), TICK)


@each("coingecko/*search_trending*.json")
def test_recorded_trends(file: Path) -> None:
    coins = [row["item"] for row in json.loads(file.read_bytes())["coins"]]
    parsed = parse_trending(file.read_bytes(), TICK)
    assert_counted(parsed, file, len(coins))
    ranks = [(row.key, row.value) for row in parsed.rows if isinstance(row, Reading)]
    assert ranks == [(coin["id"], rank) for rank, coin in enumerate(coins, 1)]


@each("coingecko/docs_search_trending*.json")
def test_recorded_amounts_of_a_trend_are_numbers(file: Path) -> None:
    (row,) = parse_trending(file.read_bytes(), TICK).rows
    assert isinstance(row, Reading)
    assert row.figures == {
        "price": 5.938674704566297e-06,
        "change_24h": -3.2712597351582655,
        "market_cap": 521_967_819.0,
    }


@each("coingecko/coins_list*.json")
def test_a_recorded_list_without_platforms_has_no_contracts(file: Path) -> None:
    coins = json.loads(file.read_bytes())
    assert_counted(parse_list(file.read_bytes(), TICK), file, len(coins))


@each("coingecko/coin_*_detail*.json")
def test_a_recorded_coin_of_its_own_chain_has_no_contract(file: Path) -> None:
    coin = json.loads(file.read_bytes())
    body = json.dumps([{"id": coin["id"], "platforms": coin["platforms"]}]).encode()
    assert parse_list(body, TICK).rows == []


@each("coingecko/coins_markets_250_*.json")
def test_recorded_listings_of_one_provider_are_the_coins_of_another(file: Path) -> None:
    (listings,) = (RECORDINGS / "coinmarketcap").glob("listings_*.json")
    assets = sorted(json.loads(file.read_bytes()), key=lambda row: -(row["market_cap"] or 0))
    names = [(row["id"], row["symbol"], row["name"], row["current_price"]) for row in assets]
    space = SymbolSpace([Known(*one) for one in names], {})
    tick = epoch(json.loads(listings.read_bytes())["status"]["timestamp"])
    found: dict[str, str] = {}
    for row in parse_listings(listings.read_bytes(), tick).rows:
        assert isinstance(row, Listing)
        if row.address is None:  # no contracts were recorded
            try:
                found[row.key] = space.quote("coinmarketcap", row).asset_id
            except Skippable as skip:
                found[row.key] = skip.reason
    assert [key for key, asset in found.items() if asset == "unknown_asset"] == ["symbol"]
    assert len(found) == 56
    assert len(set(found.values())) == 56
    assert (found["xrp"], found["terra-luna"], found["near-protocol"]) == (
        "ripple", "terra-luna", "near",
    )  # fmt: skip
