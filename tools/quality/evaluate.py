"""Measure detection and language on labelled sets, with the functions that the Workers call.

    python -m tools.quality.evaluate --data DIR --out DIR

For every nab*, pump*, sentiment* and entities*.jsonl[.gz] of DATA it writes
OUT/<name>.pred.jsonl, row for row, and prints its own scores, one JSON object a line:
the three NAB profiles at the frozen threshold (and, `fitted`, at the best one), precision,
recall and F1 of pump events, the tone's accuracy and macro-F1 for each source, precision,
recall and F1 of coin spans and of linked entities, and microseconds a point or text.
Nothing is fitted here.
"""

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from collection.news.entities import Dictionary, Entity, default_dictionary
from collection.news.sentiment import MODEL, label
from signals import surprise
from tools.quality import nab, pumps
from tools.quality.rows import BadInputError, read_lines
from tools.quality.scores import macro_f1, overlaps

Row = dict[str, Any]
Figures = dict[str, Any]


def predict_sentiment(rows: Sequence[Row]) -> list[Row]:
    """Return {"y": -1, 0 or 1} a row."""
    return [{"y": label(row["text"])} for row in rows]


def predict_entities(rows: Sequence[Row]) -> list[Row]:
    """Return {"spans": [[start, end], …]} of coins a row, and linked "entities" where asked."""
    dictionary = default_dictionary()
    found = []
    for row in rows:
        mentions = dictionary.find(row["text"])
        answer: Row = {"spans": [[m.start, m.end] for m in mentions if m.entity.kind == "asset"]}
        if "must" in row or "opt" in row:
            # A coin of no list has no symbol that anybody could have written down.
            listed = (one.entity for one in mentions if "unlisted:" not in one.entity.name)
            answer["entities"] = sorted({link(entity, dictionary) for entity in listed})
        found.append(answer)
    return found


def link(entity: Entity, dictionary: Dictionary) -> tuple[str, str]:
    """Return ("COIN", symbol) for an asset, else the kind in capitals and the name."""
    if entity.kind == "asset":
        return ("COIN", (dictionary.symbol_of(entity.name) or entity.name).upper())
    return (entity.kind.upper(), entity.name)


def score_sentiment(rows: Sequence[Row], predicted: Sequence[Row]) -> Iterator[Figures]:
    """Yield accuracy and macro-F1 over all rows and for each source."""
    sources: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row, answer in zip(rows, predicted, strict=True):
        for source in ("all", row.get("src", "?")):
            sources[source].append((row["y"], answer["y"]))
    for source, pairs in sources.items():
        labels, chosen = [y for y, _ in pairs], [p for _, p in pairs]
        yield {
            "set": "sentiment",
            "source": source,
            "n": len(pairs),
            "accuracy": round(sum(y == p for y, p in pairs) / len(pairs), 4),
            "macro_f1": round(macro_f1(labels, chosen), 4),
        }


def score_entities(rows: Sequence[Row], predicted: Sequence[Row]) -> Iterator[Figures]:
    """Yield scores of coin spans, false coins in texts without any, and linked entities."""
    right = wrong = missed = clean = false = 0
    for row, answer in zip(rows, predicted, strict=True):
        if "spans" not in row:
            continue
        gold, got = row["spans"], answer["spans"]
        if not gold:
            clean, false = clean + 1, false + len(got)
            continue
        hits = sum(any(overlaps(span, one) for one in gold) for span in got)
        right, wrong = right + hits, wrong + len(got) - hits
        missed += sum(not any(overlaps(one, span) for span in got) for one in gold)
    if right + missed:
        yield {
            "set": "entities",
            "kind": "coin spans",
            "precision": round(right / max(1, right + wrong), 4),
            "recall": round(right / (right + missed), 4),
            "f1": f1(right, wrong, missed),
        }
    if clean:
        yield {
            "set": "entities",
            "kind": "false coins per 1,000 texts without any",
            "value": round(1000 * false / clean, 2),
            "texts": clean,
        }
    yield from _score_linked(rows, predicted)


