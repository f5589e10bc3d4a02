import csv
import json
import random
from pathlib import Path

import numpy as np
import pytest

from collection.news import sentiment_weights
from collection.news.sentiment_features import SLOTS
from tools.quality import train_sentiment
from tools.quality.logistic import balanced, fit, softmax
from tools.quality.rows import BadInputError, key, read_own_labels, read_titles
from tools.quality.scores import reliability
from tools.quality.splits import blocks, groups
from tools.quality.vectors import word_vectors

COINS = ["Alpha", "Beta", "Gamma", "Delta", "Omega"]
TALES = {1: "{} soars after approval", -1: "{} plunges after hack", 0: "What is {}?"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rng = random.Random(3)
    path = tmp_path / "sentiment.jsonl"
    rows = []
    for number in range(90):
        label = rng.choice((-1, 0, 1))
        text = TALES[label].format(rng.choice(COINS)) + f" in zone{number}"
        rows.append({"text": text, "y": label, "src": ("cryptolin-old70", "twfin-val")[number % 2]})
    rows.append({"text": "Sales rose", "y": 1, "src": "fpb50"})
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def headlines(tmp_path: Path) -> Path:
    path = tmp_path / "headlines.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["published_utc", "title"])
        for number in range(40):
            writer.writerow(["2021-01-01T00:00:00Z", f"{COINS[number % 5]} climbs &amp; rallies"])
            writer.writerow(["2021-01-01T00:00:00Z", f"{COINS[number % 5]} sinks after exploit"])
    return path


def train(data: Path, headlines: Path, out: Path, *more: str) -> str:
    arguments = ["--data", str(data), "--headlines", str(headlines), "--out", str(out), *more]
    assert train_sentiment.main(arguments) == 0
    return out.read_text()


def test_the_same_data_make_the_same_weights(data: Path, headlines: Path, tmp_path: Path) -> None:
    one = train(data, headlines, tmp_path / "one.py", "--quick")
    assert train(data, headlines, tmp_path / "two.py", "--quick") == one


def test_other_labels_make_other_weights(data: Path, headlines: Path, tmp_path: Path) -> None:
    one = train(data, headlines, tmp_path / "one.py", "--quick")
    data.write_text(data.read_text().replace('"y": -1', '"y": 1'))
    assert train(data, headlines, tmp_path / "two.py", "--quick") != one


def test_sets_that_may_not_be_shipped_are_not_learnt_from(data: Path, headlines: Path) -> None:
    rows, _ = train_sentiment.gather(data, [headlines])
    assert {row.kind for row in rows} == {"cryptolin-old70", "twfin-val"}


def test_held_back_figures_are_printed(
    data: Path, headlines: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train(data, headlines, tmp_path / "one.py")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    figures = [line for line in lines if "held_back" in line]
    assert len(figures) == 2
    assert all(line["macro_f1"] > 0.8 for line in figures)  # three plain patterns


def test_the_shipped_weights_have_the_form_that_is_written(
    data: Path, headlines: Path, tmp_path: Path
) -> None:
    written: dict[str, object] = {}
    exec(train(data, headlines, tmp_path / "one.py", "--quick"), written)
    public = {name for name in written if name.isupper()}
    assert public == {name for name in vars(sentiment_weights) if name.isupper()}
    assert set(sentiment_weights.SCALES) == set(SLOTS)


def test_the_shipped_weights_are_small() -> None:
    file = sentiment_weights.__file__
    assert file is not None
    assert Path(file).stat().st_size <= 100_000


def test_a_file_without_rows_to_learn_from_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "sentiment.jsonl"
    path.write_text('{"text": "Sales rose", "y": 1, "src": "fpb50"}\n')
    assert train_sentiment.main(["--data", str(path)]) == 2
    assert "no rows of" in capsys.readouterr().err


def test_a_headlines_file_without_titles_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "headlines.csv"
    path.write_text("when,what\n1,2\n")
    with pytest.raises(BadInputError, match="no column title"):
        read_titles(path)


def test_own_labels_are_labels_and_are_found_by_title(tmp_path: Path) -> None:
    assert set(read_own_labels(train_sentiment.OWN_LABELS).values()) == {-1, 0, 1}
    path = tmp_path / "labels.txt"
    path.write_text(f"# a comment\n{key('Ether rises'):08x} 1\n")
    assert read_own_labels(path) == {key("Ether rises"): 1}


def test_own_labels_of_near_duplicates_of_crypto_headlines_are_not_learnt_from(
    data: Path, headlines: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with data.open("a") as file:
        row = {"text": "Alpha climbs & rallies now", "y": 1, "src": "cryptolin-old70"}
        file.write(json.dumps(row) + "\n")
    titles = ["Alpha climbs & rallies", "Alpha sinks after exploit"]
    labels = tmp_path / "labels.txt"
    labels.write_text("".join(f"{key(title):08x} 0\n" for title in titles))
    monkeypatch.setattr(train_sentiment, "OWN_LABELS", labels)
    rows, _ = train_sentiment.gather(data, [headlines])
    assert [row.text for row in rows if row.kind == "own"] == titles[1:]


def test_the_fit_is_at_the_bottom_of_its_loss() -> None:
    rng = np.random.default_rng(1)
    texts = rng.standard_normal((60, 8)).astype(np.float32)
    labels = rng.integers(-1, 2, 60)
    gram, weights = texts @ texts.T, np.ones(60, np.float32)
    found = fit(gram, labels, weights)
    wanted = np.eye(3)[labels + 1].astype(np.float32)
    slope = weights[:, None] * (softmax((gram @ found).astype(np.float32)) - wanted) + found
    assert np.abs(texts.T @ slope).max() < 1e-2


def test_balanced_weights_give_every_label_of_a_kind_the_same_say() -> None:
    labels, kinds = np.array([1, 1, 1, 0, -1, 1, 0, -1]), np.array([0, 0, 0, 0, 0, 1, 1, 1])
    weights = balanced(labels, kinds, {0: 1.0, 1: 0.5})
    for kind, worth in ((0, 5.0), (1, 1.5)):
        for label in (-1, 0, 1):
            assert weights[(labels == label) & (kinds == kind)].sum() == pytest.approx(worth / 3)


def test_less_even_weights_give_a_frequent_label_more_say_but_its_texts_less() -> None:
    labels, kinds = np.array([1] * 6 + [0] * 3 + [-1]), np.zeros(10, np.int64)
    say = [balanced(labels, kinds, {0: 2.0}, 0.5)[labels == label] for label in (1, 0, -1)]
    assert sum(part.sum() for part in say) == pytest.approx(20)
    assert say[0].sum() > say[1].sum() > say[2].sum()
    assert say[0][0] < say[1][0] < say[2][0]


def test_words_in_like_company_have_like_vectors() -> None:
    texts = [[name, verb, "on", day] for name in "abcdef" for verb in ("rises", "climbs")
             for day in "xyz"] + [["court", "hears", "the", "case"]] * 12  # fmt: skip
    known, vectors = word_vectors(texts, 2, 6)
    place = {word: at for at, word in enumerate(known)}

    def alike(one: str, two: str) -> float:
        a, b = vectors[place[one]], vectors[place[two]]
        return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))

    assert alike("rises", "climbs") > 0.9 > alike("rises", "hears")


def test_near_duplicates_are_never_on_both_sides() -> None:
    texts = ["Alpha exchange halts withdrawals today", "Beta wallet raises money", "Gamma",
             "Alpha exchange halts withdrawals"]  # fmt: skip
    near = groups(texts)
    assert near[0] == near[3] != near[1]
    sides = [(set(asked.tolist()), set(learnt.tolist())) for asked, learnt in blocks(near, 2)]
    assert sides == [({0, 1}, {2}), ({2, 3}, {1})]


def test_sure_scores_that_are_often_wrong_are_made_less_sure() -> None:
    rng = np.random.default_rng(2)
    labels = rng.integers(-1, 2, 3000)
    honest = np.log(np.full((3000, 3), 0.2, np.float32))
    guess = np.where(rng.random(3000) < 0.6, labels, rng.integers(-1, 2, 3000))
    honest[np.arange(3000), guess + 1] = np.log(0.6)
    slope, error = reliability(softmax, honest * 2, labels, np.ones(3000, np.float32))
    assert slope < 1
    assert error < 0.05
