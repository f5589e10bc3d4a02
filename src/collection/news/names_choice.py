"""Decides which candidates of a text are mentions."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from collection.news.gazetteer import Entity
from collection.news.names_capitals import SHARES, SHOUTED
from collection.news.names_evidence import (
    ENOUGH,
    Place,
    Tokens,
    is_listed,
    is_network,
    stands_beside,
    weight_of_words,
)
from collection.news.names_rules import CRYPTO_TEXT, NAMED_TWICE, NOTHING, Need
from collection.news.names_words import COMMON, COMPANIES, FAMOUS_SYMBOLS, POST, RARE, UNCOMMON


class Candidate(NamedTuple):
    """A place that may be a mention: what it could be, in order of preference, and the need."""

    place: Place
    key: str
    in_capitals: bool
    curated: bool
    options: list[tuple[Entity, Need]]


def choose(
    tokens: Tokens, candidates: Sequence[Candidate], from_crypto: bool = False
) -> list[Entity | None]:
    """Return for each candidate what it mentions, None for nothing.

    `from_crypto`: whoever published the text writes about nothing else.
    """
    chosen: list[Entity | None] = [_as_it_stands(candidate) for candidate in candidates]
    if None not in chosen:
        return chosen
    # "NEO" is all that some posts say.
    about_crypto = from_crypto or len(tokens.words) == 1
    about_crypto = about_crypto or is_about_crypto(tokens, candidates, chosen)
    called = _called(candidates)
    # Twice, as what is found later in a list is evidence for what stands before it.
    for index, candidate in (*enumerate(candidates), *enumerate(candidates)):
        if chosen[index] is None:
            beside = _Beside(tokens, candidates, chosen, index, about_crypto, called)
            chosen[index] = next(
                (entity for entity, need in candidate.options if beside.meets(entity, need)), None
            )
    if None in chosen:
        _settle(candidates, chosen)
    return chosen


def is_about_crypto(
    tokens: Tokens, candidates: Sequence[Candidate], chosen: Sequence[Entity | None]
) -> bool:
    """Whether words, coins and what may be coins make the text one about crypto."""
    return _weight(tokens, candidates, chosen) >= ENOUGH


def _settle(candidates: Sequence[Candidate], chosen: list[Entity | None]) -> None:
    """Take a name that was evident once in a text for the same wherever it is written so."""
    evident = {
        (candidate.key, candidate.in_capitals): entity
        for candidate, entity in zip(candidates, chosen, strict=True)
        if entity and (candidate.in_capitals or (candidate.curated and candidate.key not in COMMON))
    }
    for index, candidate in enumerate(candidates):
        if chosen[index] is None and (
            entity := evident.get((candidate.key, candidate.in_capitals))
        ):
            chosen[index] = next((one for one, _ in candidate.options if one == entity), None)


def _as_it_stands(candidate: Candidate) -> Entity | None:
    entity, need = candidate.options[0]
    return entity if need == NOTHING else None


def _weight(
    tokens: Tokens, candidates: Sequence[Candidate], chosen: Sequence[Entity | None]
) -> int:
    sure = {entity for entity in chosen if _is_asset(entity)}
    # A name that is no ordinary word is half the evidence for itself, and two make a whole;
    # short capitals may stand for anything, so they only add to another.
    likely, possible = set[Entity](), set[Entity]()
    # Whoever writes "I" and "lol" writes no headline on shares, where capitals are all over.
    post = "$" not in tokens.text and len(POST & tokens.vocabulary) > 1
    for candidate in candidates:
        for entity, need in candidate.options:
            if need == CRYPTO_TEXT and candidate.curated and _is_likely(candidate, post):
                likely.add(entity)
            elif need == CRYPTO_TEXT and candidate.in_capitals:
                possible.add(entity)
    weight = weight_of_words(tokens) + post + 2 * len(sure) + len(likely - sure)
    return weight + bool(likely and possible - likely)


def _is_likely(candidate: Candidate, post: bool) -> bool:
    key = candidate.key
    if key in FAMOUS_SYMBOLS or key in RARE:
        return True
    if key in UNCOMMON or key in COMMON:
        return False
    return len(key) > 4 or (post and candidate.in_capitals and key not in SHOUTED | SHARES)


def _called(candidates: Sequence[Candidate]) -> dict[Entity, set[str]]:
    """Return by what different keys each asset is called."""
    called: defaultdict[Entity, set[str]] = defaultdict(set)
    for candidate in candidates:
        for entity, _ in candidate.options:
            called[entity].add(candidate.key)
    return called


class _Beside:
    """The evidence around one candidate, looked for when an option needs it."""

    def __init__(
        self,
        tokens: Tokens,
        candidates: Sequence[Candidate],
        chosen: Sequence[Entity | None],
        index: int,
        about_crypto: bool,
        called: dict[Entity, set[str]],
    ) -> None:
        self._tokens, self._about_crypto, self._called = tokens, about_crypto, called
        self._place, self._key = candidates[index].place, candidates[index].key
        self._curated = candidates[index].curated
        self._neighbours = [
            candidates[near].place
            for near in (index - 1, index + 1)
            if 0 <= near < len(candidates) and _is_asset(chosen[near])
        ]

    def meets(self, entity: Entity, need: Need) -> bool:
        if need == NOTHING or (need == CRYPTO_TEXT and self._about_crypto):
            return True
        named_twice = self._key not in COMPANIES and len(self._called[entity]) > 1
        if need == NAMED_TWICE:
            return named_twice
        if stands_beside(self._tokens, self._place, self._about_crypto, self._curated):
            return True
        if entity.kind != "asset":
            return entity.kind == "chain" and is_network(self._tokens, self._place)
        return named_twice or is_listed(self._tokens, self._place, self._neighbours)


def _is_asset(entity: Entity | None) -> bool:
    return entity is not None and entity.kind == "asset"
