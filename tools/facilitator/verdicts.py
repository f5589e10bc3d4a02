"""What a facilitator says of a payment: the checks in their order, and the settling.

The order and the codes are those of the reference implementation (x402, EVM `exact`). The
token's own domain is known here as the chain knows it, so a wrong name that buyer and
seller agree on is found.
"""

import time
from collections.abc import Callable
from typing import Any

from tools.facilitator.ledger import Ledger, Pending, transaction_of
from tools.facilitator.payments import Payment, Refused, read
from tools.facilitator.signatures import signer

MARGIN_SECONDS = 6


class Facilitator:
    """Verifies and settles over a ledger; `now` is epoch seconds."""

    def __init__(self, ledger: Ledger, now: Callable[[], float] = time.time) -> None:
        self.ledger, self._now = ledger, now

    def verify(self, body: bytes, refuse: str = "") -> dict[str, Any]:
        """The answer of POST /verify, which moves no money. Raises Malformed.

        `refuse` is a reason to refuse even what is good.
        """
        self.ledger.confirm_due(self._now())
        try:
            payment = read(body)
            self._require(payment, refuse)
        except Refused as refused:
            return {"isValid": False, "invalidReason": refused.reason, **_payer(refused.payer)}
        return {"isValid": True, "payer": payment.payer}

    def settle(
        self, body: bytes, pending: Pending | None = None, refuse: str = ""
    ) -> tuple[int, dict[str, Any]]:
        """The status and answer of POST /settle. Raises Malformed.

        A payment that is sent again is answered with what became of it. A new one is left
        unconfirmed by `pending`, and refused with the reason `refuse`.
        """
        self.ledger.confirm_due(self._now())
        try:
            payment = read(body)
            known = self.ledger.find(payment)
            if known and known.is_of(payment):
                self.ledger.ask_again(payment)
            else:
                self._require(payment, refuse)
                self.ledger.record(payment, self._now(), pending)
            return self._told(payment)
        except Refused as refused:
            return 200, refusal(refused.reason, refused.network, refused.payer)

    def _require(self, payment: Payment, refuse: str) -> None:
        """Check what only clock, signature and chain can tell. Raises Refused."""
        if reason := self._wrong(payment) or refuse:
            raise Refused(reason, payment.payer, payment.network)

    def _wrong(self, payment: Payment) -> str:
        transfer, token, domain = payment.transfer, payment.token, payment.domain
        now = int(self._now())
        if transfer.valid_before < now + MARGIN_SECONDS:
            return "invalid_exact_evm_payload_authorization_valid_before"
        if transfer.valid_after > now:
            return "invalid_exact_evm_payload_authorization_valid_after"
        if signer(payment.digest, payment.signature) != transfer.payer:
            return "invalid_exact_evm_payload_signature"
        if domain.contract != token.asset:
            return "asset_not_deployed_contract"
        known = self.ledger.find(payment)
        if known and known.state != "failed":
            return "invalid_exact_evm_nonce_already_used"
        if domain.name != token.name:
            return "invalid_exact_evm_token_name_mismatch"
        if domain.version != token.version:
            return "invalid_exact_evm_token_version_mismatch"
        if self.ledger.balance(token.network, token.asset, transfer.payer) < transfer.value:
            return "invalid_exact_evm_insufficient_balance"
        return ""

    def _told(self, payment: Payment) -> tuple[int, dict[str, Any]]:
        """What became of a transfer that is in the ledger."""
        found = self.ledger.find(payment)
        if found is None:
            raise LookupError("a transfer was recorded and is not there")
        transaction, payer = transaction_of(payment), payment.payer
        if found.state == "confirmed":
            return 200, {
                "success": True, "transaction": transaction, "network": payment.network,
                "payer": payer, "amount": str(payment.transfer.value),
            }  # fmt: skip
        if found.state == "pending":
            told = refusal("settlement_pending", payment.network, payer, transaction)
            return found.status, told
        self.ledger.forget(payment)
        return 200, refusal("transaction_failed", payment.network, payer, transaction)


def refusal(reason: str, network: str, payer: str | None, transaction: str = "") -> dict[str, Any]:
    """A SettleResponse that is no success; without a transaction nothing was broadcast."""
    return {
        "success": False, "errorReason": reason, "transaction": transaction,
        "network": network, **_payer(payer),
    }  # fmt: skip


def _payer(payer: str | None) -> dict[str, str]:
    return {} if payer is None else {"payer": payer}
