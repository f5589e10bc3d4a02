"""A rule tried on the stored past of an asset: what the API's preview asks for."""

from collections.abc import Sequence

import msgspec

from common.database import Database
from common.errors import Problem
from signals import market
from signals.detectors.base import Detector, Direction
from signals.preview import DAY, preview
from signals.rule import MOST_DAYS, Rule
from signals.store import past, points

LEARNING_DAYS = 7  # before the asked ones, for the detector to learn from


class Asked(msgspec.Struct, frozen=True):
    """A rule and the asset it is to be tried on: see signals.rule.Rule."""

    type: str
    symbol: str
    params: dict[str, float] = {}
    least_score: float = 1.0
    direction: Direction | None = None
    days: int = 7


async def try_rule(text: str, detectors: Sequence[Detector], database: Database) -> str:
    """Return a Preview as JSON for an Asked as JSON, or {"error": what to change}."""
    asked = msgspec.json.decode(text, type=Asked)
    subject = await past.find(database, asked.symbol)
    if subject is None:
        return _error(f"No asset with the symbol or id {asked.symbol!r} is collected.")
    detector = next((one for one in detectors if one.name == asked.type), None)
    kinds = detector.kinds if detector else ()
    every_source = detector is not None and detector.input == "sources"
    until = await past.newest_tick(database)
    since = until - (min(asked.days, MOST_DAYS) + LEARNING_DAYS) * DAY
    history = await past.load_past(database, subject, kinds, since, until, every_source)
    levels, _ = await points.load_levels(database, since - market.QUARTER)
    rule = Rule(asked.type, asked.params, asked.least_score, asked.direction, asked.days)
    try:
        told = preview(rule, detectors, history, levels, until)
    except Problem as problem:
        return _error(problem.detail)
    return msgspec.json.encode(told).decode()


def _error(detail: str) -> str:
    return msgspec.json.encode({"error": detail}).decode()
