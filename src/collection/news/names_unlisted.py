"""Finds coins that no list has, by what stands beside them and by their form.

A name that nobody knows is a coin when a text on crypto says so ("$FIN", "FIN/BTC",
"Finom (FIN)", "BTC, FIN, ETH") or when it is made like one ("ValueCash"); what is a
coin once is one wherever the text writes it so again. "The XYZ token" says too little:
most of what is called one in the labelled texts is labelled as no coin.
"""

import re
from collections.abc import Container, Iterable, Sequence
from typing import NamedTuple

from collection.news.names_capitals import SHARES, SHOUTED
from collection.news.names_evidence import LINKS, Place, Tokens
from collection.news.names_words import COMMON, CRYPTO, FAMOUS_SYMBOLS, POST, TALK, UNCOMMON

_QUOTES = frozenset("BTC ETH USDT USDC BUSD BNB".split())
# Made like a coin's name: "ValueCash", "Garlicoin".
_MADE_LIKE_A_COIN = re.compile(r"[A-Z]\w*[a-z](?<![Bb]it)(?:[Cc]oin|Cash)$")
# What is said of coins of every kind, made like a name too; and companies so called.
_KINDS = frozenset(
    "altcoin stablecoin memecoin shitcoin sidecoin cryptocoin scamcoin petcoin fancoin localcoin "
    "nocoin govcoin fedcoin bitcoin livecoin multicoin shitecoin digicash petrocoin".split()
)
# Behind a name, these say that it is an exchange, an app or a company.
_NO_COIN_BEHIND = frozenset(
    "exchange exchanges platform ceo cto cfo inc ltd limited llc corp app founder cofounder "
    "executives employees users customers shares stock securities conference summit".split()
)
_SHARE_WORDS = frozenset("nasdaq nyse share shares stock stocks otc otcqx otcqb".split())


class Unlisted(NamedTuple):
    """A coin that no list has, by its name in lower case, and where it stands."""

    name: str
    place: Place


def find_unlisted(
    tokens: Tokens, known: Container[str], coins: Sequence[Place], taken: Iterable[Place]
) -> list[Unlisted]:
    """Return the coins of a text on crypto that no list has.

    `known` has the words that the dictionary judges itself; `coins` says where
    coins stand, in order, and `taken` where anything stands.
    """
    words, lower = tokens.words, tokens.lower
    unknown = [
        index
        for index, word in enumerate(words)
        if len(word) > 2 and word[0].isupper() and lower[index] not in known
    ]
    if not unknown or tokens.text.isupper():
        return []
    search = _Search(tokens, known, coins)
    for index in unknown:
        if search.is_worth_a_look(index) and not _is_plain(lower[index]):
            search.look_at(index)
    names = search.names
    if not names:
        return []
    inside = {index for first, last in taken for index in range(first, last + 1)}
    places = {index: words[index].removesuffix("s") for index in unknown if index not in inside}
    no_coins = {
        word
        for index, word in places.items()
        if " ".join(lower[index + 1 : index + 2]) in _NO_COIN_BEHIND
    }
    return [
        Unlisted(name, Place(index, index))
        for index, word in places.items()
        if word not in no_coins and (name := names.get(words[index]) or names.get(word))
    ]


def _is_made_like_a_coin(word: str) -> bool:
    return bool(_MADE_LIKE_A_COIN.match(word)) and word.lower() not in _KINDS


def _is_plain(key: str) -> bool:
    return (
        key in SHOUTED
        or key in COMMON
        or key in UNCOMMON
        or key in CRYPTO
        or key in TALK
        or key in POST
    )


