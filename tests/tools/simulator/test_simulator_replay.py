import gzip
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.tools.simulator.running import in_process
from tools.simulator.instants import iso, parse_iso
from tools.simulator.replay import replayed_world

FIRST = parse_iso("2021-04-15T00:00:00Z")
STEP = 300
ROWS = 5 * 288


def price_at(place: int) -> int:
    return 60_000 + place


@pytest.fixture
def histories(tmp_path: Path) -> Path:
    """Five days of candles for two coins, one in ISO stamps, one in epoch milliseconds."""
    (tmp_path / "deep").mkdir()
    candles = "timestamp,close,volume\n" + "".join(
        f"{iso(FIRST + place * STEP)},{price_at(place)},2\n" for place in range(ROWS)
    )
    (tmp_path / "deep" / "BTC_USDT_5m.csv.gz").write_bytes(gzip.compress(candles.encode()))
    prices = "timestamp,price,volume\n" + "".join(
        f"{(FIRST + place * STEP) * 1000},{10 + place},1\n" for place in range(ROWS)
    )
    (tmp_path / "litecoin.csv").write_text(prices)
    (tmp_path / "notes.csv").write_text("title,link\na,b\n")
    return tmp_path


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    def write(name: str, value: Any) -> None:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(value if isinstance(value, str) else json.dumps(value))

    rows = [{"id": f"c{n}", "market_cap": 9 - n, "total_volume": n} for n in range(9)]
    write("gecko/coins_markets_small_2022-01-02.json", rows[:2])
    write("gecko/coins_markets_250_2022-01-01.json", rows)
    write("gecko/coins_list_2022-01-01.json", [{"id": "old"}])
    write("gecko/coins_list_2022-02-01.json", [{"id": "new"}])
    write("gecko/global_2022-01-01.json", {"data": {"markets": 5}})
    write("gecko/global_defi_2022-02-01.json", {"data": {"defi": 5}})
    write("gecko/market_chart_bitcoin_365d_2022-01-31.json", {"prices": [[1, 2.5]]})
    write("rss/coindesk_2026-09-24.xml", "<rss>old</rss>")
    write("rss/coindesk_2026-09-25.xml", "<rss>new</rss>")
    return tmp_path


def chart(http: httpx.Client, coin: str, days: int = 1) -> httpx.Response:
    path = f"/api.coingecko.com/api/v3/coins/{coin}/market_chart"
    return http.get(path, params={"vs_currency": "usd", "days": days})


def markets(http: httpx.Client, **params: Any) -> list[dict[str, Any]]:
    path = "/api.coingecko.com/api/v3/coins/markets"
    rows: list[dict[str, Any]] = http.get(path, params={"vs_currency": "usd", **params}).json()
    return rows


@pytest.fixture
def played(histories: Path) -> httpx.Client:
    http = in_process(replayed_world(histories))
    http.post("/clock", json={"now": "2021-04-18T00:00:00Z"})
    return http


def test_histories_start_three_days_after_their_first_row(histories: Path) -> None:
    world = replayed_world(histories)
    assert world.clock.describe()["mode"] == "replay"
    assert world.clock.describe()["now"] == "2021-04-18T00:00:00Z"


def test_a_start_can_be_chosen_inside_the_histories_only(histories: Path) -> None:
    start = parse_iso("2021-04-16T00:00:00Z")
    assert iso(replayed_world(histories, start).clock.now()) == "2021-04-16T00:00:00Z"
    with pytest.raises(ValueError, match="2021-04-15"):
        replayed_world(histories, parse_iso("2022-01-01T00:00:00Z"))


def test_a_candles_close_is_known_when_the_candle_is_over_and_not_before(
    played: httpx.Client,
) -> None:
    # At midnight the candle opened at 23:55 has just closed: it is number 3 * 288 - 1.
    last = 3 * 288 - 1
    (row,) = markets(played, ids="bitcoin")
    assert row["current_price"] == price_at(last)
    played.post("/clock", json={"advance_seconds": 299})
    (row,) = markets(played, ids="bitcoin")
    assert row["current_price"] == price_at(last)
    played.post("/clock", json={"advance_seconds": 1})
    (row,) = markets(played, ids="bitcoin")
    assert row["current_price"] == price_at(last + 1)


def test_a_price_is_known_at_its_stamp(played: httpx.Client) -> None:
    (row,) = markets(played, ids="litecoin")
    assert row["current_price"] == 10 + 3 * 288
    assert row["last_updated"] == "2021-04-18T00:00:00.000Z"


