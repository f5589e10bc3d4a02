"""What administrators are told of the sources that the database does not know.

Budgets, cadences and what is due are in the sources' declarations, which only this Worker has.
"""

from collections.abc import Iterable, Mapping

import msgspec

from collection.budget import admission
from collection.plan import TICK_SECONDS
from collection.source import Endpoint, Source
from collection.store.runs import Memory
from common.times import iso

BREAKER = {"all": "closed", "probe": "probing", "none": "waiting"}


def declared(sources: Iterable[Source], memory: Memory, keys: Mapping[str, str], now: int) -> str:
    """Return what is declared of each shared source, by name, as JSON; `now` in epoch seconds."""
    tick = (now // TICK_SECONDS + 1) * TICK_SECONDS
    told = {}
    for source in sources:
        if not source.shared:
            continue
        failures, not_before = memory.sources.get(source.name, (0, 0))
        done = memory.of(source.name)
        off = source.off_reason
        if source.key_required and not keys.get(source.key_name or ""):
            off = off or f"{source.key_name} is not set"
        told[source.name] = {
            "per_minute": source.requests_per_minute, "burst": source.burst, "off": off,
            "breaker": BREAKER[admission(failures, not_before, tick)],
            "not_before": iso(not_before) if not_before > now else None,
            "endpoints": [
                _endpoint(one, done.get(one.name, (None, {}))[0], tick)
                for one in source.endpoints
            ],
        }  # fmt: skip
    return msgspec.json.encode(told).decode()


def _endpoint(endpoint: Endpoint, last_success: int | None, tick: int) -> dict[str, object]:
    """Return what is told of an endpoint; it is due at the first tick of its next cadence."""
    due = tick
    if last_success is not None:
        due = max(tick, last_success - last_success % endpoint.cadence + endpoint.cadence)
    return {
        "name": endpoint.name,
        "cadence_seconds": endpoint.cadence,
        "last_success": None if last_success is None else iso(last_success),
        "due_at": iso(due),
    }
