import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from collection.news.entities import default_dictionary
from collection.news.sentiment import label
from signals import surprise
from tools.quality import evaluate
from tools.quality.scores import macro_f1


def put(path: Path, rows: list[dict[str, Any]]) -> None:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text)


def run(data: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    assert evaluate.main(["--data", str(data), "--out", str(out)]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def answers(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "out"


def test_tones_are_written_row_for_row_and_scored_by_source(
    data: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = ["Bitcoin soars as inflows surge", "Exchange halts withdrawals after hack"]
    put(data / "sentiment_new.jsonl.gz", [
        {"text": texts[0], "y": 1, "src": "a"}, {"text": texts[1], "y": 0, "src": "b"},
    ])  # fmt: skip
    lines = run(data, out, capsys)
    assert answers(out / "sentiment_new.pred.jsonl") == [{"y": label(text)} for text in texts]
    accuracy = {line["source"]: line["accuracy"] for line in lines if "source" in line}
    assert accuracy == {"all": 0.5, "a": 1.0, "b": 0.0}
    assert lines[-1]["microseconds_per_text"] > 0


def test_coins_are_written_as_spans_and_false_ones_are_counted_apart(
    data: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(data / "entities.jsonl", [
        {"text": "Bitcoin slips", "spans": [[0, 7]]},
        {"text": "Bitcoin slips again", "spans": []},
        {"text": "Nobody knows whycoin", "spans": [[13, 20]]},
    ])  # fmt: skip
    spans, clean, _ = run(data, out, capsys)
    assert [row["spans"] for row in answers(out / "entities.pred.jsonl")] == [
        [[0, 7]],
        [[0, 7]],
        [],
    ]
    assert (spans["precision"], spans["recall"], spans["f1"]) == (1.0, 0.5, 0.6667)
    assert (clean["value"], clean["texts"]) == (1000.0, 1)


def test_linked_entities_are_written_where_they_are_asked_for(
    data: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "SEC sues Coinbase over Bitcoin product"
    put(data / "entities_linked.jsonl", [
        {"text": text, "must": [["COIN", "BTC"], ["EXCHANGE", "Kraken"]],
         "opt": [["EXCHANGE", "Coinbase"]]},
    ])  # fmt: skip
    lines = run(data, out, capsys)
    found = answers(out / "entities_linked.pred.jsonl")[0]["entities"]
    kinds = {mention.entity.kind.upper() for mention in default_dictionary().find(text)}
    assert {kind for kind, _ in found} == (kinds - {"ASSET"}) | {"COIN"}
    assert ["COIN", "BTC"] in found
    linked = {line["kind"]: line for line in lines if "tp" in line}
    assert (linked["linked COIN"]["tp"], linked["linked COIN"]["fn"]) == (1, 0)
    assert (linked["linked EXCHANGE"]["fp"], linked["linked EXCHANGE"]["fn"]) == (0, 1)


def test_anomalies_are_scored_at_the_frozen_threshold_with_the_cost_of_a_point(
    data: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    values = [10.0 + n % 7 for n in range(400)]
    values[300:305] = [90.0] * 5
    times = [1_700_000_000 + 300 * n for n in range(400)]
    row = {"name": "a", "ts": times, "v": values, "windows": [[times[295], times[310]]]}
    put(data / "nab_own.jsonl", [row])
    *profiles, cost = run(data, out, capsys)
    frozen = [line for line in profiles if not line["fitted"]]
    assert [line["profile"] for line in frozen] == ["standard", "low_FP", "low_FN"]
    assert {line["threshold"] for line in frozen} == {surprise.THRESHOLD}
    assert {line["windows_hit"] for line in frozen} == {1}
    ((scores,),) = [answer.values() for answer in answers(out / "nab_own.pred.jsonl")]
    assert len(scores) == 400
    assert scores[300] >= surprise.THRESHOLD
    assert (cost["points"], cost["threshold"]) == (400, surprise.THRESHOLD)
    assert cost["microseconds_per_point"] > 0


def test_pump_events_are_scored_with_the_cost_of_a_bar(
    data: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bars = 4 * 240 + 400
    quiet = {"px": [1.0 + n % 3 * 1e-4 for n in range(bars)], "vol": [1.0] * bars,
             "buy": [0.5] * bars, "n": [2] * bars}  # fmt: skip
    put(data / "pump_own.jsonl.gz", [{"name": "a", "t0": 0, "step": 15, "events": [], **quiet}])
    scored, cost = run(data, out, capsys)
    assert (scored["events"], scored["false_per_market_day"]) == (0, 0.0)
    assert answers(out / "pump_own.pred.jsonl") == [{"alerts": []}]
    assert cost["points"] == bars


@pytest.mark.parametrize(("name", "missing"), [("nab", "ts"), ("pump_15s", "t0")])
def test_a_row_that_lacks_something_is_named(
    data: Path, out: Path, capsys: pytest.CaptureFixture[str], name: str, missing: str
) -> None:
    put(data / f"{name}.jsonl", [{"name": "a"}])
    assert evaluate.main(["--data", str(data), "--out", str(out)]) == 2
    assert f"row 1 has no {missing}" in capsys.readouterr().err


def test_other_files_are_left_alone(
    data: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "README.md").write_text("sentiment")
    put(data / "others.jsonl", [{"a": 1}])
    assert run(data, out, capsys) == []
    assert list(out.iterdir()) == []


def test_a_folder_that_is_missing_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--data", str(tmp_path / "none"), "--out", str(tmp_path / "out")]
    assert evaluate.main(arguments) == 2
    assert capsys.readouterr().err.splitlines() == [f"{tmp_path / 'none'}: no such folder"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"text": "a", "y": 1}\n{oops\n', "sentiment.jsonl:2: not JSON"),
        (b"[1]\n", "sentiment.jsonl:1: not an object"),
        (b'{"y": 1}\n', "sentiment.jsonl: row 1 has no text"),
        (b'{"text": "a", "y": 1}\n{"text": "b"}\n', "sentiment.jsonl: row 2 has no y"),
        (b"\xff\xfe", "sentiment.jsonl: 'utf-8' codec"),
    ],
)
def test_bad_rows_are_said_in_one_line(
    data: Path, out: Path, content: bytes, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "sentiment.jsonl").write_bytes(content)
    assert evaluate.main(["--data", str(data), "--out", str(out)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


def test_a_file_that_is_not_gzip_is_said(
    data: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "sentiment.jsonl.gz").write_bytes(b"plain")
    assert evaluate.main(["--data", str(data), "--out", str(out)]) == 2
    assert "sentiment.jsonl.gz" in capsys.readouterr().err


def test_an_empty_set_has_no_scores(
    data: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(data / "sentiment.jsonl", [])
    (line,) = run(data, out, capsys)
    assert line["texts"] == 0
    assert (out / "sentiment.pred.jsonl").read_text() == ""


def test_macro_f1_is_the_mean_over_the_labels_that_occur() -> None:
    assert macro_f1([1, 1, -1, -1], [1, 1, -1, -1]) == 1
    assert macro_f1([1, 1, -1, -1], [1, -1, -1, -1]) == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert macro_f1([1, 1], [0, 0]) == 0
