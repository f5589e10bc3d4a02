"""A buyer with a wallet, and a facilitator that knows it: signed for real, in memory."""

import base64
import json
from typing import Any

import httpx
from eth_account.messages import encode_typed_data
from eth_account.signers.local import LocalAccount

from common.envelope import Answer
from common.errors import Retryable
from tests.support.wallets import Account
from tools.facilitator.app import create_app
from tools.facilitator.ledger import Ledger
from tools.facilitator.verdicts import Facilitator

DOMAINS = {
    "eip155:84532": ("USDC", 84532), "eip155:8453": ("USD Coin", 8453),
    "base-sepolia": ("USDC", 84532), "base": ("USD Coin", 8453),
}  # fmt: skip
TYPES = {
    "TransferWithAuthorization": [
        {"name": "from", "type": "address"}, {"name": "to", "type": "address"},
        {"name": "value", "type": "uint256"}, {"name": "validAfter", "type": "uint256"},
        {"name": "validBefore", "type": "uint256"}, {"name": "nonce", "type": "bytes32"},
    ]
}  # fmt: skip
WALLET: LocalAccount = Account.from_key("0x" + "11" * 32)


class Bank:
    """The local facilitator, asked without a network; `now` is its clock's."""

    def __init__(self, now: float) -> None:
        self.now = now
        self.ledger = Ledger()
        app = create_app(Facilitator(self.ledger, lambda: self.now))
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)
        self._client = httpx.AsyncClient(transport=transport, base_url="http://facilitator")
        self.calls: list[str] = []

    async def __call__(self, path: str, body: str) -> bytes:
        self.calls.append(path)
        try:
            return (await self._client.post(path, content=body)).content
        except (KeyError, ConnectionAbortedError):  # no server here that could hang up
            raise Retryable("the connection was closed") from None

    async def order(self, **order: Any) -> None:
        """Have calls fail (tools.facilitator.faults)."""
        answer = await self._client.post("/control/faults", json=order)
        assert answer.status_code == 200, answer.text

    async def lift(self) -> None:
        await self._client.delete("/control/faults")

    def received(self) -> int:
        """Return what everybody was paid, in atomic units."""
        return sum(one["amount"] for one in self.ledger.received())


def offer_of(answer: Answer) -> dict[str, Any]:
    """Return the v2 offer in an answer."""
    found: dict[str, Any] = json.loads(base64.b64decode(answer.headers["payment-required"]))
    return found


def signed(
    terms: dict[str, Any], now: float, nonce: int = 1, wallet: LocalAccount = WALLET,
    **changed: Any,
) -> dict[str, Any]:  # fmt: skip
    """Return the `payload` of a payment for one of an offer's `accepts`; `changed` is signed."""
    name, chain = DOMAINS[terms["network"]]
    message = {
        "from": wallet.address, "to": terms["payTo"],
        "value": int(terms.get("amount") or terms["maxAmountRequired"]), "validAfter": 0,
        "validBefore": int(now) + terms["maxTimeoutSeconds"], "nonce": nonce.to_bytes(32, "big"),
    } | changed  # fmt: skip
    domain = {"name": name, "version": "2", "chainId": chain, "verifyingContract": terms["asset"]}
    signature = wallet.sign_message(encode_typed_data(domain, TYPES, message)).signature
    told = {key: str(value) for key, value in message.items()} | {
        "nonce": "0x" + message["nonce"].hex()
    }
    return {"signature": "0x" + signature.hex().removeprefix("0x"), "authorization": told}


def payment(offer: dict[str, Any], now: float, nonce: int = 1, **changed: Any) -> dict[str, Any]:
    """Return a v2 payment for an offer, as stock clients make it."""
    terms = offer["accepts"][0]
    return {
        "x402Version": 2, "accepted": terms, "payload": signed(terms, now, nonce, **changed),
        "resource": offer["resource"], "extensions": offer.get("extensions", {}),
    }  # fmt: skip


def header(found: Any) -> str:
    """Return a payment as a header holds it."""
    return base64.b64encode(json.dumps(found).encode()).decode()


def receipt(answer: Answer) -> dict[str, Any]:
    """Return the receipt of a paid answer."""
    found: dict[str, Any] = json.loads(base64.b64decode(answer.headers["payment-response"]))
    return found
