"""How much evidence a name in a text needs before it counts as a mention.

Coins are called by every word there is ("near", "one", "link"), so a name is
judged by its form: how it is written, whether it is an ordinary word, and how
well known its owner is. names_evidence.py then looks for what is needed.
"""

from typing import Literal, NamedTuple

from collection.news.names_capitals import SHARES, SHOUTED
from collection.news.names_words import (
    COINED_SYMBOLS,
    COMMON,
    COMPANIES,
    CRYPTO,
    FAMOUS,
    FAMOUS_SYMBOLS,
    RARE,
    UNCOMMON,
)

Need = Literal[0, 1, 2, 3, 4]
NOTHING: Need = 0  # counts as it stands
CRYPTO_TEXT: Need = 1  # counts when the rest of the text is about crypto
BESIDE: Need = 2  # counts with evidence right beside it: "(LINK)", "LINK price"
NAMED_TWICE: Need = 3  # counts when the text calls the coin by another name too
NEVER: Need = 4

Standing = Literal[0, 1, 2, 3]
CURATED: Standing = 0  # one of the well-known coins of the curated list
PAST: Standing = 1  # one of its other coins
LEADING: Standing = 2  # only collected, but among the LEADERS by market cap
LISTED: Standing = 3  # only collected
LEADERS = 500


class Written(NamedTuple):
    """A name as a text has it: `text` as it stands, `key` its words in lower case."""

    text: str
    key: str
    shouting: bool  # the whole text is in capitals, so that capitals say nothing

    @property
    def in_capitals(self) -> bool:
        """Whether it is written in capitals that say something."""
        return self.text.isupper() and not self.shouting


def need_of_cashtag(written: Written, standing: Standing) -> Need:
    """Judge $X, which shares have too ("$42" is an amount)."""
    if written.key.isdigit():
        return NEVER
    shared = written.key in SHARES or (written.key in COMMON and not written.text.isupper())
    return CRYPTO_TEXT if shared or standing in (PAST, LISTED) else NOTHING


def need_of_symbol(written: Written, standing: Standing) -> Need:
    """Judge a symbol without a $."""
    key = written.key
    if key in CRYPTO:
        return NEVER  # NFT, DAO, DEX are said of all of them
    word = key in COMMON or key in UNCOMMON or key in SHOUTED
    if not written.in_capitals and not (written.shouting and not word):
        # "btc", "Xrp": people write so, but only of the coins that all know.
        if key in COINED_SYMBOLS:
            return NOTHING
        if key in FAMOUS_SYMBOLS or (key in RARE and standing == CURATED):
            return CRYPTO_TEXT
        if word or len(key) < 3 or standing > PAST:
            return NEVER
        if not written.text.islower():
            # "BSoV", "wBTC", but neither "San" nor "Mln".
            capitals = sum(letter.isupper() for letter in written.text)
            return CRYPTO_TEXT if capitals > 1 and len(key) > 3 else NEVER
        return CRYPTO_TEXT if standing == CURATED else BESIDE
    if key in FAMOUS_SYMBOLS or (key in RARE and standing == CURATED):
        return NOTHING
    if len(key) < 2:
        return NEVER
    if key in SHOUTED or len(key) < 3 or key.isdigit():
        return NAMED_TWICE if standing == LISTED else BESIDE
    if standing == LISTED and key in COMMON:
        return NAMED_TWICE  # there is a coin for every word: "GOLD", "ANY"
    if standing <= PAST and key[0] == "x" and not word:
        return NOTHING  # next to nothing else begins with an X
    if standing <= PAST:
        return CRYPTO_TEXT if word or len(key) == 3 else NOTHING
    return CRYPTO_TEXT if standing == LEADING and not word else BESIDE


def need_of_name(written: Written, standing: Standing) -> Need:
    """Judge a name of one word or more."""
    words = written.key.split(" ")
    if words[0] in FAMOUS and standing <= PAST:
        return NOTHING
    key = written.key
    if key in COMPANIES:
        return BESIDE
    if len(words) > 1:
        return _need_of_words(words, written.text, standing)
    if written.text.islower():
        if key in RARE:
            return CRYPTO_TEXT
        if key in COMMON or key in SHOUTED or len(key) < 3:
            return NEVER
        if key in UNCOMMON:
            return BESIDE
        if standing <= PAST:
            return CRYPTO_TEXT
        return CRYPTO_TEXT if standing == LEADING and len(key) > 4 else NEVER
    if key in RARE and standing == CURATED:
        return NOTHING
    if key in COMMON or key in SHOUTED or len(key) < 3:
        return NAMED_TWICE if standing == LISTED else BESIDE
    if standing == LISTED and written.text[1:].islower():
        return BESIDE  # "Atari", "April": thousands of coins have such names
    if key in UNCOMMON or standing == LISTED:
        return CRYPTO_TEXT
    # A short unknown word may be anything, a long one is hardly anything else.
    enough = 4 if standing == CURATED else 6
    return NOTHING if len(key) >= enough else CRYPTO_TEXT


def _need_of_words(words: list[str], text: str, standing: Standing) -> Need:
    plain = all(word in COMMON or word in UNCOMMON or word in SHOUTED for word in words)
    if text.islower():
        return NEVER if plain or standing == LISTED else CRYPTO_TEXT
    if plain and standing == LISTED:
        return NAMED_TWICE
    if standing == LISTED or (plain and standing != CURATED):
        return CRYPTO_TEXT
    return CRYPTO_TEXT if plain and not text.istitle() else NOTHING


def need_of_other(written: Written, name: str, ambiguous: bool) -> Need:
    """Judge another name than a coin's. `ambiguous`: of a kind that is called by common words."""
    key = written.key
    word = key in COMMON or key in UNCOMMON or key in SHOUTED
    if written.text != name and not (written.text.isupper() and len(key) > 4):
        # "binance" in a crypto text; never an ordinary word in lower case.
        return CRYPTO_TEXT if len(key) > 4 and not word and ambiguous else NEVER
    if ambiguous and key in COMMON:
        return BESIDE
    return CRYPTO_TEXT if ambiguous and word else NOTHING
