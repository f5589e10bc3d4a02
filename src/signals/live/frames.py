"""The texts that a connection is sent. Pure; docs/live.md says what they mean to a client."""

import msgspec

from common.topics import Part
from signals.live.log import Logged


def hello(seq: int, topics: frozenset[str], skipped: bool) -> str:
    """Greet: `seq` is the newest number, `skipped` whether older ticks were left out before it."""
    told = {"event": "hello", "seq": seq, "topics": sorted(topics), "skipped": skipped}
    return _encode(told)


def gap(seq: int) -> str:
    """Say that what was missed is not kept, or too much: the client reads all of it anew."""
    return f'{{"event":"gap","seq":{seq}}}'


def pong(seq: int) -> str:
    """Answer a ping: all that this connection wanted up to `seq` was sent before."""
    return f'{{"event":"pong","seq":{seq}}}'


def subscribed(seq: int, topics: frozenset[str]) -> str:
    """Say what a connection wants from the event after `seq` on."""
    return _encode({"event": "subscribed", "seq": seq, "topics": sorted(topics)})


def refused(reason: str) -> str:
    """Say that a message changed nothing, and why."""
    return _encode({"event": "refused", "detail": reason})


def event(one: Logged, part: Part, prev: int) -> str:
    """Return an event as it is sent; `prev` is the number of the one before it on these topics."""
    lists = f'"watchlists":{_encode(part.lists)},' if part.lists else ""
    head = f'{{"seq":{one.seq},"prev":{prev},{lists}'
    if part.rows is None:
        return head + one.body[1:]
    tick = {
        "event": one.event.event, "tick": one.event.tick, "columns": one.event.columns,
        "rows": part.rows,
    }  # fmt: skip
    return head + _encode(tick)[1:]


def server_sent(text: str, seq: int | None) -> str:
    """Return a frame as a server-sent event; `seq` is where to resume (WHATWG HTML, 9.2)."""
    name = "" if seq is None else f"id: {seq}\n"
    return f"{name}data: {text}\n\n"


def _encode(value: object) -> str:
    return msgspec.json.encode(value).decode()
