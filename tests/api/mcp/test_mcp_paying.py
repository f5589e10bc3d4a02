"""Paid tools: the offer, the payment and the receipt, as both kinds of clients have them."""

import asyncio
import json
from base64 import b64encode
from typing import Any

import httpx
import msgspec
import pytest
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from x402 import x402Client
from x402.mcp.client import x402MCPSession
from x402.mechanisms.evm import EthAccountSigner
from x402.mechanisms.evm.exact import ExactEvmScheme

from tests.api.calling import BASE
from tests.api.mcp.talking import call, message, post, refused, result
from tests.support.buying import WALLET, payment
from tests.support.gateway_transport import GatewayTransport
from tests.support.selling import FREE, Shop
from tests.support.sqlite import SqliteDatabase

PAID = "get_volatility"
ARGUMENTS = {"limit": 2}


@pytest.fixture
def shop(database: SqliteDatabase) -> Shop:
    return Shop(database)


def offered(shop: Shop, **how: Any) -> dict[str, Any]:
    """Return the offer for the paid tool, from each of the three places that clients look at."""
    answer = call(shop, PAID, ARGUMENTS, key=None, **how)
    assert answer["isError"] is True
    offer: dict[str, Any] = answer["structuredContent"]
    assert answer["_meta"]["x402/error"] == offer == json.loads(answer["content"][0]["text"])
    return offer


def paid(shop: Shop, form: Any, **headers: str | None) -> Any:
    """Return the result of a call with a payment in `_meta`."""
    params = {"name": PAID, "arguments": ARGUMENTS, "_meta": {"x402/payment": form}}
    return result(shop, "tools/call", params, key=None, **headers)


def test_the_price_of_a_tool_is_listed_for_the_caller_s_plan(shop: Shop) -> None:
    for principal, price in ((None, 0.01), (FREE, 0.005)):
        tools = result(shop, "tools/list", key=None, principal=principal)["tools"]
        prices = {tool["name"]: tool["_meta"] for tool in tools if "_meta" in tool}
        assert prices[PAID] == {
            "agents-x402/paymentRequired": True, "agents-x402/priceUSD": price,
        }  # fmt: skip
        assert "get_price" not in prices
    tools = result(shop, "tools/list")["tools"]
    assert not any("_meta" in tool for tool in tools)


def test_a_guest_is_offered_to_pay(shop: Shop) -> None:
    offer = offered(shop)
    assert offer["x402Version"] == 2
    assert offer["resource"]["url"] == f"{BASE}/api/v1/analytics/volatility?limit=2"
    assert shop.bank.received() == 0


@pytest.mark.parametrize("form", ["object", "json", "base64", "header"])
def test_a_payment_is_taken_in_every_form(shop: Shop, form: str) -> None:
    found = payment(offered(shop), shop.now)
    text = json.dumps(found)
    encoded = b64encode(text.encode()).decode()
    if form == "header":
        answer = call(shop, PAID, ARGUMENTS, key=None, payment_signature=encoded)
    else:
        answer = paid(shop, {"object": found, "json": text, "base64": encoded}[form])
    assert answer["isError"] is False
    assert answer["structuredContent"]["data"]["assets"]
    receipt = answer["_meta"]["x402/payment-response"]
    assert (receipt["success"], receipt["payer"].lower()) == (True, WALLET.address.lower())
    assert shop.bank.received() == 10_000


def test_a_payment_buys_one_answer(shop: Shop) -> None:
    found = payment(offered(shop), shop.now)
    assert paid(shop, found)["isError"] is False
    again = paid(shop, found)
    assert again["isError"] is True
    assert again["_meta"]["x402/error"]["accepts"]
    assert shop.bank.received() == 10_000


def test_money_that_is_not_taken_gives_nothing(shop: Shop) -> None:
    found = payment(offered(shop), shop.now)
    asyncio.run(shop.bank.order(call="settle", fault="refuse", reason="insufficient_funds"))
    answer = paid(shop, found)
    assert answer["isError"] is True
    assert "data" not in answer["structuredContent"]
    assert answer["_meta"]["x402/payment-response"]["success"] is False


@pytest.mark.parametrize("form", [7, [], "", "not base64!", b64encode(b"[]").decode(), "{", {}])
def test_what_is_no_payment_is_refused(shop: Shop, form: Any) -> None:
    params = {"name": PAID, "arguments": ARGUMENTS, "_meta": {"x402/payment": form}}
    answer = post(shop, message("tools/call", params), key=None)
    if form == {}:
        assert msgspec.json.decode(str(answer.body))["result"]["isError"] is True
    else:
        assert refused(answer, 200)["code"] == -32602


def test_a_payment_that_is_too_long_is_not_read(shop: Shop) -> None:
    answer = paid(shop, {"x402Version": 2, "payload": "a" * 9_000})
    assert answer["isError"] is True
    assert "8,192" in answer["content"][0]["text"]


def test_a_wrong_call_of_a_paid_tool_is_told_so_before_it_is_paid(shop: Shop) -> None:
    answer = call(shop, PAID, {"limit": 0}, key=None)
    assert answer["isError"] is True
    assert "x402/error" not in answer.get("_meta", {})


def test_the_stock_client_of_x402_pays_for_a_tool(shop: Shop) -> None:
    wallet = x402Client()
    wallet.register("eip155:84532", ExactEvmScheme(EthAccountSigner(WALLET)))

    async def buy() -> Any:
        transport = GatewayTransport(shop, BASE)
        async with (
            httpx.AsyncClient(transport=transport) as http,
            streamable_http_client(f"{BASE}/mcp", http_client=http) as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            return await x402MCPSession(session, wallet).call_tool(PAID, ARGUMENTS)

    bought = asyncio.run(buy())
    assert (bought.payment_made, bought.is_error) == (True, False)
    assert bought.payment_response.success
    assert shop.bank.received() == 10_000
