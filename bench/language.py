"""Tone and entities of texts: how often right, and the time a text takes.

On the labelled sets of ../shared/data/quality when that folder is beside the
checkout, else on the small sets of bench/fixtures, which are of our own
writing. Two of the sources are what the weights were learnt from: their
figures say that the model has learnt, not that it is right, and their lines
say so. Held-back figures come from tools/quality/train_sentiment.py.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.report import Line
from bench.stage import say
from tools.quality.evaluate import Figures, evaluate
from tools.quality.train_sentiment import CRYPTO, STOCKS
from tools.system.layout import PROJECT

SHARED = PROJECT.parent / "shared" / "data" / "quality"
FIXTURES = Path(__file__).parent / "fixtures"
PARTS = ("sentiment", "entities")
LEARNT = "in sample: the weights were learnt from these texts"
MIXED = "in part in sample: two of the sources were learnt from"
UNSEEN = "never learnt from, other kinds of text than crypto headlines"
WRITTEN = "texts of our own writing, never learnt from"


def measure() -> Iterator[Line]:
    """Yield what the language code gets right on every labelled set, and its speed."""
    say("tone and entities of labelled texts")
    shared = SHARED.is_dir()
    with tempfile.TemporaryDirectory() as folder:
        data, out = Path(folder, "data"), Path(folder, "out")
        data.mkdir()
        for path in sorted((SHARED if shared else FIXTURES).iterdir()):
            if path.name.startswith(PARTS):
                (data / path.name).symlink_to(path)
        for figures in evaluate(data, out):
            yield from _lines(figures, shared)


def _lines(figures: Figures, shared: bool) -> Iterator[Line]:
    part = str(figures["file"]).split(".")[0]
    if "microseconds_per_text" in figures:
        note = f"{figures['texts']} texts"
        yield Line(f"{part}_us_per_text", figures["microseconds_per_text"], "us", note=note)
    elif figures["set"] == "sentiment":
        source, note = figures["source"], f"{figures['n']} texts; {_origin(figures, shared)}"
        if source != "?":  # rows without a source are all of them
            yield Line(f"sentiment_accuracy_{source}", figures["accuracy"], "share", note=note)
            yield Line(f"sentiment_macro_f1_{source}", figures["macro_f1"], "F1", note=note)
    elif "value" in figures:
        note = f"{figures['texts']} texts without a coin"
        yield Line("entities_false_per_1000", figures["value"], "coins", note=note)
    else:
        kind = str(figures["kind"]).replace(" ", "_")
        for measure_ in ("precision", "recall", "f1"):
            if measure_ in figures:
                origin = None if shared else WRITTEN
                yield Line(f"entities_{kind}_{measure_}", figures[measure_], "share", note=origin)


def _origin(figures: Figures, shared: bool) -> str:
    if not shared:
        return WRITTEN
    if figures["source"] == "all":
        return MIXED
    return LEARNT if figures["source"] in (CRYPTO, STOCKS) else UNSEEN
