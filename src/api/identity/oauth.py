"""What an OAuth client gets at the token endpoint, and what it may ask about its tokens.

RFC 6749 with PKCE for everybody (RFC 9700), revocation (RFC 7009) and
introspection (RFC 7662). A client learns nothing of tokens that are not its own.
"""

from typing import Any, Protocol

from api.identity import access, addresses, codes, consents, families, jwt
from api.identity.access import Issued
from api.identity.clients import Client
from api.identity.families import Family
from api.identity.grant import OAuthRefusal
from api.routing import Reads

GRANT_TYPES = ("authorization_code", "refresh_token", "client_credentials")


class Fields(Protocol):
    """The form of the token endpoint."""

    grant_type: str | None
    code: str | None
    redirect_uri: str | None
    code_verifier: str | None
    refresh_token: str | None
    scope: str | None
    resource: str | None


def check_form(form: Fields, reads: Reads) -> None:
    """Raise OAuthRefusal for what is wrong whoever the client is."""
    if form.grant_type is None:
        raise OAuthRefusal("invalid_request", "grant_type is missing.")
    if form.grant_type not in GRANT_TYPES:
        raise OAuthRefusal("unsupported_grant_type", f"Known are {', '.join(GRANT_TYPES)}.")
    if form.resource is not None and not addresses.is_ours(form.resource, reads.setting):
        raise OAuthRefusal("invalid_target", "The resource is none of this API.")


async def grant(form: Fields, client: Client, reads: Reads) -> Issued:
    """Return new tokens for an authenticated client. Raises OAuthRefusal."""
    if form.grant_type == "authorization_code":
        return await _by_code(form, client, reads)
    if form.grant_type == "refresh_token":
        return await _by_refresh_token(form, client, reads)
    return await _by_itself(form, client, reads)


async def _by_code(form: Fields, client: Client, reads: Reads) -> Issued:
    code, uri, verifier = form.code, form.redirect_uri, form.code_verifier
    if code is None or uri is None or verifier is None:
        raise OAuthRefusal("invalid_request", "code, redirect_uri and code_verifier are needed.")
    redeemed = await codes.redeem(code, client.client_id, uri, verifier, reads.now, reads.database)
    if redeemed is None:
        raise OAuthRefusal("invalid_grant", "The code, its address or its verifier is not right.")
    following, family = redeemed
    return await _issue(family, following, access.scopes_of(family), reads)


async def _by_refresh_token(form: Fields, client: Client, reads: Reads) -> Issued:
    if form.refresh_token is None:
        raise OAuthRefusal("invalid_request", "refresh_token is missing.")
    # Before it is used up: a scope that cannot be given must not cost the token.
    found = await families.find(form.refresh_token, reads.database)
    if found is not None and found.family.client_id == client.client_id and not found.used:
        consents.scopes_of(form.scope, access.scopes_of(found.family))
    rotated = await families.rotate(form.refresh_token, client.client_id, reads.now, reads.database)
    if rotated is None:
        raise OAuthRefusal("invalid_grant", "The refresh token is unknown, used or expired.")
    following, family = rotated
    scopes = consents.scopes_of(form.scope, access.scopes_of(family))
    return await _issue(family, following, scopes, reads)


async def _by_itself(form: Fields, client: Client, reads: Reads) -> Issued:
    if client.secret_hash is None or client.owner is None or client.role is None:
        raise OAuthRefusal(
            "unauthorized_client", "A client that is public, or registered itself, has no access of"
            " its own.",
        )  # fmt: skip
    scopes = consents.scopes_of(form.scope, client.scopes)
    family = families.start(
        client.owner, client.role, client.client_id, scopes, reads.now, access.LIFETIME
    )
    await reads.database.batch(families.insert(family, reads.now))
    return await access.issue(family, scopes, reads.now, reads.setting, reads.outside)


async def _issue(family: Family, following: str, scopes: frozenset[str], reads: Reads) -> Issued:
    issued = await access.issue(family, scopes, reads.now, reads.setting, reads.outside)
    issued.refresh_token = following
    return issued


async def revoke(token: str, client: Client, reads: Reads) -> None:
    """End the family of one of the client's own tokens; any other token is none of its business."""
    family = await _family(token, client, reads)
    if family is not None:
        await families.revoke(family, reads.now, reads.database)


async def _family(token: str, client: Client, reads: Reads) -> str | None:
    if token.count(".") == 2:
        claims = await _claims(token, reads)
        return claims.fam if claims and claims.client_id == client.client_id else None
    found = await families.find(token, reads.database)
    own = found is not None and found.family.client_id == client.client_id
    return found.family.family if found is not None and own else None


async def introspect(token: str, client: Client, reads: Reads) -> dict[str, Any]:
    """Return what is to be said of one of the client's own tokens (RFC 7662, 2.2)."""
    if token.count(".") != 2:
        return await _introspect_refresh(token, client, reads)
    claims = await _claims(token, reads)
    if claims is None or claims.client_id != client.client_id:
        return {"active": False}
    principal = await access.principal_of(claims, reads.now, reads.database)
    if principal is None:
        return {"active": False}
    return {
        "active": True, "token_type": "Bearer", "client_id": claims.client_id, "sub": claims.sub,
        "scope": " ".join(sorted(principal.scopes or ())), "iss": claims.iss, "aud": claims.aud,
        "jti": claims.jti, "iat": claims.iat, "nbf": claims.nbf, "exp": claims.exp,
    }  # fmt: skip


async def _introspect_refresh(token: str, client: Client, reads: Reads) -> dict[str, Any]:
    found = await families.find(token, reads.database)
    if found is None or found.used or found.ends_at <= reads.now:
        return {"active": False}
    if found.family.client_id != client.client_id:
        return {"active": False}
    return {
        "active": True, "token_type": "refresh_token", "client_id": client.client_id,
        "sub": found.family.user_id, "scope": " ".join(sorted(access.scopes_of(found.family))),
        "exp": found.ends_at,
    }  # fmt: skip


async def _claims(token: str, reads: Reads) -> jwt.Claims | None:
    try:
        return await access.read(token, reads.now, reads.setting, reads.outside)
    except jwt.TokenRefused:
        return None
