"""`python -m bench.newsroom`: the simulator with long feeds of which every story is new.

A provider's feed holds 25 stories, few of them new at a tick. To measure a
tick that has 300 to read and to store, each feed holds ITEMS and the news of
every quarter hour are those of another seed. Everything else is the simulator.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import get_args

import uvicorn

from tools.simulator.app import create_app, simulated_world
from tools.simulator.clock import Clock
from tools.simulator.coins import COUNT, Coin
from tools.simulator.events import Schedule
from tools.simulator.news import SimulatedNews, Story
from tools.simulator.provider import Scale, World

ITEMS = 50
QUARTER = 900


class FreshNews:
    """The simulated news, other ones each quarter hour, at least ITEMS in a feed."""

    def __init__(self, seed: int, coins: Sequence[Coin], schedule: Schedule) -> None:
        self._of_quarter = lru_cache(maxsize=2)(
            lambda quarter: SimulatedNews(seed + quarter, coins, schedule)
        )

    def newest(self, feed: str, now: int, count: int) -> list[Story]:
        """The newest stories of a feed at an instant, newest first."""
        news: SimulatedNews = self._of_quarter(now // QUARTER)
        return news.newest(feed, now, max(count, ITEMS))


def fresh_world(seed: int, clock: Clock, coins: int, scale: Scale) -> World:
    """The simulated world of a seed with news of this kind."""
    world = simulated_world(seed, clock, coins, scale)
    assert world.schedule is not None
    return replace(world, news=FreshNews(seed, world.market.coins, world.schedule))


def main() -> None:
    """Serve it on the port that is asked for until stopped."""
    parser = argparse.ArgumentParser(prog="python -m bench.newsroom", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--coins", type=int, default=COUNT)
    parser.add_argument("--scale", choices=get_args(Scale), default="normal")
    parser.add_argument("--ledger", help="not used: nobody pays here")
    args = parser.parse_args()
    world = fresh_world(args.seed, Clock(), args.coins, args.scale)
    uvicorn.run(create_app(world), port=args.port, log_level="warning", lifespan="off")


if __name__ == "__main__":
    main()
