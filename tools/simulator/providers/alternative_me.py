"""alternative.me: the fear and greed index, one value a day at 00:00 UTC.

Shape after recordings. The traps are kept: values and stamps are strings, and only the
newest row says how many seconds are left until the next one.
https://alternative.me/crypto/fear-and-greed-index/
"""

import re
from datetime import UTC, datetime

from tools.simulator.chain_time import sentiment_index
from tools.simulator.instants import DAY
from tools.simulator.provider import Answer, Provider, Request, json_answer

_FIRST_DAY = 17_563  # 2018-02-01
_CLASSES = (
    (25, "Extreme Fear"),
    (46, "Fear"),
    (55, "Neutral"),
    (76, "Greed"),
    (101, "Extreme Greed"),
)
_DATES = {"world": "%d-%m-%Y", "us": "%m-%d-%Y", "cn": "%Y-%m-%d", "kr": "%Y-%m-%d"}


def fear_and_greed(request: Request, _: re.Match[str]) -> Answer:
    """`/fng/`: the newest `limit` days, newest first; 0 is all of them."""
    asked = request.params.get("limit", "1")
    limit = int(asked) if asked.isascii() and asked.isdigit() else 1
    today = request.now // DAY
    days = range(today, _FIRST_DAY - 1, -1)
    form = _DATES.get(request.params.get("date_format", ""))
    rows = [_row(day, form) for day in (days[:limit] if limit else days)]
    if rows:
        rows[0]["time_until_update"] = str((today + 1) * DAY - request.now)
    answer = {"name": "Fear and Greed Index", "data": rows, "metadata": {"error": None}}
    return json_answer(answer, request.now)


def _row(day: int, form: str | None) -> dict[str, str]:
    value = sentiment_index(day)
    stamp = datetime.fromtimestamp(day * DAY, UTC).strftime(form) if form else str(day * DAY)
    label = next(name for limit, name in _CLASSES if value < limit)
    return {"value": str(value), "value_classification": label, "timestamp": stamp}


PROVIDERS = (Provider("api.alternative.me", (("/fng/?", fear_and_greed),)),)
