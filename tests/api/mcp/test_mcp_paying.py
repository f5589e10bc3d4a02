"""Paid tools: the offer, the payment and the receipt, as both kinds of clients have them."""

import asyncio
import json
import time
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

from api.limits.plans import PLANS
from api.payments.payment import LONGEST
from api.principal import Principal
from tests.api.calling import BASE
from tests.api.mcp.talking import call, message, post, refused, result, told
from tests.api.mcp.test_mcp_resources import DAILY
from tests.api.posting import kind
from tests.support.buying import WALLET, header, payment
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


@pytest.mark.parametrize("method", ["tools/call", "resources/read"])
@pytest.mark.parametrize("form", ["object", "json", "base64", "header"])
def test_whoever_pays_by_version_1_is_told_to_pay_by_version_2(
    shop: Shop, form: str, method: str
) -> None:
    found = {"x402Version": 1, "scheme": "exact", "network": "base-sepolia", "payload": {}}
    text = json.dumps(found)
    forms: dict[str, Any] = {"object": found, "json": text, "base64": header(found)}
    params: dict[str, Any] = {"name": PAID, "arguments": ARGUMENTS, "uri": DAILY}
    if form != "header":
        params["_meta"] = {"x402/payment": forms[form]}
    by_header = header(found) if form == "header" else None
    error = refused(post(shop, message(method, params), key=None, x_payment=by_header), 200)
    assert error["code"] == -32602
    assert error["message"].startswith("Pay by version 2 of x402")
    named = "the header X-PAYMENT is of version 1" if by_header else "has x402Version 1"
    assert named in error["message"]


def test_a_payment_by_version_2_stands_beside_one_by_version_1(shop: Shop) -> None:
    encoded = header(payment(offered(shop), shop.now))
    answer = call(shop, PAID, ARGUMENTS, key=None, payment_signature=encoded, x_payment="e30=")
    assert answer["isError"] is False


def test_what_was_paid_in_an_array_is_given_whatever_the_others_are_answered(shop: Shop) -> None:
    found = payment(offered(shop), shop.now)
    params = {"name": PAID, "arguments": ARGUMENTS, "_meta": {"x402/payment": found}}
    refusing = message("tools/call", {"name": "list_watchlists"}, 2)
    sent = [message("tools/call", params), refusing, message("ping", number=3)]
    paid_for, refusal, pong = told(post(shop, sent, key=None))
    assert paid_for["result"]["structuredContent"]["data"]["assets"]
    assert shop.bank.received() == 10_000
    assert (refusal["id"], refusal["error"]["code"]) == (2, -32000)
    assert refusal["error"]["message"].startswith("Sign in by OAuth")
    assert refusal["error"]["data"] == {"kind": "key-missing", "status": 401}
    assert pong["result"] == {}
    assert kind(post(shop, refusing, key=None), 401)[0] == "key-missing"


def test_a_scope_that_is_missing_takes_nothing_from_the_rest_of_an_array(shop: Shop) -> None:
    who = Principal("u1", "trader", "enterprise", "app", frozenset({"watchlists:write"}))
    made = {"name": "create_watchlist", "arguments": {"name": "x", "symbols": ["BTC"]}}
    sent = [message("tools/call", made), message("tools/call", {"name": "get_movers"}, 2)]
    first, second = told(post(shop, sent, key=None, principal=who))
    assert first["result"]["structuredContent"]["data"]["watchlist_id"]
    assert second["error"]["data"] == {"kind": "scope-missing", "status": 403}


@pytest.fixture
def spent(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Return a shop where the day's quota of a free account is used up."""
    monkeypatch.setitem(PLANS, "free", PLANS["free"]._replace(per_day=1))
    shop("/api/v1/market-data/BTC", key=None, principal=FREE)
    return shop


def reads_report(shop: Shop, *, found: Any = None, **headers: str | None) -> Any:
    params = {"uri": DAILY} | ({"_meta": {"x402/payment": found}} if found else {})
    return post(shop, message("resources/read", params), key=None, principal=FREE, **headers)


@pytest.mark.parametrize("form", ["object", "header"])
def test_a_resource_is_paid_when_the_quota_is_used_up(spent: Shop, form: str) -> None:
    error = refused(reads_report(spent), 200)
    assert (error["code"], error["data"]["accepts"][0]["amount"]) == (402, "2000")
    assert "params._meta['x402/payment']" in error["message"]
    found = payment(error["data"], spent.now)
    how: dict[str, Any] = (
        {"found": found} if form == "object" else {"payment_signature": header(found)}
    )
    answer = told(reads_report(spent, **how))["result"]
    assert len(answer["contents"]) == 2
    assert answer["_meta"]["x402/payment-response"]["success"] is True
    assert spent.bank.received() == 2_000
    assert refused(reads_report(spent, **how), 200)["code"] == 402


def test_a_payment_that_is_too_long_is_not_read(shop: Shop) -> None:
    answer = paid(shop, {"x402Version": 2, "payload": "a" * LONGEST})
    assert answer["isError"] is True
    assert f"{LONGEST:,}" in answer["content"][0]["text"]


def test_a_wrong_call_of_a_paid_tool_is_told_so_before_it_is_paid(shop: Shop) -> None:
    answer = call(shop, PAID, {"limit": 0}, key=None)
    assert answer["isError"] is True
    assert "x402/error" not in answer.get("_meta", {})


def test_the_stock_client_of_x402_pays_for_a_tool(shop: Shop) -> None:
    shop.at(time.time())  # the client signs by its own clock
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
