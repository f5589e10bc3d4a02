"""Payments that are not what they should be: each is refused, and none costs or brings anything."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.buying import header, offer_of, payment, signed
from tests.support.selling import FREE, Shop
from tests.support.wallets import Account

PATH = "/api/v1/analytics/volatility?limit=2"
OTHER = "/api/v1/analytics/correlation?symbols=BTC,ETH"
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141  # order of secp256k1
Found = dict[str, Any]
Change = Callable[[Found], object]


def set_in(*path: str, to: Any) -> Change:
    """Return a change of one member of a payment."""

    def change(found: Found) -> None:
        for name in path[:-1]:
            found = found[name]
        found[path[-1]] = to(found[path[-1]]) if callable(to) else to

    return change


def high_s(found: Found) -> None:
    """Mirror the signature's s, and flip v: mathematically as good, and refused by tokens."""
    signature = bytes.fromhex(found["payload"]["signature"][2:])
    mirrored = (N - int.from_bytes(signature[32:64], "big")).to_bytes(32, "big")
    found["payload"]["signature"] = (
        "0x" + (signature[:32] + mirrored + bytes([55 - signature[64]])).hex()
    )


AUTH = ("payload", "authorization")
DAMAGE: dict[str, Change] = {
    "another value": set_in(*AUTH, "value", to="9999"),
    "more than the price": set_in(*AUTH, "value", to="10001"),
    "another payee": set_in(*AUTH, "to", to="0x" + "22" * 20),
    "another sender": set_in(*AUTH, "from", to="0x" + "33" * 20),
    "another nonce than was signed": set_in(*AUTH, "nonce", to="0x" + "44" * 32),
    "expired": set_in(*AUTH, "validBefore", to="1"),
    "ends within the margin": set_in(*AUTH, "validBefore", to="1760001065"),
    "not valid yet": set_in(*AUTH, "validAfter", to="1960000000"),
    "longer than was signed": set_in(*AUTH, "validBefore", to="1960000000"),
    "a flipped v": set_in("payload", "signature", to=lambda s: s[:-2] + "1d"),
    "v of 0 or 1": set_in("payload", "signature", to=lambda s: s[:-2] + "00"),
    "a mirrored s": high_s,
    "no signature": set_in("payload", "signature", to="0x"),
    "a short signature": set_in("payload", "signature", to="0x1234"),
    "accepted edited to less": set_in("accepted", "amount", to="1"),
    "accepted on another network": set_in("accepted", "network", to="eip155:8453"),
    "accepted of another asset": set_in("accepted", "asset", to="0x" + "55" * 20),
    "accepted to another payee": set_in("accepted", "payTo", to="0x" + "22" * 20),
    "another scheme": set_in("accepted", "scheme", to="upto"),
    "another domain": set_in("accepted", "extra", "name", to="USD Coin"),
    "another timeout": set_in("accepted", "maxTimeoutSeconds", to=9_999),
    "accepted is no object": set_in("accepted", to=[]),
    "no payload": set_in("payload", to=None),
    "value as a number": set_in(*AUTH, "value", to=10_000),
    "value with a sign": set_in(*AUTH, "value", to="-10000"),
    "value not decimal": set_in(*AUTH, "value", to="0x2710"),
    "another resource": set_in("resource", "url", to="https://api.example/other"),
    "good for longer than is asked": set_in(*AUTH, "validBefore", to="1760001300"),
    "extensions are a number": set_in("extensions", to=5),
    "extensions are a list": set_in("extensions", to=[[1]]),
    "a nonce with a line's end": set_in(*AUTH, "nonce", to=lambda nonce: nonce + "\n"),
    "an extension that was changed": set_in(
        "extensions", "bazaar", "info", "input", "method", to="POST"
    ),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_payment_is_a_402_with_a_fresh_offer_and_a_reason(shop: Shop, name: str) -> None:
    found = payment(shop.offer(PATH), shop.now)
    DAMAGE[name](found)
    answer = shop.pay(PATH, found)
    assert answer.status == 402
    assert offer_of(answer)["error"] not in ("", "Payment required")
    assert shop.bank.received() == 0
    assert "settle" not in "".join(shop.bank.calls)
    assert set(shop.states()) <= {"released"}


def test_another_chain_id_than_the_networks_is_refused(shop: Shop) -> None:
    offer = shop.offer(PATH)
    found = payment(offer, shop.now)
    terms = {**offer["accepts"][0], "network": "eip155:8453"}
    found["payload"] = signed(terms, shop.now)
    answer = shop.pay(PATH, found)
    assert answer.status == 402
    assert offer_of(answer)["error"] == "invalid_exact_evm_payload_signature"


UNREADABLE = {
    "no base64": "{}",
    "base64 for addresses": base64.urlsafe_b64encode(b'{"a":"\xff\xfe?>"}').decode(),
    "without padding": base64.b64encode(b'{"x402Version":2} ').decode().rstrip("=") + "A",
    "no JSON": base64.b64encode(b"hello world!").decode(),
    "no object": header([1, 2]),
    "a version for the other header": header({"x402Version": 1}),
    "no version": header({}),
    "too long": header({"x402Version": 2, "a": "a" * 17_000}),
    "nested too deeply": base64.b64encode(b"[" * 3_000).decode(),
    "empty": "",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_a_400_that_says_why(shop: Shop, name: str) -> None:
    answer = shop(PATH, key=None, headers={"payment-signature": UNREADABLE[name]})
    assert answer.status == 400
    told = json.loads(str(answer.body))
    assert told["type"].endswith("payment-unreadable")
    assert "PAYMENT-SIGNATURE" in told["detail"]
    assert shop.bank.calls == []


def test_a_replay_brings_nothing_more(shop: Shop) -> None:
    found = payment(shop.offer(PATH), shop.now)
    assert [shop.pay(PATH, found).status for _ in range(3)] == [200, 402, 402]
    assert (shop.bank.received(), shop.bank.calls.count("/verify")) == (10_000, 1)


@pytest.mark.parametrize("name", ["a mirrored s", "v of 0 or 1"])
def test_another_encoding_of_a_used_signature_is_the_same_payment(shop: Shop, name: str) -> None:
    found = payment(shop.offer(PATH), shop.now)
    assert shop.pay(PATH, found).status == 200
    DAMAGE[name](found)
    assert shop.pay(PATH, found).status == 402
    assert shop.bank.calls.count("/verify") == 1


def test_letters_in_upper_case_are_the_same_payment(shop: Shop) -> None:
    found = payment(shop.offer(PATH), shop.now, nonce=0xABCDEF)
    assert shop.pay(PATH, found).status == 200
    signed_for = found["payload"]["authorization"]
    signed_for["nonce"] = "0x" + signed_for["nonce"][2:].upper()
    signed_for["from"] = "0x" + signed_for["from"][2:].upper()
    assert shop.pay(PATH, found).status == 402
    assert shop.bank.calls.count("/verify") == 1


def test_a_payment_for_one_address_is_not_taken_at_another(shop: Shop) -> None:
    found = payment(shop.offer(PATH), shop.now)
    assert shop.pay(OTHER, found).status == 402
    assert shop.bank.calls == []
    assert shop.pay(PATH, found).status == 200


def test_without_a_resource_it_pays_once_wherever_the_price_is_the_same(shop: Shop) -> None:
    """The signature does not bind an address; the nonce is what can be used once."""
    found = payment(shop.offer(PATH), shop.now)
    del found["resource"], found["extensions"]
    assert shop.pay(OTHER, found).status == 200
    assert shop.pay(PATH, found).status == 402
    assert shop.bank.received() == 10_000


def test_a_cheaper_plans_payment_does_not_pay_a_guests_price(shop: Shop) -> None:
    found = payment(shop.offer(PATH, principal=FREE), shop.now)
    assert shop.pay(PATH, found).status == 402
    assert shop.pay(PATH, found, principal=FREE).status == 200


def test_a_buyer_without_money_gets_nothing(shop: Shop) -> None:
    poor = Account.from_key("0x" + "77" * 32)
    offer = shop.offer(PATH)
    terms = offer["accepts"][0]
    shop.bank.ledger.set_balance(terms["network"], terms["asset"].lower(), poor.address.lower(), 9)
    answer = shop.pay(PATH, payment(offer, shop.now, wallet=poor))
    assert answer.status == 402
    assert "balance" in offer_of(answer)["error"]
    assert shop.states() == ["released"]


def test_what_was_refused_once_may_be_paid_when_it_is_good(shop: Shop) -> None:
    """A claim that failed is given back: nobody's nonce is burnt."""
    good = payment(shop.offer(PATH), shop.now)
    bad = json.loads(json.dumps(good))
    DAMAGE["a flipped v"](bad)
    assert shop.pay(PATH, bad).status == 402
    assert shop.pay(PATH, good).status == 200
    assert shop.history() == ["claimed", "released", "claimed", "settling", "settled"]


def test_both_headers_at_once_are_read_as_the_newer_version(shop: Shop) -> None:
    found = header(payment(shop.offer(PATH), shop.now))
    headers = {"payment-signature": found, "x-payment": "nonsense"}
    assert shop(PATH, key=None, headers=headers).status == 200


def test_offers_stay_small_enough_for_every_client(shop: Shop) -> None:
    """Node refuses headers over 16 KiB; buyers send the offer back."""
    for path in (PATH, OTHER, "/api/v1/exports/signals", "/api/v1/signals/by-id/1-price_anomaly-x"):
        assert len(shop(path, key=None).headers["payment-required"]) < 4_000
