"""What the model of `sentiment` sees of a headline: its words, and marks that the lexicon makes.

Numbers become 0, $0 or 0%, and names of coins, firms, people, countries and
months one mark each, because who and how much change every year and what
happens does not. Marks are classes of words, one by one (apart when negated)
and in succession, the headline's shape, and its balance of good and bad.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from zlib import crc32

from collection.news.sentiment_balance import balance
from collection.news.sentiment_lexicon import lexicon
from collection.news.sentiment_relief import relieve
from collection.news.sentiment_words import WORDS

# Features are hashed by CRC-32, the same on every platform, into tables of these sizes.
SLOTS = {"words": 2**13, "pieces": 2**14, "pairs": 2**13, "marks": 2**12}
PIECES = (3, 4, 5)
LONGEST = 400  # characters read; a headline is shorter
_token = re.compile(
    r"[$€£¥]?\d[\d.,]*(?:[kmbtx%]|bn|mn)?\b%?|[a-z][a-z0-9]*(?:[-.&][a-z0-9]+)*|[?!:;(|]"
)
_NEGATORS = frozenset(WORDS["no"].split())
_REACH = 4  # words that a negator covers
_NEVER_NEGATED = frozenset(("no", "ask", "guide", "say"))
_STOPS = frozenset(";:!?|")


def words_of(headline: str) -> list[str]:
    """Return the words of a headline in lower case; names, numbers, what is called off masked."""
    names = lexicon().names
    text = headline[:LONGEST].lower().replace("’", "'").replace("‘", "'")
    words = []
    for word in _token.findall(text.replace("'s ", " ").replace("'", "")):
        first = word[0]
        if first in "$€£¥" or first.isdigit():
            words.append(("$0" if first in "$€£¥" else "0") + ("%" if word[-1] == "%" else ""))
        else:
            words.append(names.get(word, word))
    return relieve(words)


def marks_of(words: Sequence[str]) -> list[str]:
    """Return the marks of a headline's words, each once, always in the same order."""
    table, pairs, _ = lexicon()
    marks: list[str] = []
    kinds: list[Sequence[str]] = []
    succession = ["^"]
    negated = 0
    before = ""
    for word in words:
        single = table.get(word, ())
        double = pairs.get(f"{before} {word}", ())
        kinds.append(double or single)
        marks += [f"two {kind}" for kind in double]
        for kind in single:
            marks.append(f"not {kind}" if negated and kind not in _NEVER_NEGATED else kind)
        if double or single:
            succession.append(double[-1].upper() if double else single[0])
        if word in _NEGATORS:
            negated = _REACH
        elif word in _STOPS:
            negated = 0
        elif negated:
            negated -= 1
        before = word
    if succession[1:]:
        marks += [f"first {succession[1]}", f"last {succession[-1]}"]
    marks += [f"{one} > {two}" for one, two in pairwise([*succession, "$"])]
    marks += _shape(words, table)
    marks += balance(words, kinds, _NEGATORS)
    return list(dict.fromkeys(marks))


def _shape(words: Sequence[str], table: dict[str, tuple[str, ...]]) -> list[str]:
    if not words:
        return []
    shape = [f"begins {table.get(words[0], '-')[0]}", f"long {min(len(words) // 3, 6)}"]
    if words[-1] == "?":
        shape.append("asks")
    shape += [f"has {sign}" for sign in "?:(" if sign in words]
    return shape


def slots_of_word(word: str) -> list[int]:
    """Return where a word's weights lie: its own, then those of its 3 to 5 character pieces."""
    text = f" {word} ".encode()
    pieces = [text[at : at + size] for size in PIECES for at in range(len(text) - size + 1)]
    own = crc32(word.encode()) % SLOTS["words"]
    return [own, *[crc32(piece) % SLOTS["pieces"] for piece in pieces]]


def slot_of_pair(before: str, word: str) -> int:
    """Return where the weights of two words in a row lie."""
    return crc32(f"{before} {word}".encode()) % SLOTS["pairs"]


def slot_of_mark(mark: str) -> int:
    """Return where the weights of a mark lie."""
    return crc32(mark.encode()) % SLOTS["marks"]
