"""The simulator's market as the product collects it: a history for detection, with its events.

Two weeks of hourly prices come first, as the product loads them of a new asset. From START
on every tick has what three sources say of each coin and the price that the product agrees
on, the stories with the product's own tone and entities, repetitions merged, and every hour
the value locked in each protocol. All answers are those of the simulator's providers, ASKED
seconds after the tick. Events that the simulator draws seldom or never are planted.

Simpler than a real collection: no source fails, nothing is late, and repetitions are looked
for among the stories of up to three days instead of two.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from collection.consensus import Coverage, Price, agree
from collection.news.duplicates import Known, Recent
from collection.news.entities import Dictionary, Names
from collection.news.sentiment import tone
from signals.detectors.base import SourceQuote
from signals.history import History, Readings
from signals.series import Asset, Observation, Read, Series, Told
from signals.store.points import HISTORY_SECONDS
from signals.store.readings import READINGS_NUMBER
from tools.simulator.clock import Clock
from tools.simulator.cmc_rows import cmc_prices
from tools.simulator.coins import Coin, all_coins
from tools.simulator.defi_protocols import locked, protocols_of
from tools.simulator.events import LEAD_DAYS, Event, Schedule
from tools.simulator.instants import DAY, parse_iso
from tools.simulator.kraken_pairs import pairs_of
from tools.simulator.market import SimulatedMarket
from tools.simulator.news import NEWSROOMS, SimulatedNews, Story
from tools.simulator.provider import World
from tools.simulator.providers.kraken import HOST as KRAKEN
from tools.simulator.venues import off_by

START = parse_iso("2026-11-02T00:00:00Z")
TEACHING = 2  # days after START that only teach
TICK, HOUR = 900, 3600
ASKED = 30  # seconds after a tick at which the providers are asked
COVERAGE: dict[str, Coverage] = {
    "coingecko": "aggregate", "coinmarketcap": "aggregate", "kraken": "venue",
}  # fmt: skip
_IN_A_FEED = 25  # stories
_MOST_A_DAY = 100  # stories of a feed
_OWN_SHARE = 0.02  # of all volume that one venue has


@dataclass(frozen=True)
class Lived:
    """What was collected, and what was going on.

    `told` has, by event, when each of its stories was published and by whom, of those that
    were understood to be about its coin. What is before `first` only teaches.
    """

    history: History
    coins: tuple[Coin, ...]
    events: list[Event]
    told: dict[str, list[tuple[int, str]]]
    first: int
    until: int


def live(seed: int, days: int, places: Collection[int] | None = None) -> Lived:
    """Live through `days` that count; with `places` only with those coins and all protocols."""
    coins = all_coins()
    schedule = Schedule(seed, coins)
    first = START + TEACHING * DAY
    until = first + days * DAY
    market, news = SimulatedMarket(seed, coins, schedule), SimulatedNews(seed, coins, schedule)
    world = World(Clock(START), market, news, schedule)
    _plant(schedule, world, np.random.default_rng([seed, 30]), first, until)
    watched = sorted(range(len(coins)) if places is None else places)
    events = [
        one
        for one in schedule.between(START, until)
        if one.asset in watched or one.kind == "tvl_outflow"  # all protocols are watched
    ]
    stories, told = _stories(world, events, until)
    history = History(
        _assets(market, watched, stories, until), {"protocol_tvl": _readings(world, until)}
    )
    return Lived(history, coins, events, told, first, until)


def _plant(
    schedule: Schedule, world: World, rng: np.random.Generator, first: int, until: int
) -> None:
    """Plant what is not drawn, of any size: a depeg of each coin every 2 days, an outflow once.

    Once, because the value takes a week to come back.
    """
    for coin in schedule.coins:
        if coin.stable and not coin.follows:
            for day in range(first, until, 2 * DAY):
                at = day + int(rng.integers(DAY))
                schedule.plant("depeg", coin.id, at, round(float(rng.uniform(0.04, 0.12)), 4))
    for one in protocols_of(world.market, world.scale):
        if one.coin is not None and not one.unknown:
            at = int(rng.integers(first, until - 4 * HOUR))
            size = round(float(rng.uniform(0.3, 0.8)), 3)
            schedule.plant("tvl_outflow", schedule.coins[one.coin].id, at, size)


def _assets(
    market: SimulatedMarket, watched: Sequence[int], stories: dict[str, list[Told]], until: int
) -> list[Asset]:
    hours = np.arange(START - HISTORY_SECONDS, START, HOUR, dtype=np.int64)
    assets = []
    for place in watched:
        coin = market.coins[place]
        prices, volumes = market.history(place, hours)
        past = [
            Observation(at, float(p), float(v), float(p) * coin.supply, at, "coingecko")
            for at, p, v in zip(hours.tolist(), prices, volumes, strict=True)
        ]
        new = sorted(stories.get(coin.id, []), key=lambda s: (s.tick, s.time, s.news_id))
        assets.append(Asset(place + 1, coin.id, coin.symbol, past, [], new))
    traded = {one.place: one.name for one in pairs_of(market) if one.quote == "USD" and one.traded}
    quotes: list[list[tuple[int, list[SourceQuote]]]] = [[] for _ in watched]
    for tick in range(START, until + 1, TICK):
        now = tick + ASKED
        seen, other = market.snapshot(now), cmc_prices(market, now)
        for one, mine, place in zip(assets, quotes, watched, strict=True):
            price, volume = float(f"{seen.price[place]:.6g}"), float(seen.volume[place])
            cap, stamp = price * market.coins[place].supply, int(seen.updated[place])
            said = [
                Price("coingecko", price, volume, cap, stamp),
                Price("coinmarketcap", float(other[place]), volume * 1.04, cap, stamp // 60 * 60),
            ]
            if name := traded.get(place):
                own = float(seen.price[place]) * off_by(f"{KRAKEN}/{name}", now)
                said.append(Price("kraken", own, volume * _OWN_SHARE, None, tick))
            mine.append((tick, [SourceQuote(p.source, p.price, p.observed_at) for p in said]))
            if agreed := agree(said, COVERAGE, tick):
                one.prices.append(Observation(tick, *agreed[:4], "consensus"))
    return [one._replace(quotes=mine) for one, mine in zip(assets, quotes, strict=True)]


def _stories(
    world: World, events: Sequence[Event], until: int
) -> tuple[dict[str, list[Told]], dict[str, list[tuple[int, str]]]]:
    """Return the stories of each coin, and of each event those that were told of its coin."""
    coins = world.market.coins
    dictionary = Dictionary(Names(one.id, one.symbol, one.name) for one in coins)
    telling = [one for one in events if one.kind in ("news_move", "sentiment_turn")]
    of_coin: dict[str, list[Told]] = {}
    of_event: dict[str, list[tuple[int, str]]] = {}
    known: list[Known] = []
    recent, day = Recent(()), 0
    for tick, story in _collected(world, until):
        if tick // DAY > day:  # the product reads the recent ones anew at every tick
            day = tick // DAY
            known = [one for one in known if one.published_at > tick - LEAD_DAYS * DAY]
            recent = Recent(known)
        mentions = dictionary.find(story.title, from_crypto=True)
        about = frozenset(one.entity.name for one in mentions if one.entity.kind == "asset")
        url = f"https://{story.feed}/{story.digest}"
        new = Known(story.digest, story.title, url, story.published, about)
        if recent.original_of(new) is not None:
            continue
        recent.add(new)
        known.append(new)
        heard = Told(story.published, tick, tone(story.title), story.feed, story.digest)
        for name in about:
            of_coin.setdefault(name, []).append(heard)
        for one in telling:
            is_of = f"/{one.id}/{one.start}/" in story.key and story.published >= one.start
            if is_of and coins[one.asset].id in about:
                of_event.setdefault(one.id, []).append((story.published, story.feed))
    return of_coin, {name: sorted(some) for name, some in of_event.items()}


def _collected(world: World, until: int) -> list[tuple[int, Story]]:
    """Return every story and the tick that finds it, in the order of storing."""
    found: dict[str, tuple[int, Story]] = {}
    for feed in NEWSROOMS:
        for story in world.news.newest(feed, START + ASKED, _IN_A_FEED):
            found[story.digest] = START, story
        for day in range(START + DAY, until + 1, DAY):
            for story in world.news.newest(feed, day + ASKED, _MOST_A_DAY):
                if story.published > day - DAY + ASKED:
                    tick = -(-(story.published - ASKED) // TICK) * TICK
                    found[story.digest] = tick, story
    return sorted(found.values(), key=lambda one: (one[0], one[1].feed, -one[1].published))


def _readings(world: World, until: int) -> list[Readings]:
    hours = range(START, until + 1, HOUR)
    values = [locked(world, hour + ASKED).tolist() for hour in hours]
    found = []
    for place, one in enumerate(protocols_of(world.market, world.scale)):
        if one.unknown:
            continue
        key = f"protocol_tvl:{one.slug}"
        coin = None if one.coin is None else world.market.coins[one.coin]
        series = Series(
            READINGS_NUMBER + place, key, coin.id if coin else key,
            coin.symbol if coin else one.name.upper(), [],
        )  # fmt: skip
        read = [
            Read(hour, row[place], "defillama") for hour, row in zip(hours, values, strict=True)
        ]
        found.append((series, read))
    return found