def _score_linked(rows: Sequence[Row], predicted: Sequence[Row]) -> Iterator[Figures]:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row, answer in zip(rows, predicted, strict=True):
        if "must" not in row:
            continue
        must, may = _pairs(row["must"]), _pairs(row.get("opt", ()))
        got = _pairs(answer["entities"])
        for kind in {kind for kind, _ in must | got}:
            wanted = {pair for pair in must if pair[0] == kind}
            found = {pair for pair in got if pair[0] == kind}
            for place, part in enumerate((found & wanted, found - wanted - may, wanted - found)):
                counts[kind][place] += len(part)
    for kind, (tp, fp, fn) in sorted(counts.items()):
        yield {"set": "entities", "kind": f"linked {kind}", "f1": f1(tp, fp, fn), "tp": tp,
               "fp": fp, "fn": fn}  # fmt: skip


def f1(right: int, wrong: int, missed: int) -> float:
    """Return the harmonic mean of precision and recall, to four digits."""
    return round(2 * right / max(1, 2 * right + wrong + missed), 4)


def _pairs(found: Iterable[Sequence[str]]) -> set[tuple[str, str]]:
    return {(kind, name) for kind, name in found}


class Part(NamedTuple):
    """One kind of set: what its rows must hold, how it is predicted and scored.

    `of` is what a row is counted by (its points; the row itself where it is None), `about` is said
    beside the cost.
    """

    keys: tuple[str, ...]
    predict: Callable[[Sequence[Row]], list[Row]]
    score: Callable[[Sequence[Row], Sequence[Row]], Iterator[Figures]]
    of: str | None
    about: Mapping[str, Any]


# By the beginning of a file's name.
PARTS = {
    "nab": Part(nab.KEYS, nab.predict, nab.score, "v", {"threshold": surprise.THRESHOLD}),
    "pump": Part(pumps.KEYS, pumps.predict, pumps.score, "px", {}),
    "sentiment": Part(("text", "y"), predict_sentiment, score_sentiment, None, {"model": MODEL}),
    "entities": Part(("text",), predict_entities, score_entities, None, {"model": MODEL}),
}


def evaluate(data: Path, out: Path) -> Iterator[Figures]:
    """Write the predictions for every set of `data` and yield the scores. Raises BadInputError."""
    if not data.is_dir():
        raise BadInputError(f"{data}: no such folder")
    out.mkdir(parents=True, exist_ok=True)
    for path in sorted(data.iterdir()):
        name = path.name.removesuffix(".gz").removesuffix(".jsonl")
        if not path.name.endswith((".jsonl", ".jsonl.gz")):
            continue
        for beginning, part in PARTS.items():
            if name.startswith(beginning):
                yield from _measure(path, out / f"{name}.pred.jsonl", part)


def _measure(path: Path, target: Path, part: Part) -> Iterator[Figures]:
    rows = read_lines(path)
    for number, row in enumerate(rows, 1):
        if missing := [key for key in part.keys if key not in row]:
            raise BadInputError(f"{path}: row {number} has no {missing[0]}")
    part.predict(rows[:1])  # what is made at the first use is not a text's cost
    began = time.perf_counter()
    predicted = part.predict(rows)
    spent = time.perf_counter() - began
    target.write_text("".join(json.dumps(answer) + "\n" for answer in predicted), encoding="utf-8")
    for figures in part.score(rows, predicted):
        yield {**figures, "file": path.name}
    unit = "point" if part.of else "text"
    count = sum(len(row[part.of]) for row in rows) if part.of else len(rows)
    cost = round(1e6 * spent / max(1, count), 1)
    yield {"file": path.name, f"{unit}s": count, **part.about, f"microseconds_per_{unit}": cost}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run. Returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.quality.evaluate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args(arguments)
    try:
        for figures in evaluate(given.data, given.out):
            print(json.dumps(figures), flush=True)
    except (BadInputError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
