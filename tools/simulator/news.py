"""The simulated news: background stories of every day, and the stories of the events."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

import numpy as np

from tools.simulator.coins import Coin
from tools.simulator.events import LEAD_DAYS, Event, Schedule
from tools.simulator.headlines import AUTHORS, BY_TONE, GENERAL, PARTIES
from tools.simulator.instants import DAY

FEEDS = ("www.coindesk.com", "cointelegraph.com", "decrypt.co", "bitcoinmagazine.com")
# A feed that tells its own stories and, late, those of the others, who do not tell its own.
FOLLOWER = "www.theblock.co"
NEWSROOMS = (*FEEDS, FOLLOWER)
_PER_FEED_AND_DAY = 6
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Story:
    """One item of one feed; `key` is unique and stable, `published` in Unix seconds."""

    key: str
    feed: str
    published: int
    title: str
    summary: str
    author: str
    category: str
    tone: str
    asset: int | None

    @property
    def digest(self) -> str:
        """32 hexadecimal digits that belong to the story for good."""
        return hashlib.blake2b(self.key.encode(), digest_size=16).hexdigest()


class NewsSource(Protocol):
    """What a feed needs of the news."""

    def newest(self, feed: str, now: int, count: int) -> list[Story]:
        """The newest stories of a feed at an instant, newest first."""


class SimulatedNews:
    """News as a function of the seed, the date and the schedule of events."""

    def __init__(self, seed: int, coins: Sequence[Coin], schedule: Schedule) -> None:
        self._seed = seed
        self._coins = coins
        self._schedule = schedule
        named = [index for index, coin in enumerate(coins) if not coin.stable]
        self._written_about = named[:70]
        self._background = lru_cache(maxsize=1024)(self._write_background)
        self._event_stories = lru_cache(maxsize=8192)(self._write_event)

    def newest(self, feed: str, now: int, count: int) -> list[Story]:
        """The newest stories of a feed at an instant, newest first."""
        day = now // DAY
        found: list[Story] = []
        # An event's stories may come up to two days before its day and a few hours after.
        # So the walk back goes on for as many days once there are enough.
        origin, enough = day + LEAD_DAYS, 0
        while enough <= LEAD_DAYS:
            found += [
                story
                for story in self._of_day(origin)
                if story.feed == feed and story.published <= now
            ]
            enough += len(found) >= count
            origin -= 1
        return sorted(found, key=lambda story: (-story.published, story.key))[:count]

    def _of_day(self, day: int) -> list[Story]:
        of_events = [
            story for event in self._schedule.of_day(day) for story in self._event_stories(event)
        ]
        return [*self._background(day), *of_events]

    def _write_background(self, day: int) -> tuple[Story, ...]:
        # Draws of their own: the stories of the other feeds are the same with and without it.
        stories = self._write_feeds(np.random.default_rng([self._seed, 4, day]), day, FEEDS)
        rng = np.random.default_rng([self._seed, 6, day])
        retold = [_retold(story, rng) for story in stories if rng.random() < 0.15]
        return (*stories, *self._write_feeds(rng, day, (FOLLOWER,)), *retold)

    def _write_feeds(self, rng: np.random.Generator, day: int, feeds: Sequence[str]) -> list[Story]:
        # Before a coin's sentiment turns, what is written about it has the other tone.
        coming = {
            asset: turn
            for later in range(LEAD_DAYS + 1)
            for asset, turn in self._schedule.drawn_turns(day + later).items()
        }
        stories: list[Story] = []
        for feed in feeds:
            for number in range(_PER_FEED_AND_DAY):
                published = day * DAY + int(rng.integers(DAY))
                key = f"{self._seed}/{day}/{feed}/{number}"
                if rng.random() < 0.2:
                    stories.append(self._general(rng, key, feed, published))
                    continue
                # Squaring the draw makes the large coins the usual subject.
                asset = self._written_about[int(rng.random() ** 2 * len(self._written_about))]
                tone = str(rng.choice(["positive", "neutral", "negative"], p=[0.35, 0.35, 0.3]))
                turn = coming.get(asset)
                if turn and published < turn.start:
                    tone = "negative" if turn.size > 0 else "positive"
                stories += self._pair(rng, key, feed, published, tone, asset)
        return stories

    def _pair(
        self, rng: np.random.Generator, key: str, feed: str, published: int, tone: str, asset: int
    ) -> list[Story]:
        """A story and, one time in four, the same in another feed under another title."""
        template = int(rng.integers(len(BY_TONE[tone])))
        fills = self._fills(rng, asset)
        stories = [self._story(rng, key, feed, published, tone, asset, (template, 0), fills)]
        if feed != FOLLOWER and rng.random() < 0.25:
            other = FEEDS[(FEEDS.index(feed) + 1 + int(rng.integers(3))) % len(FEEDS)]
            later = published + int(rng.integers(5, 60)) * _MINUTE
            stories.append(
                self._story(rng, f"{key}/2", other, later, tone, asset, (template, 1), fills)
            )
        return stories

    def _write_event(self, event: Event) -> tuple[Story, ...]:
        if event.kind not in ("news_move", "sentiment_turn"):
            return ()
        salt = int(hashlib.blake2b(event.id.encode(), digest_size=6).hexdigest(), 16)
        rng = np.random.default_rng([self._seed, 5, salt])
        tone, other = ("positive", "negative") if event.size > 0 else ("negative", "positive")
        if event.kind == "news_move":
            count = int(rng.integers(3, 6))
            offsets = np.linspace(0, 19 * _MINUTE, count)
            tones = [tone] * count
        else:
            count = int(rng.integers(7, 10))
            offsets = np.linspace(0, event.end - event.start - _MINUTE, count)
            tones = [tone] * count
            if not event.planted:  # planting never rewrites what was published before it
                before = rng.integers(-40, -6, size=3) * 3600.0
                offsets = np.concatenate((offsets, before))
                tones += [other] * len(before)
        first = int(rng.integers(len(FEEDS)))
        stories = []
        for number, (offset, its_tone) in enumerate(zip(offsets, tones, strict=True)):
            feed = FEEDS[(first + number) % len(FEEDS)]
            # Consecutive templates, so that no two titles of one event are equal.
            template = (number // 2 + first) % len(BY_TONE[its_tone])
            stories.append(
                self._story(
                    rng,
                    f"{self._seed}/{event.id}/{event.start}/{number}",
                    feed,
                    event.start + int(offset),
                    its_tone,
                    event.asset,
                    (template, number % 2),
                    self._fills(rng, event.asset),
                )
            )
        return tuple(stories)

    def _story(
        self,
        rng: np.random.Generator,
        key: str,
        feed: str,
        published: int,
        tone: str,
        asset: int,
        template: tuple[int, int],
        fills: dict[str, str],
    ) -> Story:
        number, variant = template
        titles = BY_TONE[tone][number]
        title = titles[variant].format(**fills)
        summary = f"{titles[1 - variant].format(**fills)}."
        category = "Markets" if tone == "neutral" else "News"
        author = AUTHORS[int(rng.integers(len(AUTHORS)))]
        return Story(key, feed, published, title, summary, author, category, tone, asset)

    def _general(self, rng: np.random.Generator, key: str, feed: str, published: int) -> Story:
        tone, template = GENERAL[int(rng.integers(len(GENERAL)))]
        title = template.format(**self._fills(rng, None))
        author = AUTHORS[int(rng.integers(len(AUTHORS)))]
        return Story(key, feed, published, title, f"{title}.", author, "Policy", tone, None)

    def _fills(self, rng: np.random.Generator, asset: int | None) -> dict[str, str]:
        coin = None if asset is None else self._coins[asset]
        return {
            "coin": coin.name if coin else "",
            "symbol": coin.symbol if coin else "",
            "percent": str(int(rng.integers(4, 19))),
            "millions": str(int(rng.integers(12, 480))),
            "party": PARTIES[int(rng.integers(len(PARTIES)))],
        }


def _retold(story: Story, rng: np.random.Generator) -> Story:
    """The story as the follower tells it some time later: title and summary change places."""
    return replace(
        story,
        key=f"{story.key}/{FOLLOWER}",
        feed=FOLLOWER,
        published=story.published + int(rng.integers(10, 90)) * _MINUTE,
        title=story.summary.removesuffix("."),
        summary=f"{story.title}.",
    )
