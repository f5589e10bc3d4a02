"""The MCP server on workerd: the official client, unmodified, with a key and by OAuth."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest
from mcp import ClientSession
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import OAuthClientMetadata

from tests.api.mcp.test_mcp_official_client import CALLBACK, Memory
from tests.support.live import Live
from tests.support.signing_in import signed_in

pytestmark = pytest.mark.runtime
Work = Callable[[ClientSession], Awaitable[None]]
GOOD: dict[str, dict[str, Any]] = {
    "get_price": {"symbol": "BTC", "currency": "EUR"},
    "get_prices": {"symbols": "BTC,ETH"},
    "screen_market": {"sort": "change_24h", "limit": 5},
    "get_price_history": {"symbol": "BTC", "history": "1h", "limit": 3},
    "get_metric": {"metric": "tvl", "limit": 5},
    "list_signals": {"type": "all", "limit": 5},
    "get_entity": {"name": "bitcoin"},
    "get_report": {"period": "weekly"},
    "preview_alert_rule": {"days": 7},
}


def run(live: Live, work: Work, auth: httpx.Auth | None = None, key: str | None = None) -> None:
    """Do `work` with an initialized session."""

    async def whole() -> None:
        headers = {"authorization": f"Bearer {key}"} if key else {}
        url = live.system.ports.address("api") + "/mcp"
        async with (
            httpx.AsyncClient(headers=headers, auth=auth, timeout=60) as http,
            streamable_http_client(url, http_client=http) as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            await work(session)

    asyncio.run(whole())


def test_an_agent_with_a_key_calls_every_tool_and_reads_every_report(live: Live) -> None:
    async def work(session: ClientSession) -> None:
        tools = [tool.name for tool in (await session.list_tools()).tools]
        asked = {"name": "of an agent", "symbols": ["BTC"]}
        made = await session.call_tool("create_watchlist", asked)
        assert made.structuredContent is not None, made.content
        one = {"watchlist_id": made.structuredContent["data"]["watchlist_id"]}
        own = {
            "get_watchlist": one, "delete_watchlist": one,
            "change_watchlist": {**one, "name": "changed", "symbols": ["ETH"]},
        }  # fmt: skip
        signals = await session.call_tool("list_signals", GOOD["list_signals"])
        assert signals.structuredContent is not None, signals.content
        found = [{"id": row["id"]} for row in signals.structuredContent["data"][:1]]
        for name in tools:
            if name == "create_watchlist" or (name == "get_signal" and not found):
                continue
            given = {**GOOD, **own, "get_signal": found[0] if found else {}}.get(name, {})
            answer = await session.call_tool(name, given)
            assert not answer.isError, (name, answer.content)
        for resource in (await session.list_resources()).resources:
            text, whole = (await session.read_resource(resource.uri)).contents
            assert text.mimeType == "text/markdown"
            assert json.loads(whole.text)["data"]["complete"] is True  # type: ignore[union-attr]

    run(live, work, key=live.system.account.api_key)


def test_an_agent_registers_itself_and_acts_for_who_allows_it(live: Live) -> None:
    """The flow as the client has it: discovery, registration, PKCE, token; a person agrees."""
    base = live.system.ports.address("api")
    back, headers = list[str](), signed_in(live)

    async def consent(address: str) -> None:
        fields = dict(parse_qsl(urlsplit(address).query)) | {"decision": "allow"}
        sent = json.dumps(fields)
        told = live.get("dashboard", "/api/v1/oauth/authorization", headers, "POST", sent)
        back.append(told.json()["data"]["redirect_to"])

    async def returned() -> tuple[str, str | None]:
        fields = parse_qs(urlsplit(back[-1]).query)
        return fields["code"][0], fields["state"][0]

    about: dict[str, Any] = {
        "client_name": "An agent", "redirect_uris": [CALLBACK],
        "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
        "token_endpoint_auth_method": "none",
    }  # fmt: skip
    kept = Memory()
    provider = OAuthClientProvider(
        f"{base}/mcp", OAuthClientMetadata.model_validate(about), kept, consent, returned
    )

    async def work(session: ClientSession) -> None:
        assert back == []
        answer = await session.call_tool("get_price", {"symbol": "BTC"})
        assert not answer.isError
        answer = await session.call_tool("list_watchlists", {})
        assert not answer.isError

    run(live, work, auth=provider)
    assert kept.tokens is not None
    assert len(back) == 2
