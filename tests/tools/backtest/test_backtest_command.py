"""The command: what it prints of a history, for people and programs, and the page it writes."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.tools.backtest.histories import SYMBOLS, candles, market, write
from tools.backtest.__main__ import main
from tools.system.layout import PROJECT

DAYS = 12


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return market(tmp_path_factory.mktemp("market"), 24 * DAYS)


def run(data: Path, out: Path, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    assert main(["--data", str(data), "--out", str(out), *more]) == 0
    return capsys.readouterr().out


def lines_of(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_it_says_how_often_each_detector_fires_and_what_came_of_it(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = run(folder, tmp_path / "page.html", capsys)
    assert text.startswith("CSV of 12 assets, 2025-10-10T01:00:00Z to 2025-10-22T00:00:00Z, 288")
    part = text[text.index("price_anomaly") :].split("\n\n")[0]
    for word in ("events", "median", "told", "claimed", "base rate", "24 h", "µs each"):
        assert word in part
    assert "source_trouble" not in text, "one exchange cannot be compared with others"


def test_each_json_line_is_one_history_detector_or_horizon(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = lines_of(run(folder, tmp_path / "page.html", capsys, "--json"))
    assert lines[0]["about"] == "history"
    assert (lines[0]["assets"], lines[0]["ticks"]) == (len(SYMBOLS), 24 * DAYS)
    detectors = {one["name"]: one for one in lines if one["about"] == "detector"}
    horizons = [one for one in lines if one["about"] == "horizon"]
    assert len(horizons) == 3 * len(detectors)
    anomalies = detectors["price_anomaly"]
    # Each of the twelve coins jumps every other day, once two days are over.
    assert 40 <= anomalies["signals"] <= 80
    assert anomalies["events"]["median"] == pytest.approx(5 / DAYS, abs=0.1)
    assert anomalies["latency"] == {"median": 0.0, "p95": 0.0, "since_onset_median": 3600.0}
    hour = next(one for one in horizons if (one["name"], one["horizon"]) == ("price_anomaly", 3600))
    record = hour["record"]
    assert record["n"] > 40
    assert record["share"] == pytest.approx(record["hits"] / record["n"], abs=1e-5)
    assert record["interval"][0] <= record["share"] <= record["interval"][1]
    # The jumps are followed by nothing: what claims so must not be said to have an edge.
    assert hour["edge"] != "edge"
    assert list(hour["returns"]) == ["0.05", "0.25", "0.5", "0.75", "0.95"]
    assert sorted(hour["returns"].values()) == list(hour["returns"].values())


def test_the_same_history_gives_the_same_report_and_page(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pages, reports = [], []
    for name in ("a.html", "b.html"):
        lines = lines_of(run(folder, tmp_path / name, capsys, "--json"))
        for one in lines:
            one.pop("microseconds_a_point", None)
        reports.append(lines)
        pages.append((tmp_path / name).read_text("utf-8"))
    assert reports[0] == reports[1]
    assert pages[0] == pages[1]


def test_the_page_stands_by_itself(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "page.html"
    run(folder, out, capsys)
    page = out.read_text("utf-8")
    assert not re.search(r"https?://|src=|@import|url\(", page)
    assert "Price anomaly" in page
    drawings = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(drawings) >= 3 + 4
    assert page.count("<title>") > 40, "signals are marked, and say what they are"
    assert not re.search(r"\bnan\b|\binf\b", page)


def test_names_from_a_file_do_not_become_markup(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [(*row, "<B>X") for row in candles(100, jumps=(60, 80))]
    write(tmp_path / "x.csv", "timestamp,close,volume,symbol", rows)
    run(tmp_path, tmp_path / "page.html", capsys)
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "&lt;B&gt;X" in page
    assert "<B>" not in page


def test_a_history_without_a_signal_is_a_report_without_plots(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "BTC.csv", "timestamp,close,volume", candles(30))
    text = run(tmp_path, tmp_path / "page.html", capsys)
    assert "price_anomaly (version 2): 0 signals" in text
    assert "Found nothing: depeg" in (tmp_path / "page.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: None, "there is no such file or folder"),
        (lambda path: path.mkdir(), "nothing to walk over: no *.csv or *.csv.gz"),
        (lambda path: write(path, "a,b", []), "nothing to walk over"),
    ],
    ids=["missing", "empty folder", "no history"],
)
def test_input_that_cannot_be_used_says_what_would_be(
    make: Any, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path / "data")
    assert main(["--data", str(tmp_path / "data"), "--out", str(tmp_path / "page.html")]) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.out == ""
    assert not (tmp_path / "page.html").exists()


def test_every_drawing_is_well_formed(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(folder, tmp_path / "page.html", capsys)
    for drawing in re.findall(r"<svg.*?</svg>", (tmp_path / "page.html").read_text(), re.DOTALL):
        quoted = re.sub(r"=([^'\"\s/>]+)", r"='\1'", drawing)
        assert ElementTree.fromstring(quoted).tag == "svg"


def test_the_command_runs_from_the_checkout_as_make_runs_it(tmp_path: Path) -> None:
    write(tmp_path / "BTC.csv", "timestamp,close,volume", candles(30))
    command = [sys.executable, "-m", "tools.backtest", "--data", str(tmp_path)]
    done = subprocess.run(
        [*command, "--out", str(tmp_path / "page.html"), "--json"],
        cwd=PROJECT, capture_output=True, text=True, check=True, env={},
    )  # fmt: skip
    assert json.loads(done.stdout.splitlines()[0])["assets"] == 1
