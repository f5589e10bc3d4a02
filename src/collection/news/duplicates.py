"""Which story repeats another: the same address, or nearly the same title within 48 hours.

Titles are compared as sets of words, the rare ones weighing more (inverse document
frequency): Jaccard's index, and containment for a title that only adds to another
(Broder, "On the resemblance and containment of documents", 1997). What a story
turns on must agree: its numbers, its direction, its negation (title_words.py), and
the assets it is about: the same sentence about another coin is another story.
"""

from collections import defaultdict
from collections.abc import Iterable
from math import log
from typing import NamedTuple

from collection.news.title_words import Title, contradict, read_title
from collection.news.web_addresses import canonical_url

__all__ = ["Known", "Recent", "canonical_url"]

WINDOW = 48 * 3600  # seconds between a story and its repetition
_AGAIN = 12 * 3600  # the same publisher's same title: a correction, later it is a column
_ALIKE = 0.52
_CONTAINED = 0.86  # share of the lighter title's weight, when enough words are shared
_ENOUGH_SHARED = 5
_SHORT = 4  # words up to which titles must be nearly equal
_NEARLY_EQUAL = 0.9
_RARE = 5  # words of a title by which others are looked up
_OFTEN = 150  # titles with a word that is no use for looking up


class Known(NamedTuple):
    """A story as it was collected. `published_at`: epoch seconds; `about`: assets it mentions."""

    news_id: str
    title: str
    url: str
    published_at: int
    about: frozenset[str] = frozenset()


class _Story(NamedTuple):
    news_id: str
    address: str
    published_at: int
    title: Title
    about: frozenset[str]


class Recent:
    """The stories of the last days, to hold new ones against."""

    def __init__(self, known: Iterable[Known]) -> None:
        """Take the stories known so far, in any order."""
        self._stories: list[_Story] = []
        self._times: list[int] = []
        self._places: dict[str, int] = {}
        self._last: tuple[Known, _Story] | None = None
        self._by_address: dict[str, int] = {}
        self._by_word: defaultdict[str, list[int]] = defaultdict(list)
        for story in sorted(known, key=lambda story: (story.published_at, story.news_id)):
            self.add(story)

    def add(self, known: Known) -> None:
        """Add a story, original or not; one that is known stays as it was."""
        if known.news_id in self._places:
            return
        story = self._read(known)
        place = self._places[known.news_id] = len(self._stories)
        self._stories.append(story)
        self._times.append(known.published_at)
        if "/" in story.address:
            self._by_address.setdefault(story.address, place)
        for word in story.title.words:
            self._by_word[word].append(place)

    def original_of(self, known: Known) -> str | None:
        """Return the news_id of the story that this one repeats, None for a new one.

        Of a story that repeats a repetition it is the original.
        """
        story = self._read(known)
        place = self._repeated(story, self._places.get(known.news_id, len(self._stories)))
        if place is None:
            return None
        while (earlier := self._repeated(self._stories[place], place)) is not None:
            place = earlier
        return self._stories[place].news_id

    def _read(self, known: Known) -> _Story:
        # A new story is asked for and then added: read it once.
        if self._last is None or self._last[0] != known:
            news_id, title, url, published_at, about = known
            story = _Story(news_id, canonical_url(url), published_at, read_title(title), about)
            self._last = known, story
        return self._last[1]

    def _repeated(self, story: _Story, before: int) -> int | None:
        """Return the place of the story most alike among those that came before."""
        same = self._by_address.get(story.address)
        if same is not None and same < before:
            return same
        best, place = 0.0, None
        for candidate in self._candidates(story, before):
            likeness = self._likeness(story, self._stories[candidate])
            if likeness > best:
                best, place = likeness, candidate
        return place

    def _candidates(self, story: _Story, before: int) -> list[int]:
        lists = [self._by_word[word] for word in story.title.words if word in self._by_word]
        rare = sorted(lists, key=len)[:_RARE]
        first, last = story.published_at - WINDOW, story.published_at + WINDOW
        times = self._times
        return sorted(
            place
            for place in set[int]().union(*(places for places in rare if len(places) <= _OFTEN))
            if place < before and first <= times[place] <= last
        )

    def _likeness(self, story: _Story, other: _Story) -> float:
        """Return how much two titles tell the same, 0 if not the same story."""
        mine, theirs = story.title, other.title
        shared = mine.words & theirs.words
        if len(shared) * 3 < min(len(mine.words), len(theirs.words)) * 2:
            return 0.0
        if not (story.about <= other.about or other.about <= story.about):
            return 0.0
        one_publisher = _host(story) == _host(other)
        if one_publisher or mine.is_regular or theirs.is_regular:
            near = abs(story.published_at - other.published_at) <= _AGAIN
            if not (one_publisher and near):
                return 0.0
        if contradict(mine, theirs):
            return 0.0
        common = self._weight(shared)
        first, second = self._weight(mine.words), self._weight(theirs.words)
        jaccard = common / (first + second - common) if common else 0.0
        strict = one_publisher or min(len(mine.words), len(theirs.words)) <= _SHORT
        if strict:
            return jaccard if jaccard >= _NEARLY_EQUAL else 0.0
        contained = common / min(first, second)
        if jaccard >= _ALIKE or (contained >= _CONTAINED and len(shared) >= _ENOUGH_SHARED):
            return max(jaccard, contained)
        return 0.0

    def _weight(self, words: Iterable[str]) -> float:
        total = len(self._stories) + 1
        return sum(log(1 + total / (1 + len(self._by_word.get(word, ())))) for word in words)


def _host(story: _Story) -> str:
    return story.address.partition("/")[0]
