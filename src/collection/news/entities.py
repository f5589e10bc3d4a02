"""Which coins, exchanges, protocols, people, chains and regulators a text mentions.

A dictionary of names, met word by word, and rules of evidence: a case-insensitive
list is hopeless ("near", "link", "one" are words, META is twelve coins). The
collected assets and a curated list (gazetteer.py) make the dictionary; how much
evidence a name needs is decided in names_rules.py, found in names_evidence.py.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from collection.news.gazetteer import Entity, Kind, coins, key_of, other_meanings, others
from collection.news.names_choice import Candidate, choose, is_about_crypto
from collection.news.names_evidence import Place, Tokens, cut
from collection.news.names_rules import (
    CRYPTO_TEXT,
    LEADERS,
    LEADING,
    LISTED,
    NEVER,
    NOTHING,
    PAST,
    Need,
    Standing,
    Written,
    need_of_cashtag,
    need_of_name,
    need_of_other,
    need_of_symbol,
)
from collection.news.names_unlisted import find_unlisted
from collection.news.names_words import (
    COMMON,
    COMPANY_BEHIND,
    FAMOUS_SYMBOLS,
    PROTOCOL_BEHIND,
    VETOES,
)

__all__ = ["Dictionary", "Entity", "Kind", "Mention", "Names", "default_dictionary"]

UNLISTED = "unlisted:"  # begins the name of an asset that no list has
_LONGEST = 6  # words of a name
_JOINTS = frozenset((" ", "-", ".", "/", "'", "’", "_", "+", "\u00a0"))
# Kinds that call themselves by ordinary words; people and authorities do not.
_TRADE_NAMES: tuple[Kind, ...] = ("exchange", "protocol", "chain")


class Mention(NamedTuple):
    """An entity and where the text names it: characters `start` to `end`."""

    entity: Entity
    start: int
    end: int


class Names(NamedTuple):
    """How a collected asset is called."""

    asset_id: str
    symbol: str
    name: str


class _Owner(NamedTuple):
    entity: Entity
    standing: Standing


_Table = dict[str, _Owner]


class Dictionary:
    """Finds the entities of texts; built once for many."""

    def __init__(self, assets: Iterable[Names]) -> None:
        """Take the collected assets in order of market cap: the first owns a shared name.

        A curated coin comes before those that are not among the LEADERS.
        """
        self._names: _Table = {}
        self._symbols: _Table = {}
        self._symbol_of: dict[str, str] = {}
        # The most words of a name that begins with this word.
        self._lengths: dict[str, int] = {}
        # Words that are the name of a coin that people know, or of something else.
        self._words: set[str] = set()
        obscure = []
        for table, key, owner in self._collected(assets):
            if owner.standing == LISTED:
                obscure.append((table, key, owner))
            else:
                self._add(table, key, owner)
        for coin in coins():
            entity = Entity("asset", coin.asset_id)
            self._symbol_of.setdefault(coin.asset_id, coin.symbol)
            for symbol in coin.symbols:
                self._add(self._symbols, symbol, _Owner(entity, coin.symbol_standing))
            for name in coin.names:
                self._add(self._names, name, _Owner(entity, coin.standing))
        for table, key, owner in obscure:
            self._add(table, key, owner)
        self._others, self._other_meanings = others(), other_meanings()
        for key in (*self._others, *self._other_meanings):
            self._measure(key)
            self._words.add(key)

    def _collected(self, assets: Iterable[Names]) -> Iterator[tuple[_Table, str, _Owner]]:
        """Yield the symbol and the name of each asset, a curated one with its standing."""
        curated = {coin.asset_id: coin for coin in coins()}
        for rank, (asset_id, symbol, name) in enumerate(assets):
            self._symbol_of.setdefault(asset_id, symbol)
            entity, coin = Entity("asset", asset_id), curated.get(asset_id)
            rest: Standing = LEADING if rank < LEADERS else LISTED
            key = symbol.lower()
            known = coin.symbol_standing if coin and key in coin.symbols else rest
            if key[-1:] != "s" or key[:-1] not in FAMOUS_SYMBOLS:  # "BTCs" are bitcoins
                yield self._symbols, key, _Owner(entity, known)
            key = key_of(name)
            known = coin.standing if coin and key in coin.names else rest
            yield self._names, key, _Owner(entity, known)

    def _add(self, table: _Table, key: str, owner: _Owner) -> None:
        if key and key not in table:
            table[key] = owner
            self._measure(key)
            if owner.standing != LISTED:
                self._words.add(key)

    def _measure(self, key: str) -> None:
        first, _, rest = key.partition(" ")
        length = rest.count(" ") + 2 if rest else 1
        if length > self._lengths.get(first, 0) and length <= _LONGEST:
            self._lengths[first] = length

    def symbol_of(self, asset_id: str) -> str | None:
        """Return the symbol of an asset, None if neither collected nor curated."""
        return self._symbol_of.get(asset_id)

    def find(self, text: str, from_crypto: bool = False) -> list[Mention]:
        """Return what `text` mentions, in order and without overlaps.

        Who writes of crypto only (`from_crypto`) means the coin by "Avalanche".

        A coin that the text makes evident and no list has is the asset
        "unlisted:<its name in lower case>", without a symbol.
        """
        tokens = cut(text)
        candidates = list(self._candidates(tokens))
        chosen = choose(tokens, candidates, from_crypto)
        found = [
            (candidate.place, entity)
            for candidate, entity in zip(candidates, chosen, strict=True)
            if entity
        ]
        coins = [place for place, entity in found if entity.kind == "asset"]
        unlisted = find_unlisted(tokens, self._words, coins, [place for place, _ in found])
        if unlisted and is_about_crypto(tokens, candidates, chosen):
            found += [(place, self._unlisted(name)) for name, place in unlisted]
            found.sort()
        return [
            Mention(entity, tokens.starts[place.first], tokens.ends[place.last])
            for place, entity in found
        ]

    def _unlisted(self, name: str) -> Entity:
        """Return the collected asset after all, if one has such a name, however obscure."""
        owner = self._symbols.get(name) or self._names.get(name)
        return owner.entity if owner else Entity("asset", UNLISTED + name)

    def _candidates(self, tokens: Tokens) -> Iterator[Candidate]:
        lower, lengths = tokens.lower, self._lengths
        shouting = tokens.text.isupper() and len(lower) > 3
        index = 0
        while index < len(lower):
            longest = lengths.get(lower[index])
            if longest is None:
                if tokens.words[index][-1] == "s" and (key := self._singular(tokens.words[index])):
                    place = Place(index, index)
                    written = Written(tokens.words[index][:-1], key, shouting)
                    if candidate := self._candidate(tokens, place, written):
                        yield candidate
                index += 1
                continue
            length = _joined(tokens, index, longest) if longest > 1 else 1
            while length:
                key = " ".join(lower[index : index + length])
                if key in self._other_meanings:
                    break
                if key in self._names or key in self._symbols or key in self._others:
                    place = Place(index, index + length - 1)
                    text = tokens.text[tokens.starts[index] : tokens.ends[place.last]]
                    written = Written(text, key, shouting)
                    if candidate := self._candidate(tokens, place, written):
                        yield candidate
                        break
                length -= 1
            index += max(length, 1)

    def _singular(self, word: str) -> str | None:
        """Return the key of which a word that is no key is the plural: "BTCs", "DavorCoins"."""
        word, key = word[:-1], word[:-1].lower()
        symbol = word.isupper() and len(word) > 2 and key in self._symbols
        name = len(word) > 5 and not word.islower() and key in self._names and key not in COMMON
        return key if symbol or name else None

    def _candidate(self, tokens: Tokens, place: Place, written: Written) -> Candidate | None:
        """Return what a name may mean, the likelier first, each with the evidence it needs."""
        key, start = written.key, tokens.starts[place.first]
        symbol, name, known = self._symbols.get(key), self._names.get(key), self._others.get(key)
        options: list[tuple[Entity, Need]] = []
        if tokens.text[start - 1 : start] == "$" and start:
            name = known = None
            if symbol:
                options.append((symbol.entity, need_of_cashtag(written, symbol.standing)))
        elif key in VETOES and not VETOES[key].isdisjoint(tokens.vocabulary):
            return None
        elif symbol:
            options.append((symbol.entity, need_of_symbol(written, symbol.standing)))
        if name:
            options.append((name.entity, need_of_name(written, name.standing)))
        if known:
            entity, name_as_written = known
            need = need_of_other(written, name_as_written, entity.kind in _TRADE_NAMES)
            following = tokens.lower[place.last + 1] if place.last + 1 < len(tokens.lower) else ""
            if following in COMPANY_BEHIND or following in PROTOCOL_BEHIND:
                options.insert(0, (entity, NOTHING if need == CRYPTO_TEXT else need))
            else:
                options.append((entity, need))
        options = [option for option in options if option[1] != NEVER]
        curated = any(owner and owner.standing <= PAST for owner in (symbol, name))
        return Candidate(place, key, written.in_capitals, curated, options) if options else None


def _joined(tokens: Tokens, index: int, longest: int) -> int:
    """Return how many words from `index` on stand so close that they may be one name."""
    last = min(index + longest, len(tokens.words)) - 1
    for at in range(index, last):
        joint = tokens.between(at, at + 1)
        # "Mt. Gox", but not "Bitcoin. Cash is king".
        if joint not in _JOINTS and not (joint == ". " and len(tokens.words[at]) <= 2):
            return at - index + 1
    return last - index + 1


@cache
def default_dictionary() -> Dictionary:
    """Return the dictionary of curated names only, for measuring without a database."""
    return Dictionary([])
