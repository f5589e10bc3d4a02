"""/keys: API keys of the caller's own, made, rotated and revoked."""

from collections.abc import Callable
from typing import Annotated

import msgspec

from api.identity import api_keys
from api.identity.api_keys import MOST_LIVE
from api.identity.grant import read_network, read_origin
from api.identity.growth import check_growth, check_known
from api.identity.step_up import require_proof
from api.identity.texts import set_as_json
from api.permissions import Scope
from api.routing import PRIVATE, Reads, Result, Route
from api.shapes.keys import ApiKey, NewApiKey, RevokedKey
from common.database import Statement
from common.errors import Problem
from common.texts import ONE_LINE

DAY = 86_400
ORIGIN_FORM = "an origin: write scheme://host or scheme://host:port, as in https://app.example"
NETWORK_FORM = "an address or a network: write it as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32"

KeyId = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern="^[A-Za-z0-9_-]+$")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=80, pattern=ONE_LINE)]
Places = Annotated[
    list[Annotated[str, msgspec.Meta(min_length=1, max_length=200)]],
    msgspec.Meta(min_length=1, max_length=50),
]


class NothingRequest(msgspec.Struct):
    """No parameters."""


class KeyRequest(msgspec.Struct):
    """A new key. `scopes` null: all that your role may do, also later.

    `allowed_origins` limits it to pages of these origins, `allowed_addresses`
    to these addresses or networks (CIDR), `per_minute` its reads in a minute.
    """

    name: Name
    scopes: Annotated[list[Scope], msgspec.Meta(min_length=1, max_length=40)] | None = None
    expires_in_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] | None = None
    allowed_origins: Places | None = None
    allowed_addresses: Places | None = None
    per_minute: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] | None = None


class RotateRequest(msgspec.Struct):
    """`grace_seconds`: for how long the old key still works beside the new one."""

    key_id: KeyId
    grace_seconds: Annotated[int, msgspec.Meta(ge=0, le=7 * DAY)] = DAY


class OneRequest(msgspec.Struct):
    """`key_id`: the third part of the key."""

    key_id: KeyId


async def listed(request: NothingRequest, reads: Reads) -> Result:  # noqa: ARG001
    """Return the caller's live keys, without their secrets, which nobody knows."""
    statement = Statement(api_keys.LIST, (reads.principal.user_id, int(reads.now), None))
    return Result(await reads.database.text(statement) or "[]")


async def create(request: KeyRequest, reads: Reads) -> Result:
    """Make a key; it is in this answer only.

    Raises Problem 422 for a scope or place that cannot be, 403 for more than
    the caller may itself, 409 at MOST_LIVE.
    """
    principal, now = reads.principal, int(reads.now)
    require_proof(principal, now)
    origins = _places("allowed_origins", request.allowed_origins, read_origin, ORIGIN_FORM)
    networks = _places("allowed_addresses", request.allowed_addresses, read_network, NETWORK_FORM)
    if request.scopes is not None:
        check_known(request.scopes, principal)
    await check_growth(principal, request.scopes, reads.database)
    made = api_keys.make(reads.setting("ENVIRONMENT", "production"), api_keys.pepper(reads.setting))
    days = request.expires_in_days
    values = (
        made.key_id, principal.user_id, request.name, made.secret_hash, now,
        None if days is None else now + days * DAY, _stored(request.scopes), _stored(origins),
        _stored(networks), request.per_minute, MOST_LIVE,
    )  # fmt: skip
    told = await reads.database.texts([
        Statement(api_keys.INSERT, values),
        Statement(api_keys.LIST, (principal.user_id, now, made.key_id)),
    ])  # fmt: skip
    if told[1] in (None, "[]"):
        raise Problem(
            409, "key-limit", f"You have {MOST_LIVE} keys, as many as one may; revoke one first."
        )
    return Result(_shown(made.text, str(told[1])), status=201)


