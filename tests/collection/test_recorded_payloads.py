"""Real recordings through the parsers, each at the time it was recorded: exact counts.

The recordings lie beside the repository, at ../shared/data/real/payloads. Without that folder
these tests have no parameters.
"""

import json
import re
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

from collection import feed
from collection.sources.coingecko import parse_global, parse_history, parse_markets
from common.models import GlobalMarket, HistoryPoint, Parsed, Quote, Story
from common.times import epoch

RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "data" / "real" / "payloads"
GECKO, FEEDS = RECORDINGS / "coingecko", RECORDINGS / "rss"
FILES = {
    "markets": sorted(GECKO.glob("*coins_markets*.json")),
    "global": sorted([*GECKO.glob("global_20*.json"), *GECKO.glob("docs_global*.json")]),
    "charts": sorted(GECKO.glob("market_chart*.json")),
    "feeds": sorted(FEEDS.glob("*.xml")),
}


class Count(NamedTuple):
    """How many rows a recording gives, and what is left out for which reason."""

    stored: int
    skipped: dict[str, int]


COUNTS = {
    "coins_markets_250_2022-02-23": Count(249, {"implausible_market_cap": 1}),
    "coins_markets_analytics_2022-02-23": Count(15, {"stale": 1}),
    "coins_markets_empty_page_2022-02-23": Count(0, {}),
    "coins_markets_nft_2022-01-18": Count(50, {}),
    "coins_markets_page2_of_1_2022-02-23": Count(1, {}),
    "coins_markets_stablecoins_2022-01-18": Count(47, {"stale": 3}),
    "docs_coins_markets_2026": Count(1, {}),
    "docs_global_2026": Count(1, {}),
    "global_2021-08-12": Count(1, {}),
    "global_2022-01-24": Count(1, {}),
    "global_2022-04-06": Count(1, {}),
    "market_chart_bitcoin_365d_2022-01-31": Count(367, {"not_past": 1}),
    "bitcoin_magazine_2026-02-15": Count(5, {}),
    "coindesk_2026-09-25": Count(3, {}),
    "sec_8k_2026-09-23.atom": Count(3, {"duplicate": 1}),
}


def each(kind: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("file", FILES[kind], ids=lambda file: file.stem)


def assert_counted(parsed: Parsed, file: Path, rows: int) -> None:
    assert file.stem in COUNTS, f"count the rows of {file.name} by hand and add them to COUNTS"
    assert Count(len(parsed.rows), dict(parsed.skipped)) == COUNTS[file.stem]
    assert len(parsed.rows) + parsed.skipped.total() == rows


@each("markets")
def test_a_recorded_page_of_markets(file: Path) -> None:
    rows = json.loads(file.read_bytes())
    tick = max((epoch(row["last_updated"]) for row in rows), default=0)
    parsed = parse_markets(file.read_bytes(), tick)
    assert_counted(parsed, file, len(rows))
    given = {row["id"]: row for row in rows}
    for quote in parsed.rows:
        assert isinstance(quote, Quote)
        row = given[quote.asset_id]
        assert quote.price == row["current_price"]
        assert quote.symbol == row["symbol"].strip().upper()
        assert quote.volume_24h == row["total_volume"]
        assert quote.market_cap == (row["market_cap"] or None)


@each("global")
def test_recorded_figures_of_the_whole_market(file: Path) -> None:
    body = json.loads(file.read_bytes())
    parsed = parse_global(file.read_bytes(), body["data"]["updated_at"])
    assert_counted(parsed, file, 1)
    (row,) = parsed.rows
    assert isinstance(row, GlobalMarket)
    assert row.total_market_cap == body["data"]["total_market_cap"]["usd"]
    assert row.btc_dominance == body["data"]["market_cap_percentage"]["btc"]
    assert row.market_cap_change_24h == body["data"]["market_cap_change_percentage_24h_usd"]


@each("charts")
def test_a_recorded_chart(file: Path) -> None:
    chart = json.loads(file.read_bytes())
    tick = int(chart["prices"][-1][0] // 1000)
    parsed = parse_history(file.read_bytes(), tick, "samplecoin")
    assert_counted(parsed, file, len(chart["prices"]))
    prices = {int(time // 1000) // 900 * 900: price for time, price in reversed(chart["prices"])}
    for point in parsed.rows:
        assert isinstance(point, HistoryPoint)
        assert point.price == prices[point.timestamp]
        assert point.volume_24h is not None
        assert point.market_cap is not None


@each("feeds")
def test_a_recorded_feed(file: Path) -> None:
    (day,) = re.findall(r"\d{4}-\d{2}-\d{2}", file.name)
    tags = [e.tag.rpartition("}")[2] for e in ElementTree.parse(file).iter()]
    parsed = feed.parse(file.read_bytes(), epoch(f"{day}T23:59:59Z"))
    assert_counted(parsed, file, tags.count("item") + tags.count("entry"))
    for story in parsed.rows:
        assert isinstance(story, Story)
        assert not story.published_is_estimated
        assert "<" not in story.title + story.summary
        assert "utm_" not in story.url
