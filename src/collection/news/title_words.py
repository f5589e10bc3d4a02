"""What a title says, as words to compare: numbers, directions and negations apart."""

import re
from functools import lru_cache
from html import unescape
from typing import NamedTuple

_WORD = re.compile(
    r"[0-9][0-9,]*(?:\.[0-9]+)?\s?(?:%|[kmbt]n?\b|(?:thousand|million|billion|trillion)\b)?|"
    r"[^\W\d_]\w*"
)
_PLAIN = re.compile(r"[^\W\d_]+")
_NO_DIGIT = re.compile(r"[^0-9.]")
_SCALES = {"k": 1e3, "t": 1e12, "m": 1e6, "b": 1e9}
_APOSTROPHES = re.compile(r"['’‘`](?:s\b)?")

_IDLE = frozenset(
    "a an the and or of to in on at by for from with as is are be was were has have had will "
    "would its it this that these those after before amid over into than then so but how why "
    "what when which who here heres just new says say said report reports reportedly via about "
    "up down out now s us u".split()
)
# Words that publishers choose between.
_SAME = {
    word: common
    for common, words in {
        "bitcoin": "btc", "ethereum": "eth ether", "solana": "sol", "cardano": "ada",
        "dogecoin": "doge", "shiba": "shib", "polkadot": "dot", "polygon": "matic",
        "litecoin": "ltc", "cryptocurrency": "crypto cryptocurrencies cryptos",
        "launch": "launches launched unveils unveiled debuts rolls introduces introduced reveals",
        "bigger": "biggest largest larger", "win": "wins won gets secures secured scores",
        "aim": "aims eyes targets seeks plans", "buy": "buys bought purchase purchases purchased",
        "approve": "approves approved approval greenlights", "suit": "lawsuit sues sued",
        "fall": "falls fell drops drop slides slips plunges tumbles dips sinks",
        "rise": "rises rose jumps surges soars climbs gains rallies spikes",
    }.items()
    for word in words.split()
}  # fmt: skip
_UP = frozenset(
    "up rise rises rose rising gain gains gained surge surges surged jump jumps jumped climb "
    "climbs climbed soar soars soared rally rallies rallied rebound rebounds recover recovers "
    "higher high above bull bulls bullish inflow inflows approve approves approved approval add "
    "adds buy buys bought list lists win wins won accept accepts legalize legalizes lift lifts "
    "top tops".split()
)
_DOWN = frozenset(
    "down fall falls fell falling drop drops dropped plunge plunges plunged slide slides slid "
    "slump slumps tumble tumbles tumbled crash crashes crashed sink sinks sank dip dips lower "
    "low below bear bears bearish outflow outflows reject rejects rejected rejection sell sells "
    "sold delist delists lose loses lost ban bans banned".split()
)
_NOT = frozenset(
    "not no never neither nor without denies deny denied refuses rejects rejected fails failed "
    "wont cant dont isnt doesnt didnt arent wasnt cannot halts delays delayed cancels "
    "postpones".split()
)
# Titles that come back every day: nothing is repeated when they do.
_REGULAR = re.compile(
    r"price (?:analysis|prediction|predictions|watch)|daily|weekly|this week|what happened|"
    r"markets? (?:wrap|wraps|today|watch|recap|update|report)|happened in|today in|"
    r"(?:morning|evening|week in|month in) |roundup|round-up|recap|newsletter|daybook|digest|"
    r"podcast|top \d+ (?:crypto|coins|altcoins)|biggest (?:gainers|losers|movers)|"
    r"performance update|things to know|need to know|live updates?|in review"
)


class Title(NamedTuple):
    """A title taken apart: its words in a form to compare, and what else it holds."""

    text: str
    words: frozenset[str]
    numbers: frozenset[float]

    @property
    def is_regular(self) -> bool:
        """Whether it is the kind of title that comes back every day."""
        return _REGULAR.search(self.text) is not None


def read_title(title: str) -> Title:
    """Take a title apart. Any text will do."""
    text = _APOSTROPHES.sub("", unescape(title)).lower()
    words, numbers = set[str](), set[float]()
    for word in _WORD.findall(text):
        if "0" <= word[0] <= "9":
            numbers.add(_number(word))
        elif word not in _IDLE:
            words.add(_stem(word))
    words.update(f"{number:g}" for number in numbers)
    return Title(text, frozenset(words), frozenset(numbers))


def _number(word: str) -> float:
    digits = _NO_DIGIT.sub("", word).strip(".")
    scale = word.lstrip("0123456789., ")[:1]
    return float(digits) * _SCALES.get(scale, 1)


@lru_cache(maxsize=8192)
def _stem(word: str) -> str:
    word = _SAME.get(word, word)
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word.removesuffix("e") if len(word) > 4 else word


def contradict(first: Title, second: Title) -> bool:
    """Whether two titles differ in what a story turns on."""
    if first.numbers and second.numbers:
        fewer, more = sorted((first.numbers, second.numbers), key=len)
        if not all(any(_same_number(one, other) for other in more) for one in fewer):
            return True
    mine, theirs = set(_PLAIN.findall(first.text)), set(_PLAIN.findall(second.text))
    if mine.isdisjoint(_NOT) != theirs.isdisjoint(_NOT):
        return True
    return {_direction(mine), _direction(theirs)} == {1, -1}


def _direction(words: set[str]) -> int:
    """Return 1 for a title of rising, approving, winning, -1 for the opposite, 0 for neither."""
    return (not words.isdisjoint(_UP)) - (not words.isdisjoint(_DOWN))


def _same_number(one: float, other: float) -> bool:
    """Whether two numbers are the same, or one is the other rounded: 1.25 and 1.2 billion."""
    if one == other:
        return True
    for exact, rounded in ((one, other), (other, one)):
        digits = len(f"{rounded:.6e}".partition("e")[0].replace(".", "").rstrip("0"))
        if digits > 1 and float(f"{exact:.{digits - 1}e}") == rounded:
            return True
    return False