async def rotate(request: RotateRequest, reads: Reads) -> Result:
    """Make a key with the rights of another, which goes on for the grace.

    Raises Problem 404, 409 for a key that was replaced already or for too many
    in their grace, 403 for a key that may do more than the caller.
    """
    principal, now = reads.principal, int(reads.now)
    require_proof(principal, now)
    own = (request.key_id, principal.user_id, now)
    found = await reads.database.all(Statement(api_keys.FIND_OWN, own))
    if not found:
        raise _no_such_key()
    if found[0]["replaced_by"] is not None:
        raise Problem(409, "key-replaced", "This key was rotated already; rotate the newer one.")
    renews_itself = principal.credential == request.key_id
    if renews_itself and principal.per_minute is not None:
        raise Problem(
            403, "key-limited",
            "A key with a limit of its own cannot renew itself, for the limit would begin anew."
            " Sign in instead.",
        )  # fmt: skip
    if not renews_itself:  # else it gives a key nothing new
        stored = found[0]["scopes"]
        scopes = None if stored is None else msgspec.json.decode(stored, type=list[str])
        await check_growth(principal, scopes, reads.database)
    made = api_keys.make(reads.setting("ENVIRONMENT", "production"), api_keys.pepper(reads.setting))
    pair = (request.key_id, principal.user_id, made.key_id)
    told = await reads.database.texts([
        Statement(api_keys.COPY, (*pair, made.secret_hash, now, 2 * MOST_LIVE)),
        Statement(api_keys.REPLACE, (*pair, now + request.grace_seconds)),
        Statement(api_keys.LIST, (principal.user_id, now, made.key_id)),
    ])  # fmt: skip
    if told[2] in (None, "[]"):
        raise Problem(
            409, "key-limit", "Somebody else rotated this key just now, or too many keys are in"
            " their grace; revoke old ones.",
        )  # fmt: skip
    return Result(_shown(made.text, str(told[2])), status=201)


async def revoke(request: OneRequest, reads: Reads) -> Result:
    """Revoke a key of the caller's at once. Raises Problem 404."""
    user_id = reads.principal.user_id
    told = await reads.database.texts([
        Statement(api_keys.REVOKE, (request.key_id, user_id, int(reads.now))),
        Statement(api_keys.REVOKED, (request.key_id, user_id)),
    ])  # fmt: skip
    if told[1] is None:
        raise _no_such_key()
    return Result(told[1])


def _no_such_key() -> Problem:
    return Problem(404, "no-such-key", "You have no key with this id. /api/v1/keys lists yours.")


def _places(
    name: str, given: list[str] | None, read: Callable[[str], object], form: str
) -> list[str] | None:
    """Return places as they are stored. Raises Problem 422 that names the first wrong one."""
    found: set[str] = set()
    for number, text in enumerate(given or ()):
        try:
            found.add(str(read(text)))
        except ValueError:
            raise Problem(
                422, "place-invalid", f"{name}[{number}]: {text!r:.80} is not {form}."
            ) from None
    return None if given is None else list(found)


def _stored(texts: list[str] | list[Scope] | None) -> str | None:
    return None if texts is None else set_as_json(texts)


def _shown(text: str, rows: str) -> str:
    """Return the one row of a list of keys, as JSON, with the key itself in front."""
    return f'{{"key":"{text}",{rows[2:-1]}'


ONE = {"key_id": "0123456789ab"}
ROUTES = (
    Route(
        path="/api/v1/keys",
        summary="Your API keys: what each may do, and when it was last used",
        request=NothingRequest, handler=listed, permission="keys:read", cache=PRIVATE,
        answers=list[ApiKey],
    ),
    Route(
        path="/api/v1/keys", method="POST", status=201,
        summary="Make an API key; it is shown once",
        request=KeyRequest, handler=create, permission="keys:write", cost="write", cache=PRIVATE,
        answers=NewApiKey,
        problems=("step-up-required", "scope-unknown", "scope-not-held", "key-limited",
                  "place-invalid", "key-limit"),
        example={"name": "Notebook", "scopes": ["market:read"], "expires_in_days": 90},
    ),
    Route(
        path="/api/v1/keys/{key_id}/rotate", method="POST", status=201,
        summary="Replace an API key; both work until the grace ends",
        request=RotateRequest, handler=rotate, permission="keys:write", cost="write",
        cache=PRIVATE, answers=NewApiKey, example={**ONE, "grace_seconds": 3600},
        problems=("step-up-required", "no-such-key", "key-replaced", "key-limit",
                  "scope-not-held", "key-limited"),
    ),
    Route(
        path="/api/v1/keys/{key_id}", method="DELETE",
        summary="Revoke an API key at once",
        request=OneRequest, handler=revoke, permission="keys:write", cost="write", cache=PRIVATE,
        answers=RevokedKey, problems=("no-such-key",), example=ONE,
    ),
)  # fmt: skip
