"""The tone of a headline, in [-1, 1].

A logistic regression (multinomial, three classes) over hashed words, pieces of
words, pairs of words and marks of a finance and crypto lexicon, learnt from
labelled headlines by tools/quality/train_sentiment.py: hashing as in
Weinberger et al. (ICML 2009), one copy of the weights for each kind of text as
in Daumé (ACL 2007). It knows no names, numbers or dates, so that it ages
slowly. It is wrong on irony, on who gains from what, and where people
disagree too: near-identical headlines carry the same label three times in four.
"""

from base64 import b85decode
from collections.abc import Sequence
from functools import cache
from math import exp, sqrt
from typing import NamedTuple
from zlib import decompress

from collection.news import sentiment_weights as weights
from collection.news.sentiment_features import (
    SLOTS,
    marks_of,
    slot_of_mark,
    slot_of_pair,
    slots_of_word,
    words_of,
)

MODEL = f"headlines-{weights.VERSION}"

CLEARLY = 0.6  # probability of neutral from which a headline has no tone at all
_KNOWN = 20_000  # words whose scores are kept
Score = tuple[float, float]  # for bad and for good, against neutral


class _Model:
    """The weights, decoded, and the scores of words and marks met before."""

    def __init__(self) -> None:
        bytes_ = memoryview(decompress(b85decode(weights.WEIGHTS))).cast("b")
        self._tables: dict[str, tuple[Sequence[int], float]] = {}
        start = 0
        for name, slots in SLOTS.items():
            self._tables[name] = (bytes_[start : start + 2 * slots], weights.SCALES[name])
            start += 2 * slots
        self._words: dict[str, Score] = {}
        self._marks: dict[str, Score] = {}

    def scores(self, headline: str) -> Score | None:
        """Return the log-odds of bad and of good against neutral; None without any word."""
        words = words_of(headline)
        if not words:
            return None
        bad = good = 0.0
        before = "^"
        pairs, scale = self._tables["pairs"]
        for word in words:
            score = self._words.get(word) or self._score_word(word)
            slot = 2 * slot_of_pair(before, word)
            bad += score[0] + pairs[slot] * scale
            good += score[1] + pairs[slot + 1] * scale
            before = word
        share = 1 / sqrt(len(words))
        bad, good = bad * share + weights.BIAS[0], good * share + weights.BIAS[1]
        for mark in marks_of(words):
            score = self._marks.get(mark) or self._score_mark(mark)
            bad += score[0]
            good += score[1]
        return bad, good

    def _score_word(self, word: str) -> Score:
        own, *pieces = slots_of_word(word)
        table, scale = self._tables["words"]
        bad, good = table[2 * own] * scale, table[2 * own + 1] * scale
        table, scale = self._tables["pieces"]
        bad += scale * sum(table[2 * piece] for piece in pieces)
        good += scale * sum(table[2 * piece + 1] for piece in pieces)
        if len(self._words) >= _KNOWN:
            self._words.clear()
        self._words[word] = bad, good
        return bad, good

    def _score_mark(self, mark: str) -> Score:
        table, scale = self._tables["marks"]
        slot = 2 * slot_of_mark(mark)
        self._marks[mark] = table[slot] * scale, table[slot + 1] * scale
        return self._marks[mark]


@cache
def _model() -> _Model:
    return _Model()


class Chances(NamedTuple):
    """Probabilities of the three labels; they add up to 1."""

    bad: float
    neutral: float
    good: float


def chances(headline: str) -> Chances | None:
    """Return how likely the labels are, were they about as frequent; None without any word."""
    scores = _model().scores(headline)
    if scores is None:
        return None
    bad, good = (exp(max(-30.0, min(30.0, weights.SLOPE * score))) for score in scores)
    total = bad + 1 + good
    return Chances(bad / total, 1 / total, good / total)


def tone(headline: str) -> float:
    """Return P(good) - P(bad) of a headline; 0 if it is empty or clearly neutral."""
    found = chances(headline)
    if found is None or found.neutral >= CLEARLY:
        return 0.0
    return found.good - found.bad


def label(headline: str) -> int:
    """Return 1 for a good headline, -1 for a bad one, 0 for neither."""
    scores = _model().scores(headline)
    if scores is None:
        return 0
    bad, good = scores
    if max(bad, good) <= 0:
        return 0
    return 1 if good >= bad else -1
