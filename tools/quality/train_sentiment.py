"""Learn the weights of `collection.news.sentiment` from labelled headlines.

    python -m tools.quality.train_sentiment --data FILE [--headlines FILE ...] [--out FILE]

DATA holds {"text", "y", "src"} rows, the crypto headlines sorted by date. Only sets
whose terms let weights be shipped are learnt from. Headlines of the CSV files teach
vectors of words, and those with a label in own_labels.txt are learnt from as well,
but for near-duplicates of crypto headlines, which would spoil what is held back.
Prints held-back figures: what they are measured on was not learnt from for them. The
weights that are written are learnt from everything.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tools.quality.design import Design
from tools.quality.logistic import Array, balanced, fit, softmax
from tools.quality.rows import (
    BadInputError,
    Labelled,
    key,
    read_lines,
    read_own_labels,
    read_titles,
)
from tools.quality.scores import macro_f1, reliability
from tools.quality.splits import blocks, groups, met_before
from tools.quality.weights_file import write

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "src/collection/news/sentiment_weights.py"
OWN_LABELS = Path(__file__).with_name("own_labels.txt")
CRYPTO, OWN, STOCKS = "cryptolin-old70", "own", "twfin-val"
KINDS = {CRYPTO: 0, OWN: 1, STOCKS: 2}
WORTH = {0: 1.0, 1: 1.0, 2: 0.2}  # of a text of that kind, against a crypto headline
FREEDOM = 0.1  # scale of the Gram matrix: less is a stronger penalty
APART = 1.0  # strength of weights that only texts of one kind share, against common ones
BASE = 0.4  # strength of a kind's own bias
EVENNESS = 0.7  # of the labels' say, from 0 as often as they occur to 1 all alike
NEWEST = 0.2  # share of the crypto headlines that is measured last
FOLDS = 5

Ids = npt.NDArray[np.int64]


class Lesson:
    """Texts to learn from, how alike they are, and fits to any part of them."""

    def __init__(self, rows: Sequence[Labelled], unlabelled: Sequence[str]) -> None:
        """`unlabelled` headlines teach vectors of words only."""
        self.labels: Ids = np.array([row.label for row in rows], np.int64)
        self.kinds: Ids = np.array([KINDS[row.kind] for row in rows], np.int64)
        self.design = Design([row.text for row in rows], unlabelled)
        self.alike = self.design.gram()

    def coefficients(self, rows: Ids) -> Array:
        """Return the coefficients of a fit to `rows`."""
        labels, kinds = self.labels[rows], self.kinds[rows]
        weights = balanced(labels, kinds, WORTH, EVENNESS)
        return fit(self._gram(rows, kinds, rows), labels, weights)

    def scores(self, learnt: Ids, asked: Ids) -> Array:
        """Return the scores of rows, taken for crypto headlines, by a fit to other rows."""
        as_crypto = np.full(len(asked), KINDS[CRYPTO])
        found: Array = self._gram(asked, as_crypto, learnt) @ self.coefficients(learnt)
        return found

    def _gram(self, asked: Ids, kinds: Ids, learnt: Ids) -> Array:
        same = (kinds[:, None] == self.kinds[learnt][None, :]).astype(np.float32)
        mixed: Array = self.alike[np.ix_(asked, learnt)] * (1 + APART * same) + BASE * same
        mixed *= FREEDOM
        return mixed

    def tables(self, coefficients: Array) -> tuple[dict[str, Array], Array]:
        """Return the tables and the bias for crypto headlines, of a fit to all rows."""
        crypto = (self.kinds == KINDS[CRYPTO]).astype(np.float32)[:, None]
        tables = self.design.weights(FREEDOM * coefficients * (1 + APART * crypto))
        bias: Array = FREEDOM * BASE * (coefficients * crypto).sum(axis=0)
        return tables, bias


def held_back(lesson: Lesson, crypto: Ids, others: Ids, texts: Sequence[str]) -> Array:
    """Return scores of crypto headlines, each block of dates as learnt without it."""
    found: Array = np.zeros((len(crypto), 3), np.float32)
    for asked, learnt in blocks(groups(texts), FOLDS):
        found[asked] = lesson.scores(np.concatenate([crypto[learnt], others]), crypto[asked])
    return found


def report(what: str, labels: Ids, scores: Array) -> None:
    """Print a line of figures."""
    chosen = scores.argmax(axis=1) - 1
    parts = [
        macro_f1(labels[part].tolist(), chosen[part].tolist())
        for part in np.array_split(np.arange(len(labels)), FOLDS)
    ]
    line = {
        "held_back": what,
        "n": len(labels),
        "accuracy": round(float((chosen == labels).mean()), 4),
        "macro_f1": round(macro_f1(labels.tolist(), chosen.tolist()), 4),
        "standard_error": round(float(np.std(parts, ddof=1)) / FOLDS**0.5, 4),
    }
    print(json.dumps(line), flush=True)


def measure(lesson: Lesson, rows: Sequence[Labelled], latest: frozenset[str]) -> float:
    """Print held-back figures and return the slope that makes probabilities of scores."""
    crypto = np.flatnonzero(lesson.kinds == KINDS[CRYPTO])
    others = np.flatnonzero(lesson.kinds != KINDS[CRYPTO])
    older, newest = np.split(crypto, [round(len(crypto) * (1 - NEWEST))])
    labels = lesson.labels
    scores = held_back(lesson, older, others, [rows[int(row)].text for row in older])
    report(f"older crypto headlines, {FOLDS} blocks of dates", labels[older], scores)
    weights = balanced(labels[older], np.zeros(len(older), np.int64), {0: 1.0}, EVENNESS)
    slope, error = reliability(softmax, scores, labels[older], weights)
    print(json.dumps({"slope": slope, "expected_calibration_error": round(error, 4)}))
    scores = lesson.scores(np.concatenate([older, others]), newest)
    report("newest crypto headlines, learnt from the older", labels[newest], scores)
    fresh = np.array([row.kind == OWN and row.text in latest for row in rows])
    if fresh.any():
        scores = lesson.scores(np.flatnonzero(~fresh), np.flatnonzero(fresh))
        report("own labels of the last headlines file", labels[fresh], scores)
    return slope


def learn(
    rows: Sequence[Labelled], unlabelled: Sequence[str]
) -> tuple[Lesson, dict[str, Array], Array]:
    """Return the lesson, and the tables and the bias of a fit to all of it."""
    lesson = Lesson(rows, unlabelled)
    return lesson, *lesson.tables(lesson.coefficients(np.arange(len(rows))))


def gather(data: Path, headlines: Sequence[Path]) -> tuple[list[Labelled], list[str]]:
    """Return labelled rows that may be learnt from, and all headlines. Raises BadInputError."""
    rows = [
        Labelled(str(row["text"]), int(row["y"]), str(row["src"]))
        for row in read_lines(data)
        if row.get("src") in (CRYPTO, STOCKS)
    ]
    if not rows:
        raise BadInputError(f"{data}: no rows of {CRYPTO} or {STOCKS}")
    titles = list(dict.fromkeys(title for path in headlines for title in read_titles(path)))
    own = read_own_labels(OWN_LABELS)
    chosen = [title for title in titles if key(title) in own]
    repeated = met_before(chosen, [row.text for row in rows if row.kind == CRYPTO])
    rows += [
        Labelled(title, own[key(title)], OWN)
        for title, again in zip(chosen, repeated, strict=True)
        if not again
    ]
    return rows, titles


def main(arguments: Sequence[str] | None = None) -> int:
    """Run. Returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.quality.train_sentiment",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--headlines", type=Path, nargs="*", default=[])
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--quick", action="store_true", help="fit only, without held-back figures")
    given = parser.parse_args(arguments)
    try:
        rows, titles = gather(given.data, given.headlines)
    except BadInputError as error:
        print(error, file=sys.stderr)
        return 2
    lesson, tables, bias = learn(rows, titles)
    latest = frozenset(read_titles(given.headlines[-1]) if len(given.headlines) > 1 else ())
    slope = 1.0 if given.quick else measure(lesson, rows, latest)
    print(json.dumps({"written": given.out.name, "bytes": write(given.out, tables, bias, slope)}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
