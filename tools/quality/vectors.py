"""Vectors of words from what stands around them in unlabelled headlines.

Positive pointwise mutual information with context smoothing 0.75, reduced by a
truncated singular value decomposition: Levy, Goldberg and Dagan, TACL 2015. So
a word that no labelled headline holds gets the tone of its like.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

RARE = 4  # a word met less often has no vector


def word_vectors(
    texts: Sequence[Sequence[str]], window: int, size: int, seed: int = 0
) -> tuple[list[str], Array]:
    """Return the words and their vectors of length 1, times their rarity (log)."""
    count = Counter(word for words in texts for word in words)
    known = sorted(word for word, times in count.items() if times >= RARE)
    place = {word: at for at, word in enumerate(known)}
    together = np.zeros((len(known), len(known)), np.float32)
    for words in texts:
        ids = [place.get(word, -1) for word in words]
        for at, one in enumerate(ids):
            for two in ids[max(0, at - window) : at]:
                if one >= 0 and two >= 0:
                    together[one, two] += 1
                    together[two, one] += 1
    reduced = _reduce(_ppmi(together), size, np.random.default_rng(seed))
    rarity = np.log(len(texts) / np.array([count[word] for word in known], np.float32))
    return known, reduced * rarity[:, None]


def _ppmi(together: Array) -> Array:
    row = together.sum(1)
    smooth = row**0.75
    smooth /= smooth.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        pmi = np.log(together / row[:, None] / smooth[None, :])
    found: Array = np.where(np.isfinite(pmi) & (pmi > 0), pmi, 0).astype(np.float32)
    return found


def _reduce(matrix: Array, size: int, rng: np.random.Generator) -> Array:
    """Randomised range finder with four power iterations (Halko et al., SIAM Review 2011)."""
    size = min(size, len(matrix))
    basis: npt.NDArray[Any] = rng.standard_normal((len(matrix), min(size + 10, len(matrix))))
    for _ in range(4):
        basis = np.linalg.qr(matrix @ basis.astype(np.float32))[0]
    small = basis.T @ matrix
    left, values, _ = np.linalg.svd(small, full_matrices=False)
    vectors = (basis @ left)[:, :size] * np.sqrt(values[:size])
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Array = (vectors / np.maximum(length, 1e-6)).astype(np.float32)
    return scaled
