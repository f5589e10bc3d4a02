"""What a browser keeps for us between two requests, in a cookie that it can neither change
nor use twice: challenges, the state of a sign-in elsewhere, a sign-in that waits for its code.

Nothing is stored for who only opens the page: a seal costs no row, and the one row that a
step costs is written when it is taken.
"""

import hmac
import secrets
from typing import Any, Literal

import msgspec

from common.database import Database, Statement
from dashboard.encoding import b64decode, b64encode
from dashboard.keys import keyed

Kind = Literal["passkey", "mfa", "oauth", "device"]
LONGEST = 3_000
MARK_USED = """
INSERT INTO used_steps (step_id, expires_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING
"""
FORGET = "DELETE FROM used_steps WHERE expires_at <= ?1"


class Seal(msgspec.Struct, array_like=True):
    """What is sealed: a random id, when it ends (epoch seconds), and the content."""

    step_id: str
    expires_at: int
    content: msgspec.Raw


def seal(key: bytes, kind: Kind, content: msgspec.Struct, expires_at: int) -> str:
    """Return `content` as a text that only who has `key` can have made."""
    inner = Seal(secrets.token_hex(16), expires_at, msgspec.Raw(msgspec.json.encode(content)))
    text = b64encode(msgspec.json.encode(inner))
    return f"{text}.{_mac(key, kind, text)}"


def unseal(key: bytes, kind: Kind, sealed: str | None, now: float) -> Seal | None:
    """Return what was sealed as this kind, None for anything else or when it is too old."""
    text, separator, mac = (sealed or "")[:LONGEST].partition(".")
    wanted = _mac(key, kind, text)
    if not separator or not hmac.compare_digest(wanted.encode(), mac.encode("utf-8", "replace")):
        return None
    try:
        found = msgspec.json.decode(b64decode(text), type=Seal)
    except (ValueError, msgspec.DecodeError):
        return None
    return found if found.expires_at > now else None


def content(found: Seal, shape: type[Any]) -> Any:
    """Return the content of a seal of ours."""
    return msgspec.json.decode(found.content, type=shape)


async def take(found: Seal, now: float, database: Database) -> bool:
    """Whether this is the first time that the step is taken."""
    await database.batch([Statement(FORGET, (int(now),))])
    return await database.batch([Statement(MARK_USED, (found.step_id, found.expires_at))]) > 0


def _mac(key: bytes, kind: Kind, text: str) -> str:
    return b64encode(keyed(key, kind, text))
