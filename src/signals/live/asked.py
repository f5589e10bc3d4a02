"""What the API Worker says of a connection that it has authorised, and what clients say on one."""

from typing import Annotated, Literal

import msgspec

from common.topics import read_topics

LONGEST_MESSAGE = 16_384
MOST_MESSAGES, MESSAGE_SECONDS = 40, 20.0
DIGEST = "^[0-9a-f]{64}$"


class Who(msgspec.Struct, frozen=True):
    """Who connects: whose connections are counted together and how many there may be.

    `owner` is whose watchlists may be followed, `seconds` for how long the
    authorisation holds (0: for ever).
    """

    subject: str
    most: int
    owner: str | None = None
    seconds: int = 0


class Opening(msgspec.Struct, frozen=True):
    """A connection to be opened. It has `who`, or the digest of a ticket that names it."""

    shard: str
    topics: list[str]
    after: int | None = None
    who: Who | None = None
    ticket: str | None = None


class Ticket(msgspec.Struct, frozen=True):
    """Leave to connect once, before `until` (epoch seconds)."""

    digest: Annotated[str, msgspec.Meta(pattern=DIGEST)]
    until: int
    who: Who


class Change(msgspec.Struct, forbid_unknown_fields=True):
    """What a client may say: it wants further topics, or some no more."""

    op: Literal["subscribe", "unsubscribe"]
    topics: list[str]


_changes = msgspec.json.Decoder(Change)


def changed(message: str, topics: frozenset[str]) -> frozenset[str]:
    """Return the topics after a client's message. Raises ValueError that says what is wrong."""
    if len(message) > LONGEST_MESSAGE:
        raise ValueError(f"a message has at most {LONGEST_MESSAGE} characters")
    try:
        change = _changes.decode(message)
    except msgspec.MsgspecError as error:
        raise ValueError(f"not a message that is known here: {error}") from None
    named = read_topics(change.topics)
    return read_topics(topics | named if change.op == "subscribe" else topics - named)


class Patience:
    """How much a client says: at most MOST_MESSAGES in MESSAGE_SECONDS."""

    def __init__(self) -> None:
        self._said: dict[str, tuple[float, int]] = {}

    def is_over(self, name: str, now: float) -> bool:
        """Count a message of the connection `name`; whether it was one too many."""
        began, count = self._said.get(name, (now, 0))
        if now - began >= MESSAGE_SECONDS:
            began, count = now, 0
        self._said[name] = began, count + 1
        return count >= MOST_MESSAGES

    def forget(self, name: str) -> None:
        """Forget a connection."""
        self._said.pop(name, None)
