"""Payments as a buyer's wallet makes them (eth-account), and a facilitator in this process."""

import copy
import json
import time
from collections.abc import Callable
from typing import Any

import httpx

from tests.support.wallets import Account
from tests.tools.simulator.running import InProcess
from tools.facilitator.app import create_app
from tools.facilitator.ledger import Ledger
from tools.facilitator.verdicts import Facilitator

BUYER = Account.from_key("0x" + "11" * 32)
OTHER = Account.from_key("0x" + "12" * 32)
SELLER = "0x209693Bc6afc0C5328bA36FaF03C514EF312287C"
USDC = "0x036CbD53842c5426634e7929541eC2318f3dCF7e"
USDC_BASE = "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913"
SEPOLIA = "eip155:84532"
CHAINS = {
    SEPOLIA: (84532, USDC, "USDC"), "eip155:8453": (8453, USDC_BASE, "USD Coin"),
    "base-sepolia": (84532, USDC, "USDC"), "base": (8453, USDC_BASE, "USD Coin"),
}  # fmt: skip
FAR = "4000000000"  # the same whenever it is asked for, so that a payment can be made again
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
TRANSFER = {
    "TransferWithAuthorization": [
        {"name": "from", "type": "address"}, {"name": "to", "type": "address"},
        {"name": "value", "type": "uint256"}, {"name": "validAfter", "type": "uint256"},
        {"name": "validBefore", "type": "uint256"}, {"name": "nonce", "type": "bytes32"},
    ]
}  # fmt: skip

Json = dict[str, Any]
Damage = Callable[[Json], None]


def sign(authorization: Json, domain: Json, wallet: Any = BUYER) -> str:
    """The signature of a wallet under a domain, 0x and hex."""
    numbers = {name: int(authorization[name]) for name in ("value", "validAfter", "validBefore")}
    message = {**authorization, **numbers, "nonce": bytes.fromhex(authorization["nonce"][2:])}
    signed = Account.sign_typed_data(wallet.key, domain, TRANSFER, message)
    return f"0x{signed.signature.hex().removeprefix('0x')}"


def request(
    nonce: int = 1, network: str = SEPOLIA, wallet: Any = BUYER, domain: Json | None = None,
    asset: str = "", **changed: str,
) -> Json:  # fmt: skip
    """A good request of /verify; `domain` and `changed` are wrong but signed for."""
    chain, usdc, name = CHAINS[network]
    asset = asset or usdc
    authorization = {
        "from": wallet.address, "to": SELLER, "value": "10000", "validAfter": "0",
        "validBefore": FAR, "nonce": f"0x{nonce:064x}", **changed,
    }  # fmt: skip
    extra = domain or {"name": name, "version": "2"}
    terms = {**extra, "chainId": chain, "verifyingContract": asset}
    payload = {
        "signature": sign(authorization, terms, wallet),
        "authorization": authorization,
    }
    shared = {
        "scheme": "exact", "network": network, "asset": asset, "payTo": SELLER,
        "maxTimeoutSeconds": 120, "extra": extra,
    }  # fmt: skip
    if network in ("base", "base-sepolia"):
        return {
            "x402Version": 1,
            "paymentPayload": {"x402Version": 1, "scheme": "exact", "network": network,
                               "payload": payload},
            "paymentRequirements": {**shared, "maxAmountRequired": "10000", "description": "demo",
                                    "resource": "https://shop.example/v1", "mimeType": "x/y"},
        }  # fmt: skip
    wanted = {**shared, "amount": "10000"}
    return {
        "x402Version": 2,
        "paymentPayload": {"x402Version": 2, "payload": payload, "accepted": copy.copy(wanted)},
        "paymentRequirements": wanted,
    }


def damaged(sent: Json, damage: Damage) -> Json:
    """A copy of a request with something changed after signing."""
    sent = copy.deepcopy(sent)
    damage(sent)
    return sent


class Desk:
    """A facilitator in this process, asked over its HTTP interface."""

    def __init__(self, key: str = "", sent_key: str = "", ledger: Ledger | None = None) -> None:
        self.now: float | None = None  # None is the real time
        self.ledger = ledger or Ledger()
        facilitator = Facilitator(self.ledger, lambda: self.now or time.time())
        self.http = httpx.Client(
            transport=InProcess(create_app(facilitator, key)), base_url="http://facilitator",
            headers={"authorization": f"Bearer {sent_key}"} if sent_key else {},
        )  # fmt: skip

    def verify(self, sent: Json) -> Json:
        answer = self.http.post("/verify", json=sent)
        assert answer.status_code == 200, answer.text
        told: Json = answer.json()
        return told

    def settle(self, sent: Json, status: int = 200) -> Json:
        answer = self.http.post("/settle", json=sent)
        assert answer.status_code == status, answer.text
        told: Json = answer.json()
        return told

    def control(self, path: str, sent: Json | None = None) -> Json:
        answer = (
            self.http.get(f"/control/{path}") if sent is None
            else self.http.post(f"/control/{path}", content=json.dumps(sent))
        )  # fmt: skip
        assert answer.status_code == 200, answer.text
        told: Json = answer.json()
        return told

    def received(self) -> int:
        """What the seller got in all, in atomic units."""
        return sum(row["amount"] for row in self.control("received")["received"])
