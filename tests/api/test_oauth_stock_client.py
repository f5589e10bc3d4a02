"""Authlib's OAuth 2.0 client, unmodified, over the gateway: the flows an app's author meets."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import msgspec
import pytest
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata

from tests.api.calling import BASE, Caller
from tests.api.identity.people import ANN, CALLBACK, later, registered, site
from tests.api.posting import data
from tests.support.gateway_transport import GatewayTransport

Flow = Callable[[AsyncOAuth2Client, dict[str, Any]], Awaitable[None]]


@pytest.fixture
def ask() -> Caller:
    return site()


async def consented(ask: Caller, address: str) -> str:
    """Do what the dashboard does when ann opens `address` and agrees; return where she is sent."""
    where, _, query = address.partition("?")
    assert where == "https://app.example/oauth/authorize"
    body = msgspec.json.encode(dict(parse_qsl(query)) | {"decision": "allow"})
    headers = {"content-type": "application/json"}
    answer = await ask.ask("/api/v1/oauth/authorization", "POST", headers, body, ANN)
    return str(data(answer)["redirect_to"])


def run(ask: Caller, app: dict[str, Any], flow: Flow, **more: Any) -> None:
    """Run a flow with a client that knows only its own id, its secret and the server's address."""

    async def whole() -> None:
        transport = GatewayTransport(ask, BASE)
        async with httpx.AsyncClient(transport=transport) as plain:
            found = await plain.get(f"{BASE}/.well-known/oauth-authorization-server")
        metadata = AuthorizationServerMetadata(found.json())
        metadata.validate()
        async with AsyncOAuth2Client(
            app["client_id"], app["client_secret"], scope="account:read market:read",
            redirect_uri=CALLBACK, code_challenge_method="S256", transport=transport, **more,
        ) as client:  # fmt: skip
            await flow(client, metadata)

    asyncio.run(whole())


async def signed_in(
    ask: Caller, client: AsyncOAuth2Client, server: dict[str, Any]
) -> dict[str, Any]:
    verifier = generate_token(48)
    address, state = client.create_authorization_url(
        server["authorization_endpoint"], code_verifier=verifier
    )
    back = await consented(ask, address)
    assert dict(parse_qsl(urlsplit(back).query))["iss"] == server["issuer"]
    token = await client.fetch_token(
        server["token_endpoint"], authorization_response=back, code_verifier=verifier, state=state
    )
    return dict(token)


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post", "none"])
def test_code_with_pkce_then_the_api_then_refresh_then_revoke(ask: Caller, method: str) -> None:
    app = registered(ask, confidential=method != "none")

    async def flow(client: AsyncOAuth2Client, server: dict[str, Any]) -> None:
        first = await signed_in(ask, client, server)
        assert first["scope"] == "account:read market:read"
        me = await client.get(f"{BASE}/api/v1/me")
        assert me.json()["data"]["user_id"] == "ann"
        second = await client.refresh_token(server["token_endpoint"])
        assert second["refresh_token"] != first["refresh_token"]
        assert (await client.get(f"{BASE}/api/v1/me")).status_code == 200
        if method != "none":
            told = await client.introspect_token(
                server["introspection_endpoint"], token=second["access_token"]
            )
            assert (told.json()["active"], told.json()["sub"]) == (True, "ann")
        ended = await client.revoke_token(
            server["revocation_endpoint"], token=second["refresh_token"],
            token_type_hint="refresh_token",
        )  # fmt: skip
        assert ended.status_code == 200
        later(ask)
        assert (await client.get(f"{BASE}/api/v1/me")).status_code == 401
        with pytest.raises(OAuthError, match="invalid_grant"):
            await client.refresh_token(
                server["token_endpoint"], refresh_token=second["refresh_token"]
            )

    run(ask, app, flow, token_endpoint_auth_method=method)


def test_an_expired_token_is_renewed_by_the_client_itself(ask: Caller) -> None:
    async def flow(client: AsyncOAuth2Client, server: dict[str, Any]) -> None:
        client.metadata["token_endpoint"] = server["token_endpoint"]
        token = await signed_in(ask, client, server)
        client.token = token | {"expires_at": 1}
        later(ask, 3600)
        assert (await client.get(f"{BASE}/api/v1/me")).status_code == 200
        assert client.token["access_token"] != token["access_token"]

    run(ask, registered(ask), flow)


def test_client_credentials(ask: Caller) -> None:
    async def flow(client: AsyncOAuth2Client, server: dict[str, Any]) -> None:
        token = await client.fetch_token(server["token_endpoint"], grant_type="client_credentials")
        assert "refresh_token" not in token
        me = await client.get(f"{BASE}/api/v1/me")
        assert me.json()["data"]["user_id"] == "u1"
        with pytest.raises(OAuthError, match="invalid_scope"):
            await client.fetch_token(
                server["token_endpoint"], grant_type="client_credentials", scope="keys:write"
            )

    run(ask, registered(ask), flow)


def test_a_client_with_a_wrong_secret_is_told_so_in_its_own_words(ask: Caller) -> None:
    async def flow(client: AsyncOAuth2Client, server: dict[str, Any]) -> None:
        with pytest.raises(OAuthError, match="invalid_client"):
            await client.fetch_token(server["token_endpoint"], grant_type="client_credentials")

    run(ask, registered(ask) | {"client_secret": "0" * 64}, flow)
