"""Parts of headlines to hold back: whole stretches of time, without near-duplicates outside."""

import re
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

ALIKE = 0.6  # of the words of two titles, to count as the same story
_word = re.compile(r"[a-z]{3,}")
Ids = npt.NDArray[np.int64]


def groups(texts: Sequence[str]) -> Ids:
    """Return a number for each text that near-duplicates share."""
    words = _words(texts)
    group = list(range(len(texts)))
    for one, first in enumerate(words):
        for two in range(one + 1, len(words)):
            second = words[two]
            if _alike(first, second):
                old, new = group[two], group[one]
                group = [new if number == old else number for number in group]
    return np.array(group, np.int64)


def met_before(texts: Sequence[str], others: Sequence[str]) -> list[bool]:
    """Whether each text is a near-duplicate of one of the others."""
    known = _words(others)
    return [any(_alike(words, other) for other in known) for words in _words(texts)]


def _words(texts: Sequence[str]) -> list[frozenset[str]]:
    return [frozenset(_word.findall(text.lower())) for text in texts]


def _alike(one: frozenset[str], two: frozenset[str]) -> bool:
    return bool(one) and len(one & two) >= ALIKE * len(one | two)


def blocks(group: Ids, count: int) -> Iterator[tuple[Ids, Ids]]:
    """Yield (held back, learnt) for `count` stretches of rows in their order."""
    rows = np.arange(len(group))
    for asked in np.array_split(rows, count):
        outside = np.ones(len(group), bool)
        outside[asked] = False
        yield asked, rows[outside & ~np.isin(group, group[asked])]