def test_volume_is_the_notional_of_the_last_24_hours(played: httpx.Client) -> None:
    (row,) = markets(played, ids="bitcoin")
    day = range(2 * 288, 3 * 288)
    assert row["total_volume"] == sum(2 * price_at(place) for place in day)
    assert row["market_cap"] is None
    assert row["high_24h"] == price_at(3 * 288 - 1)


def test_what_is_served_at_an_instant_does_not_depend_on_later_rows(histories: Path) -> None:
    def answers(folder: Path) -> tuple[Any, ...]:
        http = in_process(replayed_world(folder))
        http.post("/clock", json={"now": "2021-04-17T12:00:00Z"})
        return markets(http), chart(http, "bitcoin", 2).json(), chart(http, "litecoin").json()

    whole = answers(histories)
    path = histories / "litecoin.csv"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[: 3 * 288]))
    path = histories / "deep" / "BTC_USDT_5m.csv.gz"
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    path.write_bytes(gzip.compress(b"".join(lines[: 3 * 288])))
    assert answers(histories) == whole


def test_a_chart_of_a_replay_ends_at_the_present(played: httpx.Client) -> None:
    points = chart(played, "bitcoin").json()["prices"]
    assert points[-1] == [parse_iso("2021-04-18T00:00:00Z") * 1000, price_at(3 * 288 - 1)]
    assert points[0][0] == parse_iso("2021-04-17T00:00:00Z") * 1000


def test_a_replay_has_no_labels_no_news_and_takes_no_events(played: httpx.Client) -> None:
    assert played.get("/labels").json() == {"labels": []}
    assert b"<item>" not in played.get("/decrypt.co/feed").content
    order = {"kind": "jump", "asset_id": "bitcoin"}
    assert played.post("/events", json=order).status_code == 422


def test_of_two_histories_of_one_coin_the_finer_is_played(histories: Path) -> None:
    hourly = "timestamp,close,volume\n" + "".join(
        f"{FIRST + hour * 3600},1,1\n" for hour in range(100)
    )
    (histories / "BTC_USDT_1h.csv").write_text(hourly)
    market = replayed_world(histories).market
    assert [coin.id for coin in market.coins] == ["bitcoin", "litecoin"]
    assert market.snapshot(FIRST + 86_400).price[0] > 1


def test_an_unreadable_row_is_named_with_its_place(histories: Path) -> None:
    (histories / "ETH.csv").write_text("timestamp,price,volume\n2021-04-15T00:00:00Z,x,1\n")
    with pytest.raises(ValueError, match=r"ETH\.csv, line 2"):
        replayed_world(histories)


def test_recorded_answers_are_served_the_largest_page_and_the_newest_files(
    recordings: Path,
) -> None:
    http = in_process(replayed_world(recordings))
    assert [row["id"] for row in markets(http, per_page=4, page=2)] == ["c4", "c5", "c6", "c7"]
    assert markets(http, page=2) == []
    base = "/api.coingecko.com/api/v3"
    assert http.get(f"{base}/coins/list").json() == [{"id": "new"}]
    assert http.get(f"{base}/global").json() == {"data": {"markets": 5}}
    assert chart(http, "bitcoin").json() == {"prices": [[1, 2.5]]}
    assert chart(http, "ethereum").status_code == 404
    assert http.get("/www.coindesk.com/arc/outboundfeeds/rss/").text == "<rss>new</rss>"
    assert http.get("/clock").json()["mode"] == "wall"


def test_histories_win_over_recorded_markets_but_feeds_stay(
    recordings: Path, histories: Path
) -> None:
    http = in_process(replayed_world(recordings))
    assert {row["id"] for row in markets(http)} == {"bitcoin", "litecoin"}
    assert len(chart(http, "bitcoin").json()["prices"]) > 200
    assert http.get("/www.coindesk.com/arc/outboundfeeds/rss/").text == "<rss>new</rss>"


def test_a_folder_without_anything_to_replay_says_what_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"coins_markets\*.*\.csv\.gz"):
        replayed_world(tmp_path)
    with pytest.raises(ValueError, match="not a folder"):
        replayed_world(tmp_path / "missing")


def test_recorded_prices_alone_set_the_clock_to_their_newest_stamp(tmp_path: Path) -> None:
    stamps = ["2022-02-23T11:31:45.100Z", "2022-02-23T11:29:00.000Z"]
    rows = [{"id": f"c{n}", "last_updated": stamp} for n, stamp in enumerate(stamps)]
    (tmp_path / "coins_markets_2.json").write_text(json.dumps(rows))
    http = in_process(replayed_world(tmp_path))
    assert http.get("/clock").json()["now"].startswith("2022-02-23T11:31:4")
