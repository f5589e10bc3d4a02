"""The reference facilitator (PyPI x402) over a stub of the chain, asked the same as ours."""

from typing import Any

import pytest
from eth_account.messages import encode_typed_data
from x402 import x402FacilitatorSync
from x402.mechanisms.evm.exact import register_exact_evm_facilitator
from x402.mechanisms.evm.types import TransactionReceipt
from x402.schemas.helpers import parse_payment_payload, parse_payment_requirements

from tests.support.wallets import Account
from tests.tools.facilitator.paying import (
    BUYER,
    CHAINS,
    FAR,
    ORDER,
    OTHER,
    SEPOLIA,
    TRANSFER,
    USDC,
    USDC_BASE,
    Desk,
    Json,
    damaged,
    request,
)
from tests.tools.facilitator.test_facilitator_verdicts import DAMAGES

TOKENS = {USDC.lower(), USDC_BASE.lower()}
GRANTED = 1_000_000


class StubChain:
    """What the reference asks of a chain (its FacilitatorEvmSigner): a token and its nonces."""

    def __init__(self) -> None:
        self.used: set[tuple[str, str, bytes]] = set()
        self.spent: dict[str, int] = {}

    def get_addresses(self) -> list[str]:
        return [OTHER.address]

    def get_chain_id(self) -> int:
        return 84532

    def get_code(self, address: str) -> bytes:
        return b"\x60" if address.lower() in TOKENS else b""

    def get_balance(self, address: str, token_address: str) -> int:
        return GRANTED - self.spent.get(address, 0)

    def verify_typed_data(
        self, address: str, domain: Any, types: Any, primary_type: str, message: Json,
        signature: bytes,
    ) -> bool:  # fmt: skip
        # A contract is not asked about plain keys; what recovers is what counts.
        terms = {"name": domain.name, "version": domain.version, "chainId": domain.chain_id,
                 "verifyingContract": domain.verifying_contract}  # fmt: skip
        signable = encode_typed_data(terms, TRANSFER, message)
        try:
            return bool(Account.recover_message(signable, signature=signature) == address)
        except Exception:  # noqa: BLE001 - libraries disagree on what a bad signature raises
            return False

    def read_contract(self, address: str, abi: Any, function_name: str, *args: Any) -> Any:
        if function_name != "transferWithAuthorization":
            raise RuntimeError("execution reverted")
        payer, _, value, _, _, nonce, v, _, s = args
        if v not in (27, 28) or int.from_bytes(s) > ORDER // 2:
            raise RuntimeError("execution reverted: ECRecover: invalid signature")
        if (address.lower(), payer.lower(), bytes(nonce)) in self.used:
            raise RuntimeError("execution reverted: FiatTokenV2: authorization is used")
        if value > self.get_balance(payer, address):
            raise RuntimeError("execution reverted: ERC20: transfer amount exceeds balance")

    def write_contract(
        self, address: str, abi: Any, function_name: str, *args: Any, data_suffix: Any = None
    ) -> str:
        self.read_contract(address, abi, function_name, *args)
        self.used.add((address.lower(), args[0].lower(), bytes(args[5])))
        self.spent[args[0]] = self.spent.get(args[0], 0) + args[2]
        return "0x" + "ab" * 32

    def send_transaction(self, to: str, data: bytes) -> str:
        raise AssertionError("no wallet is deployed here")

    def wait_for_transaction_receipt(self, tx_hash: str) -> TransactionReceipt:
        return TransactionReceipt(1, 1, tx_hash)


class Reference:
    """The reference facilitator; what it raises on is a refusal too."""

    def __init__(self) -> None:
        self._facilitator = x402FacilitatorSync()
        register_exact_evm_facilitator(
            self._facilitator, StubChain(), ["eip155:84532", "eip155:8453"]
        )

    def verify(self, sent: Json) -> tuple[bool, str | None]:
        try:
            told = self._facilitator.verify(*self._parsed(sent))
        except Exception as error:  # noqa: BLE001 - each layer of it has errors of its own
            return False, str(error)
        return told.is_valid, told.invalid_reason

    def settle(self, sent: Json) -> tuple[bool, str | None]:
        try:
            told = self._facilitator.settle(*self._parsed(sent))
        except Exception as error:  # noqa: BLE001
            return False, str(error)
        return told.success, told.error_reason

    def _parsed(self, sent: Json) -> Any:
        return (
            parse_payment_payload(sent["paymentPayload"]),
            parse_payment_requirements(sent["x402Version"], sent["paymentRequirements"]),
        )


@pytest.fixture
def reference() -> Reference:
    return Reference()


def ours(told: Json) -> tuple[bool, str | None]:
    return told["isValid"], told.get("invalidReason")


@pytest.mark.parametrize("network", sorted(CHAINS))
def test_both_take_a_good_payment_once(desk: Desk, reference: Reference, network: str) -> None:
    sent, again = request(network=network), request(network=network, validAfter="1")
    assert ours(desk.verify(sent)) == reference.verify(sent) == (True, None)
    assert (desk.settle(sent)["success"], None) == reference.settle(sent) == (True, None)
    assert reference.verify(again)[0] is desk.verify(again)["isValid"] is False
    assert reference.settle(again)[0] is desk.settle(again)["success"] is False


def test_both_have_the_same_word_for_a_used_nonce(desk: Desk, reference: Reference) -> None:
    assert desk.settle(request())["success"] is reference.settle(request())[0] is True
    again = request(validAfter="1")
    used = (False, "invalid_exact_evm_nonce_already_used")
    assert ours(desk.verify(again)) == reference.verify(again) == used


# The reference looks at the buyer's word alone, and mends a signature before it sends it on.
KINDER = {"required scheme", "v of 0 or 1"}
# It finds no mechanism to ask, or takes the signature for that of a contract to be deployed.
OTHER_WORDS = {
    "scheme": "No scheme 'upto' registered for network 'eip155:84532'",
    "short": "invalid_exact_evm_payload_undeployed_smart_wallet",
    "no signature": "invalid_exact_evm_payload_undeployed_smart_wallet",
}


@pytest.mark.parametrize("what", sorted(set(DAMAGES) - KINDER))
def test_both_refuse_a_damaged_payment_with_the_same_word(
    desk: Desk, reference: Reference, what: str
) -> None:
    damage, code = DAMAGES[what]
    sent = damaged(request(), damage)
    assert ours(desk.verify(sent)) == (False, code)
    assert reference.verify(sent) == (False, OTHER_WORDS.get(what, code))


@pytest.mark.parametrize("what", sorted(KINDER))
def test_ours_is_stricter_where_the_reference_is_kind(
    desk: Desk, reference: Reference, what: str
) -> None:
    sent = damaged(request(), DAMAGES[what][0])
    assert reference.verify(sent) == (True, None)
    assert not desk.verify(sent)["isValid"]


def test_both_refuse_who_has_too_little(desk: Desk, reference: Reference) -> None:
    desk.control("balances", {"network": SEPOLIA, "holder": BUYER.address, "amount": GRANTED})
    sent = request(value=str(GRANTED + 1), validBefore=FAR)
    sent["paymentRequirements"]["amount"] = str(GRANTED + 1)
    assert ours(desk.verify(sent)) == reference.verify(sent)
    assert ours(desk.verify(sent)) == (False, "invalid_exact_evm_insufficient_balance")
