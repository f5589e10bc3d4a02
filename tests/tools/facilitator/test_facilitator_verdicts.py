"""What is verified, in which order, and with which code it is refused."""

import time
from typing import Any

import pytest

from tests.tools.facilitator.paying import (
    BUYER,
    CHAINS,
    ORDER,
    OTHER,
    SEPOLIA,
    USDC_BASE,
    Damage,
    Desk,
    Json,
    damaged,
    request,
)  # fmt: skip

EXACT = "invalid_exact_evm"
VALID_BEFORE = f"{EXACT}_payload_authorization_valid_before"
V1 = "base-sepolia"


def put(value: Any, *path: str) -> Damage:
    def damage(sent: Json) -> None:
        for name in path[:-1]:
            sent = sent[name]
        sent[path[-1]] = value

    return damage


def signature_with(change: Any) -> Damage:
    def damage(sent: Json) -> None:
        signed = sent["paymentPayload"]["payload"]
        signed["signature"] = change(signed["signature"])

    return damage


def mirrored(text: str) -> str:
    v = 55 - int(text[-2:], 16)
    return f"{text[:66]}{ORDER - int(text[66:130], 16):064x}{v:02x}"


AUTHORIZATION = ("paymentPayload", "payload", "authorization")
ACCEPTED, WANTED = ("paymentPayload", "accepted"), ("paymentRequirements",)
DAMAGES: dict[str, tuple[Damage, str]] = {
    "scheme": (put("upto", *ACCEPTED, "scheme"), "unsupported_scheme"),
    "required scheme": (put("upto", *WANTED, "scheme"), "unsupported_scheme"),
    "network": (put("eip155:8453", *ACCEPTED, "network"), "network_mismatch"),
    "extra": (put({}, *WANTED, "extra"), "missing_eip712_domain"),
    "extra version": (put({"name": "USDC"}, *WANTED, "extra"), "missing_eip712_domain"),
    "payee": (
        put(OTHER.address, *AUTHORIZATION, "to"), f"{EXACT}_payload_recipient_mismatch"),
    "more": (
        put("10001", *AUTHORIZATION, "value"),
        f"{EXACT}_payload_authorization_value_mismatch"),
    "less": (
        put("9999", *AUTHORIZATION, "value"),
        f"{EXACT}_payload_authorization_value_mismatch"),
    "expired": (put("1", *AUTHORIZATION, "validBefore"), VALID_BEFORE),
    "not yet": (
        put(str(2**40), *AUTHORIZATION, "validAfter"),
        f"{EXACT}_payload_authorization_valid_after"),
    "longer": (put(str(2**40), *AUTHORIZATION, "validBefore"), f"{EXACT}_payload_signature"),
    "nonce": (put("0x" + "77" * 32, *AUTHORIZATION, "nonce"), f"{EXACT}_payload_signature"),
    "payer": (put(OTHER.address, *AUTHORIZATION, "from"), f"{EXACT}_payload_signature"),
    "domain": (
        put({"name": "USD Coin", "version": "2"}, *WANTED, "extra"),
        f"{EXACT}_payload_signature"),
    "asset": (put(USDC_BASE, *WANTED, "asset"), f"{EXACT}_payload_signature"),
    "flipped v": (
        signature_with(lambda text: text[:-2] + ("1b" if text.endswith("1c") else "1c")),
        f"{EXACT}_payload_signature"),
    "v of 0 or 1": (
        signature_with(lambda text: f"{text[:-2]}{int(text[-2:], 16) - 27:02x}"),
        f"{EXACT}_payload_signature"),
    "high s": (signature_with(mirrored), f"{EXACT}_payload_signature"),
    "short": (signature_with(lambda text: text[:-2]), f"{EXACT}_payload_signature"),
    "no signature": (signature_with(lambda _: "0x"), f"{EXACT}_payload_signature"),
}  # fmt: skip


@pytest.mark.parametrize("network", sorted(CHAINS))
def test_a_good_payment_is_good_on_every_network_and_in_both_versions(
    desk: Desk, network: str
) -> None:
    assert desk.verify(request(network=network)) == {"isValid": True, "payer": BUYER.address}


@pytest.mark.parametrize("what", DAMAGES)
def test_a_damaged_payment_is_refused_with_its_code(desk: Desk, what: str) -> None:
    damage, code = DAMAGES[what]
    told = desk.verify(damaged(request(), damage))
    assert (told["isValid"], told["invalidReason"]) == (False, code)
    assert desk.settle(damaged(request(), damage))["errorReason"] == code
    assert desk.received() == 0


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (put("upto", "paymentPayload", "scheme"), "unsupported_scheme"),
        (put("base", "paymentPayload", "network"), "network_mismatch"),
        (put("20000", *WANTED, "maxAmountRequired"),
         f"{EXACT}_payload_authorization_value_mismatch"),
    ],
)  # fmt: skip
def test_version_1_has_its_terms_elsewhere(desk: Desk, damage: Damage, code: str) -> None:
    assert desk.verify(damaged(request(network=V1), damage))["invalidReason"] == code


def test_a_version_does_not_take_the_others_network_names(desk: Desk) -> None:
    for network, name in ((SEPOLIA, V1), (V1, SEPOLIA)):
        chosen = ACCEPTED if network == SEPOLIA else ("paymentPayload",)
        sent = damaged(request(network=network), put(name, *chosen, "network"))
        told = desk.verify(damaged(sent, put(name, *WANTED, "network")))
        assert told["invalidReason"] == f"{EXACT}_failed_to_get_network_config"


def test_six_seconds_must_be_left(desk: Desk) -> None:
    desk.now = float(int(time.time()))
    enough, short = (request(validBefore=str(int(desk.now) + left)) for left in (6, 5))
    assert desk.verify(enough)["isValid"]
    assert desk.verify(short)["invalidReason"] == VALID_BEFORE


@pytest.mark.parametrize(
    ("domain", "code"),
    [
        ({"name": "USD Coin", "version": "2"}, f"{EXACT}_token_name_mismatch"),
        ({"name": "USDC", "version": "1"}, f"{EXACT}_token_version_mismatch"),
    ],
)
def test_a_wrong_domain_that_buyer_and_seller_agree_on_is_found(
    desk: Desk, domain: Json, code: str
) -> None:
    assert desk.verify(request(domain=domain))["invalidReason"] == code


def test_a_token_that_does_not_exist_on_the_network_is_no_contract(desk: Desk) -> None:
    told = desk.verify(request(asset=USDC_BASE))
    assert told["invalidReason"] == "asset_not_deployed_contract"


def test_who_has_too_little_cannot_pay_and_who_has_just_enough_can(desk: Desk) -> None:
    purse = {"network": SEPOLIA, "holder": BUYER.address, "amount": 9_999}
    desk.control("balances", purse)
    assert desk.verify(request())["invalidReason"] == f"{EXACT}_insufficient_balance"
    assert desk.settle(request())["errorReason"] == f"{EXACT}_insufficient_balance"
    desk.control("balances", {**purse, "amount": 10_000})
    assert desk.settle(request())["success"]
    assert desk.verify(request(2))["invalidReason"] == f"{EXACT}_insufficient_balance"
