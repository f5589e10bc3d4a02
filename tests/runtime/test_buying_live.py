"""Stock clients, unmodified, buy from the running Workers: over HTTP and as MCP tools."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from x402 import x402Client
from x402.mcp.client import x402MCPSession
from x402.mechanisms.evm.exact import register_exact_evm_client

from tests.runtime.buying.buyers import BUYERS, Order, call_tool
from tests.support.live import Live
from tests.support.wallets import Account

pytestmark = pytest.mark.runtime
PATHS = (
    "/api/v1/analytics/volatility?symbols=BTC,ETH",
    "/api/v1/analytics/correlation?symbols=BTC,ETH,SOL",
    "/api/v1/market-data/BTC?history=1d&limit=1000",
)
EXPORT = "/api/v1/exports/signals?format=ndjson"
PASSWORD = "a long enough password"


def wallet() -> Any:
    return Account.create()


def key_of(buyer: Any) -> str:
    return "0x" + str(buyer.key.hex()).removeprefix("0x")


def booked(live: Live, payer: str) -> list[tuple[str, str, int]]:
    """Return what the books hold of a wallet: endpoint, state, atomic units."""
    return live.rows(
        "SELECT endpoint, state, amount FROM payments WHERE payer = ? ORDER BY payment_id",
        payer.lower(),
    )


def taken(live: Live, payer: str) -> int:
    """Return what the facilitator took from a wallet."""
    found = live.system.ask("simulator", "/x402.org/facilitator/control/transfers")["transfers"]
    return sum(int(one["amount"]) for one in found if one["payer"] == payer.lower())


@pytest.mark.parametrize("client", BUYERS)
@pytest.mark.parametrize("path", PATHS)
def test_a_stock_client_buys_without_an_account(live: Live, client: str, path: str) -> None:
    buyer = wallet()
    url = live.system.ports.address("api") + path
    bought = BUYERS[client](Order(url, key_of(buyer)))
    assert bought.status == 200, bought
    assert bought.receipt is not None
    assert bought.receipt["success"] is True
    ((_, state, amount),) = booked(live, buyer.address)
    assert (state, amount) == ("settled", taken(live, buyer.address))


@pytest.mark.parametrize("client", ["httpx", "fetch"])
def test_a_whole_export_is_bought_with_the_plan_of_a_token(live: Live, client: str) -> None:
    account = {"email": f"buyer-{client}@example.com", "password": PASSWORD}
    sent = {"content-type": "application/json"}
    for step in ("register", "login"):
        reply = live.get("api", f"/api/v1/auth/{step}", sent, "POST", json.dumps(account))
    token = reply.json()["data"]["access_token"]
    buyer = wallet()
    url = live.system.ports.address("api") + EXPORT
    headers = {"authorization": f"Bearer {token}"}
    bought = BUYERS[client](Order(url, key_of(buyer), headers))
    assert bought.status == 200, bought
    assert booked(live, buyer.address) == [("GET /api/v1/exports/signals", "settled", 150_000)]
    mine = live.get("api", "/api/v1/me/payments", headers).json()["data"]
    assert [(one["state"], one["amount_atomic"]) for one in mine] == [("settled", 150_000)]


def test_the_stock_mcp_client_pays_for_a_tool(live: Live) -> None:
    buyer = wallet()

    async def whole() -> Any:
        client = x402Client()
        register_exact_evm_client(client, buyer)
        url = live.system.ports.address("api") + "/mcp"
        async with (
            httpx.AsyncClient(timeout=60) as http,
            streamable_http_client(url, http_client=http) as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            return await x402MCPSession(session, client).call_tool(
                "get_correlation", {"symbols": "BTC,ETH"}
            )

    result = asyncio.run(whole())
    assert result.is_error is False, result
    assert result.payment_made is True
    assert taken(live, buyer.address) == 10_000


def test_cloudflares_mcp_client_pays_for_a_tool(live: Live) -> None:
    buyer = wallet()
    url = live.system.ports.address("api") + "/mcp"
    key = key_of(buyer)
    bought = call_tool(url, key, "get_correlation", symbols="BTC,ETH")
    assert bought.error == "", bought
    assert '"pairs"' in bought.text
    assert taken(live, buyer.address) == 10_000
