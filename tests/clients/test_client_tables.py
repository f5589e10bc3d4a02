"""Rows as tables: flat, as CSV, as what a notebook draws."""

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from cryptointel import Client, plot, to_csv, to_rows

ROWS = [
    {"symbol": "BTC", "statistic": {"value": 8.5, "name": "z"}, "sources": ["a", "b"]},
    {"symbol": "ETH", "hit": None},
]


def test_what_is_nested_gets_a_column_of_its_own_and_every_row_has_every_column() -> None:
    assert to_rows(ROWS) == [
        {
            "symbol": "BTC", "statistic.value": 8.5, "statistic.name": "z",
            "sources": '["a", "b"]', "hit": None,
        },
        {
            "symbol": "ETH", "statistic.value": None, "statistic.name": None, "sources": None,
            "hit": None,
        },
    ]  # fmt: skip


def test_rows_of_dataclasses_are_rows_and_anything_else_is_not() -> None:
    @dataclass
    class Row:
        symbol: str

    assert to_rows([Row("BTC")]) == [{"symbol": "BTC"}]
    with pytest.raises(TypeError, match="not str"):
        to_rows(["BTC"])


def test_csv_is_read_back_as_it_was(client: Client) -> None:
    told = client.signals(limit=5)
    back = list(csv.DictReader(io.StringIO(told.to_csv())))
    assert [row["id"] for row in back] == [signal["id"] for signal in told]
    assert back[0]["explanation"] == told[0]["explanation"]
    assert to_csv([]) == ""


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_cell_of_a_csv_is_run_by_a_spreadsheet(text: str) -> None:
    (row,) = csv.DictReader(io.StringIO(to_csv([{"name": text, "change": -1.5}])))
    assert row == {"name": f"'{text}", "change": "-1.5"}


def test_a_plot_of_times_runs_from_the_oldest_to_the_newest(client: Client) -> None:
    bars = client.bars("BTC", "15m", limit=3)
    figure = plot("time", ["open", "close"], data=bars, unit="USD")
    assert figure.axis == "time"
    assert [series.label for series in figure.series] == ["open", "close"]
    newest = datetime.fromisoformat(bars[0]["time"]).timestamp()
    assert figure.series[1].x[-1] == newest
    assert figure.series[1].y[::-1] == [bar["close"] for bar in bars]


def test_numbers_and_names_are_axes_too_and_holes_are_gaps() -> None:
    assert plot([2, 1], [20, None]).series[0].x == [1.0, 2.0]
    assert plot([2, 1], [20, float("nan")]).series[0].y == [None, 20.0]
    named = plot(["pump", "depeg"], [3, 1], kind="bar", title="Signals")
    assert (named.axis, named.series[0].x) == ("category", ["pump", "depeg"])
    assert named.series[0].label == "Signals"


def test_a_figure_grows_and_points_places_out() -> None:
    day = datetime(2026, 11, 22, tzinfo=UTC)
    figure = plot([day], [1]).add([day], [2], label="two", kind="points")
    figure.mark("at", "why", data=[{"at": "2026-11-22T06:00:00Z", "why": "it jumped"}])
    assert [(mark.x, mark.label) for mark in figure.marks] == [
        (day.timestamp() + 21_600, "it jumped")
    ]
    assert figure.to_rows()[1] == {"series": "two", "x": day.timestamp(), "y": 2.0}
    assert figure.mark([], []).marks == figure.marks


@pytest.mark.parametrize(
    ("x", "y", "data", "message"),
    [
        ([1, 2], [1], None, "2 values and y 1"),
        ("time", "price", [{"time": 1, "close": 2}], "no column 'price'; there are time, close"),
        (list(range(200_001)), list(range(200_001)), None, "at most 200,000 points"),
    ],
)
def test_what_cannot_be_drawn_is_refused(x: object, y: object, data: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plot(x, y, data=data)


def test_series_of_another_axis_are_refused() -> None:
    with pytest.raises(ValueError, match="this x is a category, and that of the figure a number"):
        plot([1], [1]).add(["a"], [1])
