"""Access tokens: made for 15 minutes, good as long as their family is.

The first sight of one in an isolate costs a verification and one statement,
which finds the family, its user and its client; then it is leased.
"""

import secrets

import msgspec

from api.identity import jwt
from api.identity.addresses import Setting, expected
from api.identity.families import Family
from api.identity.grant import Grant, key_digest, refused
from api.permissions import GRANTED
from api.principal import Context, Outside, Principal
from common.database import Database, Statement
from common.errors import Problem

LIFETIME = 900
OURSELVES = "cryptointel"  # the client of a sign-in by password

FIND_FAMILY = """
SELECT f.user_id, f.client_id, u.role, u.plan, c.scopes AS client_scopes
FROM token_families f JOIN users u USING (user_id)
LEFT JOIN oauth_clients c ON c.client_id = f.client_id
WHERE f.family = ?1 AND f.revoked_at IS NULL AND f.expires_at > ?2 AND u.disabled_at IS NULL
  AND (f.client_id IS NULL OR c.client_id IS NOT NULL)
"""


class Issued(msgspec.Struct):
    """A token endpoint's answer (RFC 6749, 5.1); `expires_in` in seconds."""

    access_token: str
    token_type: str
    expires_in: int
    scope: str
    refresh_token: str | msgspec.UnsetType = msgspec.UNSET


async def issue(
    family: Family, scopes: frozenset[str], now: float, setting: Setting, outside: Outside
) -> Issued:
    """Return a new access token of a family. Raises Problem 503 where there are no keys."""
    keys = jwt.read_keys(setting("JWT_KEYS", ""))
    if not keys:
        raise Problem(
            503, "tokens-unavailable", "No tokens are issued here at the moment; use an API key."
        )
    issuer, audience = expected(setting)
    start = int(now)
    end = min(start + LIFETIME, family.expires_at)
    scope = " ".join(sorted(scopes))
    claims = jwt.Claims(
        iss=issuer, aud=audience, sub=family.user_id, client_id=family.client_id or OURSELVES,
        scope=scope, fam=family.family, jti=secrets.token_hex(12), iat=start, nbf=start, exp=end,
    )  # fmt: skip
    return Issued(await jwt.sign(claims, keys, outside), "Bearer", end - start, scope)


async def read(token: str, now: float, setting: Setting, outside: Outside) -> jwt.Claims:
    """Return what a well signed and current token says. Raises TokenRefused.

    Whether its family still is good is not asked.
    """
    keys = jwt.read_keys(setting("JWT_KEYS", ""))
    return await jwt.verify(token, keys, expected(setting), now, outside)


async def family_of(
    authorization: str | None, now: float, setting: Setting, outside: Outside
) -> str:
    """Return the family of the access token in a header, "" where there is none."""
    try:
        token = (authorization or "").strip().rpartition(" ")[2]
        return (await read(token, now, setting, outside)).fam
    except jwt.TokenRefused:
        return ""


async def principal_of(claims: jwt.Claims, now: float, database: Database) -> Principal | None:
    """Return who acts with a token, None when its family, user or client is no longer good."""
    rows = await database.all(Statement(FIND_FAMILY, (claims.fam, int(now))))
    row = rows[0] if rows else None
    if row is None or row["user_id"] != claims.sub:
        return None
    if (row["client_id"] or OURSELVES) != claims.client_id:
        return None
    if row["client_id"] is None:
        return Principal(row["user_id"], row["role"], row["plan"], "token")
    scopes = msgspec.json.decode(row["client_scopes"], type=frozenset[str])
    return Principal(
        row["user_id"], row["role"], row["plan"], "app",
        scopes & frozenset(claims.scope.split()), claims.client_id,
    )  # fmt: skip


async def check(token: str, context: Context) -> Grant:
    """Return what an access token allows. Raises Problem 401."""
    try:
        claims = await read(token, context.now, context.setting, context.outside)
    except jwt.TokenRefused:
        raise refused(context.setting) from None
    principal = await principal_of(claims, context.now, context.open_database())
    if principal is None:
        raise refused(context.setting)
    end = float(claims.exp + jwt.LEEWAY_SECONDS)
    return Grant(principal, end, key_digest=key_digest(token), family=claims.fam)


def scopes_of(family: Family) -> frozenset[str]:
    """Return all that tokens of a family may do: its scopes, or what its user's role may."""
    return GRANTED.get(family.role, frozenset()) if family.scopes is None else family.scopes
