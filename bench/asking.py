"""Asking without repeating oneself: many addresses once each, and whether answers are the same."""

import asyncio
import time
from collections.abc import Sequence
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import msgspec

from bench import load
from bench.load import BadAnswerError, Round, Target


class SourcePrice(msgspec.Struct):
    """What is compared of a source's row."""

    source: str
    price: float


class Quote(msgspec.Struct):
    """What is compared of an answer."""

    asset_id: str
    price: float
    volume_24h: float | None
    sources: list[SourcePrice]


class Quoted(msgspec.Struct):
    """An answer of any of them."""

    data: Quote


def once_each(targets: Sequence[Target], connections: int) -> Round:
    """Ask for each of `targets`, all of one host, once."""
    return asyncio.run(_once_each(targets, connections))


async def _once_each(targets: Sequence[Target], connections: int) -> Round:
    parts = urlsplit(targets[0].url)
    wires = iter([target.request() for target in targets])
    latencies: list[float] = []
    opened = [await asyncio.open_connection(parts.hostname, parts.port) for _ in range(connections)]

    async def drive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for wire in wires:
            began = time.perf_counter()
            writer.write(wire)
            await load.read_answer(reader)
            latencies.append(time.perf_counter() - began)

    began = time.perf_counter()
    try:
        await asyncio.gather(*(drive(*streams) for streams in opened))
        return Round(time.perf_counter() - began, latencies)
    finally:
        for _, writer in opened:
            writer.close()


def spellings(names: Sequence[str], rounds: int) -> list[list[str]]:
    """Return, for each round, the names in upper and lower case as in no other round.

    Names with too few letters for that are left out.
    """
    long = [name for name in names if sum(map(str.isalpha, name)) >= rounds.bit_length()]
    return [[_spelt(name, number) for name in long] for number in range(1, rounds + 1)]


def _spelt(name: str, number: int) -> str:
    """Return `name` with the letters in upper case that are bits of `number`."""
    at = [place for place, letter in enumerate(name) if letter.isalpha()]
    upper = {place for bit, place in enumerate(at[:30]) if number >> bit & 1}
    return "".join(c.upper() if place in upper else c for place, c in enumerate(name))


def require_same_rows(bodies: Sequence[bytes]) -> None:
    """Raise BadAnswerError unless all answers are of the same rows."""
    first, *others = (msgspec.json.decode(body, type=Quoted) for body in bodies)
    if not first.data.sources or any(other != first for other in others):
        raise BadAnswerError(f"the peers answer other rows: {[first, *others]}")


def body_of(target: Target) -> bytes:
    """Return the body of one answer."""
    request = Request(target.url, headers=dict(target.headers))
    with urlopen(request, timeout=load.ANSWER_SECONDS) as answer:
        body: bytes = answer.read()
        return body
