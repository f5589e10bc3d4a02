"""Everything below /session: which request is whose, and which guards stand before it.

A door says by itself whether somebody must be signed in, and whether that needs a fresh
proof. Whatever changes something comes from our own page (Origin, our header), and where
there is a session, with the session's CSRF token.
"""

import hmac
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from common.envelope import Answer, success
from common.errors import Problem
from dashboard import (
    accounts,
    linked,
    managing,
    passkeys,
    second_factor,
    sessions,
    signing_in,
    step_up,
    web,
)
from dashboard.visit import Visit

Handler = Callable[[Visit, str], Awaitable[str | Answer]]
READS = ("GET", "HEAD")


class Door(NamedTuple):
    """A path (`*` is one part, which the handler gets) and what it takes to come in."""

    method: str
    path: str
    handler: Handler
    signed_in: bool = True
    proved: bool = False


DOORS = (
    Door("GET", "/session", signing_in.told, signed_in=False),
    Door("POST", "/session", signing_in.by_password, signed_in=False),
    Door("DELETE", "/session", signing_in.sign_out, signed_in=False),
    Door("POST", "/session/code", signing_in.by_code, signed_in=False),
    Door("POST", "/session/challenge", passkeys.challenge, signed_in=False),
    Door("POST", "/session/passkey", signing_in.by_passkey, signed_in=False),
    Door("POST", "/session/oauth/*", linked.begin, signed_in=False),
    Door("GET", "/session/oauth/*/callback", linked.come_back, signed_in=False),
    Door("GET", "/session/list", managing.listed),
    Door("DELETE", "/session/list", managing.end_others),
    Door("DELETE", "/session/list/*", managing.end),
    Door("GET", "/session/security", accounts.security),
    Door("GET", "/session/proof", step_up.ways),
    Door("POST", "/session/proof", step_up.prove),
    Door("POST", "/session/proof/passkey", passkeys.prove),
    Door("POST", "/session/passkeys", passkeys.register, proved=True),
    Door("PATCH", "/session/passkeys/*", passkeys.rename),
    Door("DELETE", "/session/passkeys/*", passkeys.remove, proved=True),
    Door("POST", "/session/totp", second_factor.begin, proved=True),
    Door("POST", "/session/totp/confirm", second_factor.confirm, proved=True),
    Door("DELETE", "/session/totp", second_factor.switch_off, proved=True),
    Door("POST", "/session/recovery-codes", second_factor.renew_codes, proved=True),
    Door("DELETE", "/session/linked/*", linked.remove, proved=True),
)


async def answer(visit: Visit) -> Answer:
    """Answer a request below /session. Raises Problem."""
    door, part = _find(visit)
    if visit.method not in READS:
        require_own_page(visit)
        require_csrf(visit)
    if door.signed_in:
        _ = visit.signed_in
    if door.proved:
        step_up.require_proof(visit)
    told = await door.handler(visit, part)
    if isinstance(told, Answer):
        return told
    found = success(told, visit.now)
    found.headers["cache-control"] = "no-store"
    return found


async def find_session(visit: Visit) -> None:
    """Find out who is signed in; the cookie is set anew when its secret changes."""
    token = visit.cookie("session")
    visit.session = found = await sessions.find(token, visit.database, visit.now)
    if found is not None and found.token is not None:
        visit.set_cookie("session", found.token, found.expires_at - int(visit.now))


def require_own_page(visit: Visit) -> None:
    """Raise Problem 403 or 415 unless a change comes from our own page, as JSON."""
    web.require_own_page(
        visit.url, visit.header("origin"), visit.header("x-requested-with"),
        visit.header("content-type"),
    )  # fmt: skip


def require_csrf(visit: Visit) -> None:
    """Raise Problem 403 unless a change for who is signed in has the session's token."""
    if visit.session is None:
        return
    given = (visit.header("x-csrf-token") or "").encode("utf-8", "replace")
    if not hmac.compare_digest(given, visit.session.csrf.encode()):
        raise Problem(
            403, "csrf",
            "The header X-CSRF-Token must be what GET /session says as `csrf`; ask again for it.",
        )  # fmt: skip


def _find(visit: Visit) -> tuple[Door, str]:
    parts, method = visit.path.split("/"), visit.method
    others: list[str] = []
    for door in DOORS:
        wanted = door.path.split("/")
        if len(wanted) != len(parts):
            continue
        if not all(one in ("*", part) for one, part in zip(wanted, parts, strict=True)):
            continue
        if method == door.method or (method == "HEAD" and door.method == "GET"):
            named = (part for one, part in zip(wanted, parts, strict=True) if one == "*")
            return door, next(named, "")
        others.append(door.method)
    if others:
        allowed = ", ".join(dict.fromkeys(others))
        raise Problem(405, "method-not-allowed", f"Use {allowed}.", {"allow": allowed})
    raise Problem(404, "no-such-route", "There is nothing at this path.")
