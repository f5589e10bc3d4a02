"""Texts as the model sees them, and how alike two texts are (the Gram matrix).

Each block of features (words, their pieces, pairs, marks, vectors) is brought
to the same size and then given a strength, which decides how much of the
explaining it may do. Rare features are stronger by their log-rarity.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from collection.news.sentiment_features import (
    SLOTS,
    marks_of,
    slot_of_mark,
    slot_of_pair,
    slots_of_word,
    words_of,
)
from tools.quality.logistic import Array
from tools.quality.vectors import word_vectors

# Chosen by held-back macro-F1 over the older four fifths of the crypto headlines; flat around.
STRENGTH = {"words": 1.0, "pieces": 1.5, "pairs": 1.0, "near": 0.7, "far": 0.5, "marks": 0.25}
VECTORS = {"near": (2, 120), "far": (8, 120)}  # window, size
CHUNK = 2048  # columns of a block made dense at a time

Ids = npt.NDArray[np.int64]


class Block:
    """One block of hashed features: a row a text, values at a few of its slots."""

    def __init__(self, name: str, rows: Sequence[Sequence[int]], share: Array) -> None:
        """`rows` are the slots of each text; values are multiplied by its `share`."""
        self.slots = SLOTS[name]
        self.row: Ids = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
        self.slot: Ids = np.array([slot for row in rows for slot in row], np.int64)
        self.texts = len(rows)
        self.value = share[self.row]
        if name != "marks":
            met = np.zeros(self.slots, np.float32)
            np.add.at(met, np.array([s for row in rows for s in set(row)], np.int64), 1)
            self.rarity = np.log(len(rows) / (1 + met)).astype(np.float32)
        else:
            self.rarity = np.ones(self.slots, np.float32)
        self.value = self.value * self.rarity[self.slot]
        self.scale = 1.0
        if name != "marks":
            self.scale = 1 / np.sqrt(self._mean_square())
        self.scale *= STRENGTH[name]

    def _mean_square(self) -> float:
        """Return the mean squared length of a row."""
        cell, place = np.unique(self.row * self.slots + self.slot, return_inverse=True)
        value = np.bincount(place, weights=self.value, minlength=len(cell))
        return max(float((value**2).sum()) / self.texts, 1e-12)

    def gram(self) -> Array:
        """Return the products of all pairs of rows, unscaled."""
        order = np.argsort(self.slot, kind="stable")
        row, slot, value = self.row[order], self.slot[order], self.value[order]
        total: Array = np.zeros((self.texts, self.texts), np.float32)
        used = np.unique(slot)
        for start in range(0, len(used), CHUNK):
            low, high = used[start], used[min(start + CHUNK, len(used)) - 1]
            a, b = np.searchsorted(slot, [low, high + 1])
            dense = np.zeros((self.texts, CHUNK), np.float32)
            np.add.at(dense, (row[a:b], np.searchsorted(used, slot[a:b]) - start), value[a:b])
            total += dense @ dense.T
        return total

    def weights(self, coefficients: Array) -> Array:
        """Return the weight of each slot and label that a fit's coefficients amount to."""
        found: Array = np.zeros((self.slots, 3), np.float32)
        np.add.at(found, self.slot, self.value[:, None] * coefficients[self.row])
        scaled: Array = found * self.rarity[:, None] * self.scale**2
        return scaled


class Design:
    """All blocks of a list of texts."""

    def __init__(self, texts: Sequence[str], unlabelled: Sequence[str]) -> None:
        """`unlabelled` headlines teach vectors of words; without any there are no vectors."""
        self.words = [words_of(text) for text in texts]
        share = np.array([1 / np.sqrt(max(1, len(words))) for words in self.words], np.float32)
        pieces = [[slots_of_word(word) for word in words] for words in self.words]
        self.blocks = {
            "words": Block("words", [[found[0] for found in row] for row in pieces], share),
            "pieces": Block(
                "pieces", [[s for found in row for s in found[1:]] for row in pieces], share
            ),
            "pairs": Block("pairs", [list(_pairs(words)) for words in self.words], share),
            "marks": Block(
                "marks",
                [[slot_of_mark(mark) for mark in marks_of(words)] for words in self.words],
                np.ones(len(texts), np.float32),
            ),
        }
        self.vectors: dict[str, tuple[list[str], Array, Array]] = {}
        if unlabelled:
            corpus = [words_of(text) for text in unlabelled] + self.words
            for name, (window, size) in VECTORS.items():
                self.vectors[name] = self._vectors(name, corpus, window, size, share)

    def _vectors(
        self, name: str, corpus: Sequence[Sequence[str]], window: int, size: int, share: Array
    ) -> tuple[list[str], Array, Array]:
        known, vectors = word_vectors(corpus, window, size)
        place = {word: at for at, word in enumerate(known)}
        rows = np.zeros((len(self.words), vectors.shape[1]), np.float32)
        for at, words in enumerate(self.words):
            ids = [place[word] for word in words if word in place]
            rows[at] = vectors[ids].sum(axis=0) * share[at]
        scale = STRENGTH[name] / np.sqrt(np.mean((rows**2).sum(axis=1)))
        return known, vectors * scale, rows * scale

    def gram(self) -> Array:
        """Return how alike the texts are, two by two."""
        total: Array = sum(
            (block.gram() * np.float32(block.scale**2) for block in self.blocks.values()),
            np.zeros((len(self.words), len(self.words)), np.float32),
        )
        for _, _, rows in self.vectors.values():
            total += rows @ rows.T
        return total

    def weights(self, coefficients: Array) -> dict[str, Array]:
        """Return the tables of the model; vectors dissolve into the words they belong to."""
        tables = {name: block.weights(coefficients) for name, block in self.blocks.items()}
        for known, vectors, rows in self.vectors.values():
            slots = [slots_of_word(word)[0] for word in known]
            np.add.at(tables["words"], slots, vectors @ (rows.T @ coefficients))
        return tables


def _pairs(words: Sequence[str]) -> Iterator[int]:
    for before, word in pairwise(["^", *words]):
        yield slot_of_pair(before, word)
