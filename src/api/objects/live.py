"""Live connections: who may open which, and at which shard of the hub.

All connections of one caller hang on the same shard, which therefore counts them exactly.
"""

import hashlib
import re
import secrets
import zlib
from collections.abc import AsyncIterator

import msgspec

from api.limits.plans import address_subject
from api.permissions import admit, allowed
from api.routing import Reads
from common.envelope import Answer
from common.errors import Problem
from common.times import iso
from common.topics import of_kind, read_topics

TICKET_SECONDS = 30
AUTHORISED_SECONDS = 3_600  # then a connection proves anew whose it is
MOST_OF_USER, MOST_OF_ADDRESS = 20, 50
EVENT_STREAM = "text/event-stream"
TICKET = r"^lt_[0-9]{1,4}_[A-Za-z0-9_-]{43}$"

_ticket = re.compile(r"lt_([0-9]{1,4})_[A-Za-z0-9_-]{43}", re.A)


async def open_live(
    reads: Reads, topics: str, after: int | None, ticket: str | None, *, upgrade: bool
) -> Answer:
    """Authorise a connection and open it at its shard; what is opened takes the answer's place.

    Raises Problem 400 for topics, 401 for a used ticket, 403, 404 for another's
    watchlist, 426 for a request that asks for no WebSocket, 429 for too many
    connections, 503 where a shard is full.
    """
    if upgrade and (reads.header("upgrade") or "").lower() != "websocket":
        raise Problem(
            426, "upgrade-required", "Open this address as a WebSocket; /live/events is the same"
            " as server-sent events.", {"upgrade": "websocket", "connection": "Upgrade"},
        )  # fmt: skip
    try:
        wanted = read_topics(topics.split(","))
    except ValueError as error:
        raise Problem(400, "invalid-parameter", f"topics: {error}.") from None
    opening: dict[str, object] = {"topics": sorted(wanted), "after": _cursor(after, reads)}
    named = _ticket.fullmatch(ticket or "")
    if named is not None:
        shard = int(named[1]) % _shards(reads)
        opening["ticket"] = _digest(str(ticket))
    else:
        who = _who(reads)
        if of_kind("watchlist", wanted) and who["owner"] is None:
            admit(reads.principal, "watchlists:read")
        shard = _shard(str(who["subject"]), reads)
        opening["who"] = who
    opening["shard"] = _name(shard)
    await reads.outside.open_live(_name(shard), msgspec.json.encode(opening).decode(), upgrade)
    if upgrade:
        return Answer(101, {}, "")
    return Answer(200, {"content-type": f"{EVENT_STREAM}; charset=utf-8"}, _nothing())


async def make_ticket(reads: Reads) -> str:
    """Return a ticket for the caller as JSON; its shard keeps what it is good for."""
    who = _who(reads)
    shard = _shard(str(who["subject"]), reads)
    text = f"lt_{shard}_{secrets.token_urlsafe(32)}"
    until = int(reads.now) + TICKET_SECONDS
    kept = {"digest": _digest(text), "until": until, "who": who}
    await reads.outside.keep_ticket(_name(shard), msgspec.json.encode(kept).decode())
    return msgspec.json.encode({"ticket": text, "expires_at": iso(until)}).decode()


def _who(reads: Reads) -> dict[str, object]:
    """Return who connects (signals.live.asked.Who). Raises Problem 401, 403."""
    principal = reads.principal
    if principal.kind != "guest":
        if not allowed(principal, "dashboard:read"):
            admit(principal, "signals:read")
        lists = allowed(principal, "watchlists:read")
        return {
            "subject": f"user:{principal.user_id}", "most": MOST_OF_USER,
            "owner": principal.user_id if lists else None, "seconds": AUTHORISED_SECONDS,
        }  # fmt: skip
    return {"subject": address_subject(reads.address), "most": MOST_OF_ADDRESS, "owner": None}


def _cursor(after: int | None, reads: Reads) -> int | None:
    """Return where to resume: what a browser says of a stream is newer than the address."""
    last = reads.header("last-event-id") or ""
    return int(last) if last.isdecimal() and last.isascii() and len(last) < 16 else after


def _shards(reads: Reads) -> int:
    return max(1, int(reads.setting("LIVE_SHARDS", "8")))


def _shard(subject: str, reads: Reads) -> int:
    return zlib.crc32(subject.encode()) % _shards(reads)


def _name(shard: int) -> str:
    return f"shard-{shard}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


async def _nothing() -> AsyncIterator[str]:
    """Nothing: what was opened is what is sent."""
    return
    yield ""
