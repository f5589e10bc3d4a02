"""What an aggregator makes of the newsrooms' stories: posts, most of them repeats.

A post links the story itself with tracking of its own, or a copy on another site under a
slightly different title; a few are videos. So whoever reads both has duplicates to find.
"""

from dataclasses import dataclass

from tools.simulator.coins import Coin
from tools.simulator.headlines import REWORDINGS
from tools.simulator.instants import DAY
from tools.simulator.news import NEWSROOMS, Story
from tools.simulator.provider import World
from tools.simulator.story_links import number_of, slug, story_address

NAMES = {
    "www.coindesk.com": "CoinDesk",
    "cointelegraph.com": "CoinTelegraph",
    "decrypt.co": "Decrypt",
    "bitcoinmagazine.com": "Bitcoin Magazine",
    "www.theblock.co": "The Block",
}
_COPIER = ("Ledger Wire", "ledgerwire.example")
_CHANNEL = ("Chain Talk", "video.example")
_VOTES_GROW = 8 * 3600  # seconds after which a post has had most of its votes


@dataclass(frozen=True, slots=True)
class Post:
    """One post; `created` (Unix s) is when the aggregator had it, some time after `published`."""

    id: int
    story: Story
    title: str
    kind: str
    site: tuple[str, str]
    address: str
    published: int
    created: int
    coin: Coin | None

    @property
    def slug(self) -> str:
        """The title as part of an address, its capitals kept."""
        words = "".join(letter if letter.isalnum() else " " for letter in self.title)
        return "-".join(words.split())

    def votes(self, now: int) -> dict[str, int]:
        """Votes at an instant: more with age, on the side of the story's tone."""
        grown = min(1.0, (now - self.created) / _VOTES_GROW)
        crowd = self.id // 7 % 40 * grown
        side, other = int(crowd), int(crowd / 9)
        good, bad = (other, side) if self.story.tone == "negative" else (side, other)
        if self.story.tone == "neutral":
            good = bad = other
        return {
            "negative": bad,
            "positive": good,
            "important": side // 3,
            "liked": good // 2,
            "disliked": bad // 4,
            "lol": self.id % 3 * side // 12,
            "toxic": bad // 6,
            "saved": side // 5,
            "comments": self.id % 5 * side // 20,
        }


def newest_posts(world: World, now: int, count: int) -> list[Post]:
    """The posts an aggregator has at an instant, newest first."""
    # As many of each newsroom, for any one may have written them all.
    stories = [story for feed in NEWSROOMS for story in world.news.newest(feed, now, count)]
    posts = [_post(story, world) for story in stories]
    seen = [post for post in posts if post.created <= now]
    return sorted(seen, key=lambda post: (-post.published, post.id))[:count]


def recent_subjects(world: World, now: int) -> dict[int, int]:
    """How many stories of the last 24 hours are about each asset."""
    counts: dict[int, int] = {}
    for feed in NEWSROOMS:
        for story in world.news.newest(feed, now, 60):
            if story.asset is not None and story.published > now - DAY:
                counts[story.asset] = counts.get(story.asset, 0) + 1
    return counts


def reword(title: str) -> str:
    """The title as a copy would put it: never the same, of the same tone."""
    changed = title
    for old, new in REWORDINGS:
        changed = changed.replace(old, new)
    return changed if changed != title else f"{title}: report"


def _post(story: Story, world: World) -> Post:
    number = number_of(story)
    kind, title, later = "news", story.title, 0
    site = (NAMES[story.feed], story.feed.removeprefix("www."))
    address = f"{story_address(story)}?utm_source=cryptopanic&utm_medium=rss"
    if number % 4 == 0:
        title, site, later = reword(story.title), _COPIER, number % 1800
        address = f"https://{_COPIER[1]}/{slug(story)}"
    elif number % 13 == 1:
        kind, title, site, later = "media", f"{story.title} (video)", _CHANNEL, 3600
        address = f"https://{_CHANNEL[1]}/watch?v={story.digest[:11]}"
    published = story.published + later
    coin = None if story.asset is None else world.market.coins[story.asset]
    created = published + number % 240
    return Post(number, story, title, kind, site, address, published, created, coin)
