"""CSV becomes what would have been known at each tick, and nothing that came later."""

from itertools import pairwise
from pathlib import Path

import pytest

from common.times import epoch, iso
from signals.series import Asset, Observation
from tests.tools.backtest.histories import DAY, HOUR, START, candles, write
from tools.backtest.csv_history import load
from tools.backtest.loaded import BadInputError, Loaded

QUARTER = 900
HEADER = "timestamp,close,volume"


def loaded(*files: Path) -> Loaded:
    return load(sorted(files))


def only(*files: Path) -> Asset:
    (asset,) = loaded(*files).history.assets
    return asset


def at(index: int) -> int:
    return START + index * HOUR


def when(index: int, seconds: int) -> str:
    return iso(at(index) + seconds)


def prices(*files: Path) -> list[Observation]:
    return only(*files).prices


def test_a_close_is_known_one_interval_after_the_stamp_of_its_opening(tmp_path: Path) -> None:
    rows = candles(3)
    told = prices(write(tmp_path / "BTC_USDT_1h.csv", HEADER, rows))
    assert [one.time for one in told] == [START + HOUR * n for n in (1, 2, 3)]
    assert [one.observed_at for one in told] == [one.time for one in told]
    assert [one.price for one in told] == [price for _, price, _ in rows]


def test_a_price_is_known_at_its_stamp(tmp_path: Path) -> None:
    told = prices(write(tmp_path / "BTC.csv", "timestamp,price,volume", candles(3)))
    assert [one.time for one in told] == [START + HOUR * n for n in (0, 1, 2)]


def test_finer_rows_are_seen_at_the_next_tick_the_last_of_them(tmp_path: Path) -> None:
    rows = candles(7, step=300)
    told = prices(write(tmp_path / "BTC.csv", HEADER, rows))
    assert [one.time - START for one in told] == [QUARTER, 2 * QUARTER, 3 * QUARTER]
    assert [one.price for one in told] == [rows[2][1], rows[5][1], rows[6][1]]
    assert [one.time - one.observed_at for one in told] == [0, 0, 600]


def test_no_tick_has_a_price_or_volume_of_a_row_that_closed_later(tmp_path: Path) -> None:
    rows = candles(30 * 12, step=300)
    told = prices(write(tmp_path / "BTC.csv", HEADER, rows))
    for one in told:
        known = [row for row in rows if epoch(row[0]) + 300 <= one.time]
        assert one.price == known[-1][1]
        if one.volume_24h is not None:
            day = [r for r in known if epoch(r[0]) + 300 > one.time - DAY]
            assert one.volume_24h == pytest.approx(sum(r[1] * r[2] for r in day))


def test_volume_is_that_of_24_hours_in_dollars_and_unknown_before_they_are_full(
    tmp_path: Path,
) -> None:
    rows = [(START + HOUR * n, 2.0, 10.0 + (n == 30)) for n in range(40)]
    told = prices(write(tmp_path / "BTC.csv", HEADER, rows))
    assert [one.volume_24h for one in told[:23]] == [None] * 23
    assert told[23].volume_24h == pytest.approx(24 * 20)
    assert told[30].volume_24h == pytest.approx(24 * 20 + 2)


def test_a_gap_is_a_gap(tmp_path: Path) -> None:
    rows = candles(60)
    told = prices(write(tmp_path / "BTC.csv", HEADER, rows[:20] + rows[26:]))
    missing = {START + HOUR * n for n in range(21, 27)}
    assert missing.isdisjoint(one.time for one in told)
    assert len(told) == 54


def test_unsorted_rows_are_sorted(tmp_path: Path) -> None:
    rows = candles(10)
    whole = prices(write(tmp_path / "BTC.csv", HEADER, rows))
    assert prices(write(tmp_path / "BTC.csv", HEADER, rows[::-1])) == whole


