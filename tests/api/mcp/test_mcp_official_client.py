"""The official MCP client (PyPI `mcp`), unmodified, over the gateway: what an agent's host does."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import msgspec
import pytest
from mcp import ClientSession, McpError
from mcp.client.auth import OAuthClientProvider, TokenStorage
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import OAuthClientInformationFull, OAuthClientMetadata, OAuthToken
from pydantic import AnyUrl

from tests.api.calling import BASE, KEY, TICK, Caller, insert
from tests.api.identity.people import ANN
from tests.api.mcp.test_mcp_tools import GOOD
from tests.api.posting import data
from tests.support.gateway_transport import GatewayTransport
from tests.support.sqlite import SqliteDatabase

Work = Callable[[ClientSession], Awaitable[None]]
CALLBACK = "http://127.0.0.1:33418/callback"


class Memory(TokenStorage):
    """Where the client keeps what it was given."""

    tokens: OAuthToken | None = None
    client: OAuthClientInformationFull | None = None

    async def get_tokens(self) -> OAuthToken | None:
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self.client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self.client = client_info


class Browser:
    """Somebody who is signed in at the dashboard and allows whatever an app asks for."""

    def __init__(self, ask: Caller) -> None:
        self._ask = ask
        self.back = ""
        self.asked: list[str] = []

    async def open(self, address: str) -> None:
        where, _, query = address.partition("?")
        assert where == "https://app.example/oauth/authorize"
        fields = dict(parse_qsl(query))
        self.asked.append(fields["scope"])
        body = msgspec.json.encode(fields | {"decision": "allow"})
        headers = {"content-type": "application/json"}
        answer = await self._ask.ask("/api/v1/oauth/authorization", "POST", headers, body, ANN)
        self.back = data(answer)["redirect_to"]

    async def returned(self) -> tuple[str, str | None]:
        fields = parse_qs(urlsplit(self.back).query)
        return fields["code"][0], fields["state"][0]


def run(ask: Caller, work: Work, auth: httpx.Auth | None = None, key: str | None = None) -> None:
    """Do `work` with an initialized session."""

    async def whole() -> None:
        headers = {"authorization": f"Bearer {key}"} if key else {}
        transport = GatewayTransport(ask, BASE)
        async with (
            httpx.AsyncClient(transport=transport, headers=headers, auth=auth) as http,
            streamable_http_client(f"{BASE}/mcp", http_client=http) as (read, write, _),
            ClientSession(read, write) as session,
        ):
            about = await session.initialize()
            assert about.protocolVersion == "2025-11-25"
            await work(session)

    asyncio.run(whole())


def test_every_tool_is_called_and_its_answer_checked_by_the_client(ask: Caller) -> None:
    async def work(session: ClientSession) -> None:
        await session.send_ping()
        tools = (await session.list_tools()).tools
        made = await session.call_tool("create_watchlist", {"name": "x", "symbols": ["BTC"]})
        assert made.structuredContent is not None
        one = {"watchlist_id": made.structuredContent["data"]["watchlist_id"]}
        own = {
            "get_watchlist": one, "delete_watchlist": one,
            "change_watchlist": {**one, "name": "y", "symbols": ["ETH"]},
            "create_watchlist": {"name": "z", "symbols": []},
        }  # fmt: skip
        for tool in tools:
            answer = await session.call_tool(tool.name, {**GOOD, **own}.get(tool.name, {}))
            assert not answer.isError, (tool.name, answer.content)
            assert answer.structuredContent

    run(ask, work, key=KEY)


def test_every_resource_is_read(ask: Caller) -> None:
    async def work(session: ClientSession) -> None:
        resources = (await session.list_resources()).resources
        assert (await session.list_resource_templates()).resourceTemplates
        for one in resources:
            text, whole = (await session.read_resource(one.uri)).contents
            assert (text.mimeType, whole.mimeType) == ("text/markdown", "application/json")
        with pytest.raises(McpError, match="No such resource"):
            await session.read_resource(AnyUrl("cryptointel://reports/hourly/latest"))

    run(ask, work, key=KEY)


def test_a_client_registers_itself_asks_the_user_and_then_calls(
    ask: Caller, database: SqliteDatabase
) -> None:
    """Discovery (RFC 9728, RFC 8414), registration (RFC 7591), consent, code with PKCE, token."""
    insert(
        database, "users", user_id=ANN.user_id, email="ann@example.com", role="trader", plan="pro",
        created_at=TICK,
    )  # fmt: skip
    browser, kept = Browser(ask), Memory()
    about: dict[str, Any] = {
        "client_name": "An agent", "redirect_uris": [CALLBACK],
        "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
        "token_endpoint_auth_method": "none",
    }  # fmt: skip
    provider = OAuthClientProvider(
        f"{BASE}/mcp", OAuthClientMetadata.model_validate(about), kept, browser.open,
        browser.returned,
    )  # fmt: skip

    async def work(session: ClientSession) -> None:
        assert browser.asked == []  # whoever only looks needs no account
        assert (await session.list_tools()).tools
        answer = await session.call_tool("get_price", {"symbol": "BTC"})
        assert not answer.isError
        assert browser.asked == ["analytics:read market:read news:read signals:read"]
        answer = await session.call_tool("list_watchlists", {})
        assert not answer.isError, answer.content
        assert browser.asked[-1] == "watchlists:read"

    run(ask, work, auth=provider)
    assert kept.client is not None
    assert kept.tokens is not None
    assert kept.client.client_name == "An agent"