class _Search:
    """Collects what a text calls a coin: names as written, with the name in lower case."""

    def __init__(self, tokens: Tokens, known: Container[str], coins: Sequence[Place]) -> None:
        self.names: dict[str, str] = {}
        self._tokens, self._known = tokens, known
        self._no_shares = _SHARE_WORDS.isdisjoint(tokens.vocabulary)
        # Shares have $X too: so something else must say that the text is on coins.
        self._cashtags_are_coins = self._no_shares and (
            any(CRYPTO[word] > 1 for word in CRYPTO.keys() & tokens.vocabulary)
            or any(
                tokens.lower[first] in FAMOUS_SYMBOLS or not self._is_cashtag(first)
                for first, _ in coins
            )
        )
        self._before = {place.last for place in coins}
        self._behind = {place.first for place in coins}

    def _is_cashtag(self, index: int) -> bool:
        start = self._tokens.starts[index]
        return self._tokens.text[start - 1 : start] == "$"

    def is_worth_a_look(self, index: int) -> bool:
        """Whether it could be called a coin here: quick, for there are many words."""
        tokens = self._tokens
        word = tokens.words[index]
        return not word[1:].islower() or word.endswith(("coin", "Coin", "Cash"))

    def look_at(self, index: int) -> None:
        """Add the word if it is called a coin here."""
        word = self._tokens.words[index]
        if word in self.names:
            return
        if word.isupper():
            if len(word) <= 6 and word.isalpha():
                self._look_at_symbol(index, word)
        elif _is_made_like_a_coin(word) or self._is_in_list(index):
            self.names[word] = word.lower()

    def _look_at_symbol(self, index: int, word: str) -> None:
        tokens = self._tokens
        start, end = tokens.starts[index], tokens.ends[index]
        before, behind = tokens.text[start - 1 : start], tokens.text[end : end + 1]
        if word.lower() in SHARES:
            return
        following, gap = self._following(index)
        if (
            (self._is_cashtag(index) and self._cashtags_are_coins)
            or (gap in ("/", "-") and following in _QUOTES)
            or (before in ("/", "-") and index and tokens.words[index - 1] in _QUOTES)
            or self._is_in_list(index)
        ):
            self.names[word] = word.lower()
        elif before == "(" and behind == ")" and index:
            name = tokens.words[index - 1]
            new = name.lower() not in self._known
            if new and _abbreviates(word, name) and self._no_shares:
                self.names[word] = self.names[name] = name.lower()

    def _is_in_list(self, index: int) -> bool:
        """Whether a word of capitals stands among coins: "BTC, FIN", "XMR, BitFin, ETH"."""
        words = self._tokens.words
        if words[index][1:].islower():
            return False  # "Dogecoin, Tesla and Bitcoin"
        left, right = self._coin_before(index), self._coin_behind(index)
        if left is not None and right is not None:
            return True
        if left is not None:
            near, gap = left, self._tokens.between(left, index)
        elif right is not None:
            near, gap = right, self._tokens.between(index, right)
        else:
            return False
        # "IBM and XLM" are partners.
        return gap != " and " and words[index].isupper() and words[near].isupper()

    def _coin_before(self, index: int) -> int | None:
        """Return the last word of the coin before in a list, be there an "and" between or not."""
        for other in (index - 1, index - 2):
            if other in self._before:
                return other if self._tokens.between(other, index) in LINKS else None
        return None

    def _coin_behind(self, index: int) -> int | None:
        for other in (index + 1, index + 2):
            if other in self._behind:
                return other if self._tokens.between(index, other) in LINKS else None
        return None

    def _following(self, index: int) -> tuple[str, str]:
        """Return the next word and what stands before it."""
        tokens = self._tokens
        if index + 1 == len(tokens.words):
            return "", ""
        return tokens.words[index + 1], tokens.between(index, index + 1)


def _abbreviates(symbol: str, name: str) -> bool:
    """Whether a symbol is made of a name's letters: FIN of Finom, but not SEC of Commission."""
    if len(name) <= len(symbol) or not name[0].isupper() or name[0] != symbol[0]:
        return False
    if _is_plain(name.lower()):
        return False
    letters = iter(name.upper())
    return all(letter in letters for letter in symbol)
