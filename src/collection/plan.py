"""What a tick has to ask: which endpoints are due, at which addresses, with which budget.

An endpoint is due when it has not succeeded since the last multiple of its
cadence, so one that failed on the hour is asked again a quarter later, and a
new deployment asks everything at once.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from collection.budget import Wish, admission
from collection.fetch import Ask
from collection.source import Endpoint, Fill, Source
from collection.store.runs import Memory, Validators
from common.settings import Settings
from common.times import iso

RETRIES = 2  # requests of the budget that an endpoint may need again
ASSETS_PER_PAGE = 250
TICK_SECONDS = 900
MOST_LISTED = 5000  # what providers give at most in one list


class Largest(NamedTuple):
    """What is known of the largest assets: ids, and contracts by id."""

    assets: Sequence[str]
    contracts: Mapping[str, Sequence[str]]


class Call(NamedTuple):
    """One request of an endpoint: `number` from 1, `digest` names its address."""

    number: int
    digest: str
    ask: Ask


class Work(NamedTuple):
    """An endpoint that is due, its requests, and the validators of its addresses."""

    endpoint: Endpoint
    calls: list[Call]
    validators: Validators


class Plan(NamedTuple):
    """What is due of a source; `off` and `held` say why nothing is asked."""

    source: Source
    works: list[Work]
    wish: Wish
    off: str | None = None
    held: str | None = None
    probe: bool = False
    not_before: int = 0


def plan(
    source: Source,
    tick: int,
    memory: Memory,
    largest: Largest,
    settings: Settings,
    keys: Mapping[str, str],
) -> Plan | None:
    """Return what `source` has to be asked at `tick`; None when nothing is due.

    A source with history has always something to do: the past of new assets.
    """
    nothing = Wish(0, source.requests_per_minute, source.burst)
    key = keys.get(source.key_name or "", "")
    if source.off_reason:
        return Plan(source, [], nothing, off=source.off_reason)
    if source.key_required and not key:
        return Plan(source, [], nothing, off=f"{source.key_name} is not set")
    failures, not_before = memory.sources.get(source.name, (0, 0))
    done = memory.of(source.name)
    works: list[Work] = []
    for endpoint in source.endpoints:
        last_success, validators = done.get(endpoint.name, (None, {}))
        if not is_due(endpoint, tick, last_success):
            continue
        if not endpoint.conditional or (last_success is not None and last_success > tick):
            validators = {}
        if calls := _calls(source, endpoint, largest, settings, key, validators):
            works.append(Work(endpoint, calls, validators))
    if not works and source.history is None:
        return None
    admitted = admission(failures, not_before, tick)
    if admitted == "none":
        held = f"asked not to be called before {iso(not_before)}"
        return Plan(source, works, nothing, held=held, not_before=not_before)
    requests = sum(len(work.calls) + RETRIES for work in works)
    if source.history:
        requests += settings.history_assets_per_tick * len(source.history.urls) + 2 * RETRIES
    wish = Wish(requests, source.requests_per_minute, source.burst)
    return Plan(source, works, wish, probe=admitted == "probe")


def is_due(endpoint: Endpoint, tick: int, last_success: int | None) -> bool:
    """Whether an endpoint is to be asked.

    A tick fired by hand, off the grid, asks everything, and so does one that
    lies before the last success: of that nothing is remembered.
    """
    if last_success is None or tick % TICK_SECONDS:
        return True
    return not tick - tick % endpoint.cadence <= last_success <= tick


def _calls(
    source: Source,
    endpoint: Endpoint,
    largest: Largest,
    settings: Settings,
    key: str,
    validators: Validators,
) -> list[Call]:
    headers = dict(source.headers)
    if source.key_header and key:
        headers[source.key_header] = key
    calls = []
    pages = range(1, settings.market_pages + 1) if endpoint.paged else (1,)
    urls = [endpoint.url.replace("{page}", str(page)) for page in pages]
    if endpoint.fill is not None:
        urls = [
            url.replace("{items}", items)
            for url in urls
            for items in _items(endpoint.fill, largest)
        ]
    limit = min(settings.market_pages * ASSETS_PER_PAGE, MOST_LISTED)
    for number, url in enumerate(urls, 1):
        full = url.replace("{limit}", str(limit))
        digest = hashlib.blake2b(full.encode(), digest_size=6).hexdigest()
        known = validators.get(digest, (None, None))
        ask = Ask(full.replace("{key}", key), headers, endpoint.post, known, endpoint.max_bytes)
        calls.append(Call(number, digest, ask))
    return calls


def _items(fill: Fill, largest: Largest) -> list[str]:
    """Return the items of each address, joined by commas."""
    found = list(fill.values)
    if fill.known == "asset":
        found += largest.assets[: fill.at_most]
    elif fill.known == "address":
        start = f"{fill.chain}:"
        found += [
            contract[len(start) :]
            for asset in largest.assets
            for contract in largest.contracts.get(asset, ())
            if contract.startswith(start)
        ]
    found = [fill.form.replace("{}", item) for item in found[: fill.at_most]]
    return [
        ",".join(found[start : start + fill.chunk]) for start in range(0, len(found), fill.chunk)
    ]
