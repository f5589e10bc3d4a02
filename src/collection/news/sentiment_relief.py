"""Bad news that is called off: "lifts ban", "lawsuit dismissed", "returns stolen funds".

A model that adds up words cannot know that these are good, as each of the words
has a bad name. So the two words of such a pair are masked before the model sees
the headline: what lifts becomes one mark, what is lifted another.
"""

from collections.abc import Iterator, Sequence

from collection.news.sentiment_lexicon import lexicon
from collection.news.sentiment_phrases import ENDS_REACH, REJECTS
from collection.news.sentiment_words import WORDS

LIFTS, LIFTED = "xlifts", "xlifted"
_EVIL = frozenset(("bad", "crime", "law", "ban", "warn"))
_LEGAL = frozenset(("law", "ban"))
_COURT = frozenset("case cases suit suits lawsuit lawsuits probe investigation action".split())
_FALLS = frozenset(("fall", "sell"))  # "drops", "ends": a lift only right before what it lifts
_REJECTS = REJECTS - {"against"}
_DENIALS = REJECTS | frozenset(WORDS["no"].split())
_AFTER, _BEFORE, _DENIED = 4, 3, 3  # words between the two, at most


def relieve(words: Sequence[str]) -> list[str]:
    """Return the words with bad news that is called off masked, and the word that does so."""
    table = lexicon().words
    found = list(words)
    for here, word in enumerate(words):
        kinds = table.get(word, ())
        if "lift" not in kinds and word not in _REJECTS:
            continue
        if any(before in _DENIALS for before in words[max(0, here - _DENIED) : here]):
            continue
        for there in _called_off(words, here, not _FALLS.isdisjoint(kinds), word in _REJECTS):
            found[here], found[there] = LIFTS, LIFTED
            if words[there + 1 : there + 2] == ["against"]:
                found[there + 1] = LIFTED
    return found


def _called_off(words: Sequence[str], here: int, falls: bool, rejects: bool) -> Iterator[int]:
    """Yield the places of the bad news that the word at `here` calls off."""
    for there in range(here + 1, min(len(words), here + 1 + _AFTER)):
        if words[there] in ENDS_REACH:
            break
        if _evil(words[there], rejects):
            yield there
    for there in range(here - 1, max(-1, here - 1 - (1 if falls or rejects else _BEFORE)), -1):
        if words[there] in ENDS_REACH:
            break
        if _evil(words[there], falls or rejects):
            yield there


def _evil(word: str, law_only: bool) -> bool:
    kinds = lexicon().words.get(word, ())
    if word in _COURT:
        return True
    return bool(kinds) and kinds[0] in (_LEGAL if law_only else _EVIL)