def test_rows_that_cannot_be_used_are_left_out_and_counted_by_reason(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [*candles(6)]
    bad = [rows[2], ("yesterday", 1, 1), (at(9), 0, 1), (at(10), "inf", 1), (at(11), 1, -1)]
    found = loaded(write(tmp_path / "BTC.csv.gz", HEADER, [*rows, *bad, ("x",)]))
    assert len(found.history.assets[0].prices) == 6
    assert sorted(found.notes) == [
        "BTC.csv.gz: 1 rows left out, same time twice",
        "BTC.csv.gz: 2 rows left out, not readable",
        "BTC.csv.gz: 3 rows left out, price or volume impossible",
    ]


def test_times_may_be_epochs_in_seconds_or_milliseconds(tmp_path: Path) -> None:
    texts = candles(4)
    seconds = [(epoch(time), price, volume) for time, price, volume in texts]
    thousands = [(1000 * time, price, volume) for time, price, volume in seconds]
    first, *others = (
        prices(write(tmp_path / "BTC.csv", HEADER, rows)) for rows in (texts, seconds, thousands)
    )
    assert others == [first, first]


def test_the_asset_is_named_by_a_column_or_by_the_files_name(tmp_path: Path) -> None:
    rows = [(*row, symbol) for symbol in ("eth", "ZZZ") for row in candles(3)]
    two = write(tmp_path / "exchange.csv", f"{HEADER},symbol", rows)
    found = loaded(two, write(tmp_path / "BTC_USDT_1h.csv", HEADER, candles(3)))
    assert [(one.symbol, one.asset_id) for one in found.history.assets] == [
        ("BTC", "bitcoin"), ("ETH", "ethereum"), ("ZZZ", "zzz"),
    ]  # fmt: skip


def test_of_two_files_of_an_asset_the_finer_one_counts_from_its_beginning(tmp_path: Path) -> None:
    coarse = write(tmp_path / "BTC_1h.csv", HEADER, candles(48, seed=1))
    fine = write(tmp_path / "BTC_5m.csv", HEADER, candles(36, seed=2, step=300, start=START + DAY))
    told = prices(coarse, fine)
    gaps = {b.time - a.time for a, b in pairwise(told)}
    assert gaps == {HOUR, QUARTER}
    assert [one for one in told if one.time <= START + DAY] == prices(coarse)[:24]
    later = {one.time: one.price for one in told if one.time > START + DAY}
    assert later == {one.time: one.price for one in prices(fine)}
    assert told[-1].volume_24h is not None


def test_headlines_become_stories_of_their_assets_with_a_tone(tmp_path: Path) -> None:
    write(tmp_path / "BTC.csv", HEADER, candles(48))
    write(tmp_path / "ETH.csv", HEADER, candles(48))
    news = [
        (when(5, 100), "Bitcoin surges to a record high", "a.example"),
        (when(6, 100), "Ethereum hacked: exploit drains $80 million", "b.example"),
        (when(7, 100), "Ripple wins in court", "b.example"),
        (when(500, 0), "Bitcoin after the end of the prices", "b.example"),
    ]
    write(tmp_path / "headlines_x.csv.gz", "published_utc,title,source", news)
    found = loaded(*tmp_path.iterdir())
    by_symbol = {one.symbol: list(one.stories) for one in found.history.assets}
    (good,), (bad,) = by_symbol["BTC"], by_symbol["ETH"]
    assert good.tone > 0 > bad.tone
    assert (good.time, good.tick, good.source) == (at(5) + 100, at(6), "a.example")
    assert any("3 of 4 headlines" in note and "2 times" in note for note in found.notes)


def test_a_headline_that_is_repeated_counts_once(tmp_path: Path) -> None:
    write(tmp_path / "BTC.csv", HEADER, candles(48))
    title = "Bitcoin miner Marathon buys $150 million of bitcoin from a hedge fund"
    news = [(when(n, 60), title, f"{n}.example", f"https://{n}.example/a") for n in (5, 6, 7)]
    write(tmp_path / "news.csv", "time,title,source,link", news)
    (asset,) = loaded(*tmp_path.iterdir()).history.assets
    assert len(asset.stories) == 1


def test_a_folder_of_other_tables_says_what_is_wanted(tmp_path: Path) -> None:
    write(tmp_path / "users.csv", "id,name", [(1, "x")])
    with pytest.raises(BadInputError) as caught:
        loaded(*tmp_path.iterdir())
    assert "timestamp, close (or price) and volume" in str(caught.value)
    assert "users.csv has id, name" in str(caught.value)


def test_a_table_that_is_no_history_beside_one_that_is_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "users.csv", "id,name", [(1, "x")])
    write(tmp_path / "BTC.csv", HEADER, candles(3))
    assert loaded(*tmp_path.iterdir()).notes == ["users.csv has id, name: passed over"]


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("BTC.csv", b"", "no usable price in 1 CSV files"),
        ("BTC.csv", b"timestamp,close,volume\n", "no usable price"),
        ("BTC.csv", b"timestamp,close,volume\n1760054400,1,1\n", "the interval is unknown"),
        ("BTC.csv", b"\xff\xfe\x00", "not readable as CSV in UTF-8"),
        ("BTC.csv.gz", b"timestamp,close,volume\n", "not readable as CSV"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(
    tmp_path: Path, name: str, body: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(body)
    with pytest.raises(BadInputError, match=said):
        loaded(tmp_path / name)
