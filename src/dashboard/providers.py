"""Signing in with an account elsewhere: GitHub (OAuth 2.0) and Google (OpenID Connect).

Always with PKCE (RFC 7636, S256), and Google's with a nonce besides. A provider is offered
where its client id and secret are set; its addresses are settings too, so that any OpenID
provider can stand in for Google's.

https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
https://developers.google.com/identity/openid-connect/openid-connect
"""

import base64
from typing import Any, Literal, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from common.errors import CryptoIntelError, Problem
from dashboard import id_tokens
from dashboard.id_tokens import RefusedToken
from dashboard.keys import Setting
from dashboard.visit import Reply, Visit

Name = Literal["github", "google"]
NAMES: tuple[Name, ...] = ("github", "google")
TITLES = {"github": "GitHub", "google": "Google"}
GITHUB, GITHUB_API, GOOGLE = "https://github.com", "https://api.github.com", (
    "https://accounts.google.com"
)  # fmt: skip
FRESH_SECONDS = 600
FORM = "application/x-www-form-urlencoded"


class ProviderFailed(CryptoIntelError):
    """The provider, or what it answered, is not as it should be; the text is for the log."""


class Client(NamedTuple):
    """Us, at a provider."""

    client_id: str
    secret: str


class Begun(NamedTuple):
    """A sign-in elsewhere under way: what the provider is told, and what it must tell again."""

    redirect_uri: str
    state: str
    nonce: str
    challenge: str


class Person(NamedTuple):
    """Who signed in elsewhere.

    `email` is set if the provider says that it was verified, `since` (epoch
    seconds) if it says when the person last proved to be there.
    """

    provider: Name
    subject: str
    label: str
    email: str | None
    since: float | None = None


class Discovery(msgspec.Struct):
    """What is read of a provider's metadata (OpenID Connect Discovery 1.0, 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class _Tokens(msgspec.Struct):
    access_token: str = ""
    id_token: str = ""


class _GithubUser(msgspec.Struct):
    id: int
    login: str


class _GithubEmail(msgspec.Struct):
    email: str
    primary: bool = False
    verified: bool = False


class _Keys(msgspec.Struct):
    keys: list[dict[str, Any]]


def client_of(provider: str, setting: Setting) -> Client:
    """Return who we are at a provider. Raises Problem 404 where it is not offered."""
    upper = provider.upper()
    if provider in NAMES:
        client = Client(setting(f"{upper}_CLIENT_ID", ""), setting(f"{upper}_CLIENT_SECRET", ""))
        if client.client_id and client.secret:
            return client
    raise Problem(404, "no-such-provider", "Signing in with this provider is not offered here.")


def offered(setting: Setting) -> list[Name]:
    """Return the providers that are set up."""
    return [name for name in NAMES if all(
        setting(f"{name.upper()}_{part}", "") for part in ("CLIENT_ID", "CLIENT_SECRET")
    )]  # fmt: skip


async def authorization_url(provider: Name, begun: Begun, visit: Visit, *, fresh: bool) -> str:
    """Return where to send the browser; `fresh` asks for a person who just proved to be there.

    Raises ProviderFailed, Retryable.
    """
    client = client_of(provider, visit.setting)
    told = {
        "response_type": "code", "client_id": client.client_id, "redirect_uri": begun.redirect_uri,
        "state": begun.state, "code_challenge": begun.challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    if provider == "github":
        told |= {"scope": "read:user user:email"}
        endpoint = f"{visit.setting('GITHUB_URL', GITHUB)}/login/oauth/authorize"
    else:
        endpoint = (await _discover(visit)).authorization_endpoint
        told |= {"scope": "openid email", "nonce": begun.nonce}
        told |= {"max_age": str(FRESH_SECONDS)} if fresh else {}
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(told)}"


async def person_of(provider: Name, code: str, verifier: str, begun: Begun, visit: Visit) -> Person:
    """Return who came back with a code. Raises ProviderFailed, Retryable."""
    client = client_of(provider, visit.setting)
    form = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": begun.redirect_uri,
        "code_verifier": verifier, "client_id": client.client_id,
    }  # fmt: skip
    if provider == "github":
        return await _github(client, form, visit)
    return await _google(client, form, begun, visit)


async def _github(client: Client, form: dict[str, str], visit: Visit) -> Person:
    url = f"{visit.setting('GITHUB_URL', GITHUB)}/login/oauth/access_token"
    form = {**form, "client_secret": client.secret}
    token = (await _token(visit, url, form, {})).access_token
    if not token:
        raise ProviderFailed("no access token")
    headers = {
        "authorization": f"Bearer {token}", "accept": "application/vnd.github+json",
        "user-agent": "CryptoIntel", "x-github-api-version": "2022-11-28",
    }  # fmt: skip
    api = visit.setting("GITHUB_API_URL", GITHUB_API)
    user: _GithubUser = _read(await visit.tools.ask("GET", f"{api}/user", headers, ""), _GithubUser)
    reply = await visit.tools.ask("GET", f"{api}/user/emails", headers, "")
    emails: list[_GithubEmail] = _read(reply, list[_GithubEmail]) if reply.status == 200 else []
    own = next((one.email for one in emails if one.primary and one.verified), None)
    return Person("github", str(user.id), user.login, own)


async def _google(client: Client, form: dict[str, str], begun: Begun, visit: Visit) -> Person:
    found = await _discover(visit)
    # RFC 6749, 2.3.1: both parts are form-encoded before they are joined.
    pair = f"{quote(client.client_id, safe='')}:{quote(client.secret, safe='')}"
    basic = {"authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    token = (await _token(visit, found.token_endpoint, form, basic)).id_token
    accept = {"accept": "application/json"}
    keys: _Keys = _read(await visit.tools.ask("GET", found.jwks_uri, accept, ""), _Keys)
    # Google's tokens may leave out the scheme of the issuer, as its documentation says.
    issuers = (found.issuer, *([urlsplit(GOOGLE).netloc] if found.issuer == GOOGLE else []))
    expected = id_tokens.Expected(issuers, client.client_id, begun.nonce)
    try:
        claims = await id_tokens.verify(token, keys.keys, expected, visit.now, visit.tools)
    except RefusedToken as refused:
        raise ProviderFailed(f"ID token: {refused}") from None
    verified = claims.email_verified in (True, "true")
    label = claims.email or claims.sub
    email = claims.email if verified else None
    return Person("google", claims.sub, label[:254], email, claims.auth_time)


async def _discover(visit: Visit) -> Discovery:
    issuer = visit.setting("GOOGLE_ISSUER", GOOGLE)
    url = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    accept = {"accept": "application/json"}
    found: Discovery = _read(await visit.tools.ask("GET", url, accept, ""), Discovery)
    if found.issuer != issuer:
        raise ProviderFailed("the metadata is of another issuer")
    secure = issuer.startswith("https://")
    addresses = (found.authorization_endpoint, found.token_endpoint, found.jwks_uri)
    if secure and not all(one.startswith("https://") for one in addresses):
        raise ProviderFailed("the metadata names an address without TLS")
    return found


async def _token(visit: Visit, url: str, form: dict[str, str], headers: dict[str, str]) -> _Tokens:
    told = {"content-type": FORM, "accept": "application/json", **headers}
    tokens: _Tokens = _read(await visit.tools.ask("POST", url, told, urlencode(form)), _Tokens)
    return tokens


def _read(reply: Reply, shape: Any) -> Any:
    if reply.status != 200:
        raise ProviderFailed(f"status {reply.status}")
    try:
        return msgspec.json.decode(reply.body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ProviderFailed("an answer that cannot be read") from None
