import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from collection.news.entities import default_dictionary
from collection.news.sentiment import label
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


def test_sets_that_cannot_be_measured_yet_are_named(
    data: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(data / "nab.jsonl", [{"name": "a"}])
    put(data / "pump_15s.jsonl.gz", [{"name": "a"}])
    assert run(data, out, capsys) == [
        {"set": "nab", "skipped": "no evaluation yet"},
        {"set": "pump_15s", "skipped": "no evaluation yet"},
    ]


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
