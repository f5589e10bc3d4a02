"""The lexicon of `sentiment_words` and `sentiment_phrases`, made ready for look-ups.

Verbs are inflected by the regular rules of English spelling; a form that does
not exist ("sticked") is never met and costs nothing. Built at the first use,
in about 5 ms: a Worker must not compute while it is imported.
"""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from collection.news.sentiment_phrases import NAMES, PAIRS
from collection.news.sentiment_words import VERBS, WORDS

_VOWELS = "aeiou"
_HISSING = ("s", "sh", "ch", "x", "z")


class Lexicon(NamedTuple):
    """Classes by word and by pair of words ("a b"), and the mark that stands for a name."""

    words: dict[str, tuple[str, ...]]
    pairs: dict[str, tuple[str, ...]]
    names: dict[str, str]


@cache
def lexicon() -> Lexicon:
    """Return the whole lexicon."""
    words: dict[str, list[str]] = {}
    for kind, text in VERBS.items():
        for verb in text.split():
            for form in forms(verb):
                _add(words, form, kind)
    for kind, text in WORDS.items():
        for word in text.split():
            _add(words, word, kind)
    pairs: dict[str, list[str]] = {}
    for kind, text in PAIRS.items():
        for line in text.splitlines():
            for pair in line.split("|"):
                _add(pairs, pair.strip(), kind)
    names = {name: mark for mark, text in NAMES.items() for name in text.split()}
    return Lexicon(_frozen(words), _frozen(pairs), names)


def forms(verb: str) -> Iterator[str]:
    """Yield the forms of a regular verb: climb, climbs, climbed, climbing."""
    yield verb
    if verb.endswith("e"):
        yield from (verb + "s", verb + "d", verb[:-1] + "ing")
    elif verb.endswith("y") and verb[-2] not in _VOWELS:
        yield from (verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing")
    else:
        yield verb + ("es" if verb.endswith(_HISSING) else "s")
        yield from (verb + "ed", verb + "ing")
        if _doubles(verb):
            yield from (verb + verb[-1] + "ed", verb + verb[-1] + "ing")


def _doubles(verb: str) -> bool:
    """Whether the last consonant may double, as in slip, slipped."""
    return (
        2 < len(verb) <= 6
        and verb[-1] not in "wxy" + _VOWELS
        and verb[-2] in _VOWELS
        and verb[-3] not in _VOWELS
    )


def _add(table: dict[str, list[str]], key: str, kind: str) -> None:
    kinds = table.setdefault(key, [])
    if kind not in kinds:
        kinds.append(kind)


def _frozen(table: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(kinds) for key, kinds in table.items()}
