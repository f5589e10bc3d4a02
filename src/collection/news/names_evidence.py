"""Evidence that a word of a text means a coin: in the text at large, or right beside it."""

import re
from typing import NamedTuple

from collection.news.names_capitals import SHARES, SHOUTED
from collection.news.names_words import (
    COMMON,
    COMPANIES,
    CRYPTO,
    FAMOUS_SYMBOLS,
    MOVES,
    QUOTES,
    TALK,
    TRADE,
    WEAK_TRADE,
)

# How much the words and coins of a text must weigh for it to be about crypto.
ENOUGH = 2
LINKS = frozenset(
    (
        ", ",
        ",",
        " and ",
        "/",
        " / ",
        " & ",
        " or ",
        " vs ",
        " vs. ",
        ", and ",
        ", or ",
        " + ",
        " to ",
    )
)
_AMOUNT = re.compile(r"\d[kKmM]?$")


class Tokens(NamedTuple):
    """A text cut into words: as written, in lower case, where they begin and end; the different."""

    text: str
    words: list[str]
    lower: list[str]
    starts: list[int]
    ends: list[int]
    vocabulary: frozenset[str]

    def between(self, left: int, right: int) -> str:
        """Return what stands between two words, cut short if it is long."""
        start = self.ends[left]
        return self.text[start : min(self.starts[right], start + 8)]


_WORD = re.compile(r"[^\W_]+")


# Web addresses, accounts ("@gifto_io") and forums ("r/bitcoin") are no mentions.
_ADDRESS = re.compile(
    r"https?://\S+|www\.\S+|(?<![\w.-])[a-z0-9-]{1,63}\.(?:com|org|net|html|png)\b\S*|"
    r"@\w+|(?<![^\s/(])[ru]/\w+"
)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def cut(text: str) -> Tokens:
    """Cut a text into words."""
    words, starts, ends = [], [], []
    clean = text
    if "/" in text or "@" in text or "." in text:
        clean = _ADDRESS.sub(_blank, text)
    for match in _WORD.finditer(clean):
        words.append(match.group())
        starts.append(match.start())
        ends.append(match.end())
    lower = [word.lower() for word in words]
    return Tokens(text, words, lower, starts, ends, frozenset(lower))


class Place(NamedTuple):
    """Where a name stands: from word `first` to word `last`."""

    first: int
    last: int


def weight_of_words(tokens: Tokens) -> int:
    """Return how much the words of a text say that it is about crypto."""
    words = tokens.vocabulary
    # Any number of words of finance and talk is only half the evidence.
    return sum(CRYPTO[word] for word in CRYPTO.keys() & words) + (not TALK.isdisjoint(words))


def stands_beside(tokens: Tokens, place: Place, about_crypto: bool, curated: bool) -> bool:
    """Whether what is right beside a name says that a coin is meant."""
    first, last = place
    text, lower = tokens.text, tokens.lower
    start, end = tokens.starts[first], tokens.ends[last]
    key = lower[first] if first == last else ""
    in_capitals = text[start:end].isupper()
    before, behind = text[start - 1 : start], text[end : end + 1]
    if before in ("(", "[") and behind in (")", "]", ",", "/", "-", ":") and in_capitals:
        return curated and key not in SHOUTED and (about_crypto or key not in SHARES)
    if key in FAMOUS_SYMBOLS and first and lower[first - 1].isdigit():
        return True
    following = lower[last + 1] if last + 1 < len(lower) else ""
    gap = tokens.between(last, last + 1) if following else ""
    if in_capitals and gap in ("/", "-") and following in QUOTES:
        return True
    if in_capitals and before in ("/", "-") and first and lower[first - 1] in QUOTES:
        return True
    if following in TRADE and gap in (" ", "'s ", "’s ", " ("):
        word = key in COMMON or key in SHOUTED or not curated
        if following not in WEAK_TRADE or not word:
            return True
        if in_capitals and curated and (key not in SHOUTED or following in ("price", "prices")):
            return True
        return about_crypto and not text[start:end].islower()
    if key in COMPANIES and gap == " (" and following in FAMOUS_SYMBOLS:
        return True
    if key in COMPANIES and about_crypto and gap == " " and following in MOVES:
        return True
    if about_crypto and in_capitals and first:
        amount = tokens.words[first - 1]
        return bool(_AMOUNT.search(amount)) and tokens.between(first - 1, first) == " "
    return False


def is_network(tokens: Tokens, place: Place) -> bool:
    """Whether a name is that of a chain: "Base network"."""
    return tokens.lower[place.last + 1 : place.last + 2] in (["network"], ["chain"], ["layer"])


def is_listed(tokens: Tokens, place: Place, neighbours: list[Place]) -> bool:
    """Whether a name stands in a list with coins: "BTC, ETH and LINK"."""
    key = tokens.lower[place.first] if place.first == place.last else ""
    if key in SHOUTED:
        return False
    name = tokens.text[tokens.starts[place.first] : tokens.ends[place.last]]
    linked = 0
    for other in neighbours:
        left, right = (other, place) if other.last < place.first else (place, other)
        gap = tokens.between(left.last, right.first)
        # "ETH to LINK", but not "buy-ins to Bitcoin".
        if gap in LINKS and not (gap == " to " and name.islower()):
            linked += 1
    # "Ethereum, Flow, Tezos", but not "Following Rally, Bitcoin".
    return linked > (1 if key in COMMON and not name.isupper() else 0)
