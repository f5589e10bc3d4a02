"""The facilitator: whoever checks signatures and moves money on the chain for us.

Two questions, both with the payment and our own requirement: is it good
(/verify, takes nothing), and take it (/settle). Reasons are passed on as they
are; only `settlement_pending` means something here: sent, and not yet certain.
"""

from typing import Protocol

import msgspec

from common.errors import Problem, Retryable

PENDING = "settlement_pending"
FAILED = "transaction_failed"  # of a transfer that was sent, the only "no" that is certain


class Verdict(msgspec.Struct, rename="camel"):
    """What /verify answers."""

    is_valid: bool
    invalid_reason: str | None = None
    payer: str | None = None

    @property
    def used(self) -> bool:
        """Whether a transfer with this nonce has happened."""
        return not self.is_valid and _of_use(self.invalid_reason)


class Settlement(msgspec.Struct, rename="camel"):
    """What /settle answers."""

    success: bool
    transaction: str | None = None
    network: str | None = None
    payer: str | None = None
    amount: str | None = None
    error_reason: str | None = None

    @property
    def pending(self) -> bool:
        """Whether the transfer was sent and is not certain yet."""
        return not self.success and self.error_reason == PENDING

    @property
    def used(self) -> bool:
        """Whether a transfer with this nonce has happened; perhaps it was this one."""
        return not self.success and _of_use(self.error_reason)

    def receipt(self) -> dict[str, object]:
        """Return what the buyer is told (x402 v2, section 5.3.2); clients take no nulls."""
        told = {"transaction": self.transaction or "", "network": self.network or ""}
        fields = msgspec.to_builtins(self).items()
        return told | {name: value for name, value in fields if value is not None}


def _of_use(reason: str | None) -> bool:
    # Facilitators spell it differently.
    return "nonce" in (reason or "").lower() or "used" in (reason or "").lower()


class Ask(Protocol):
    """Sends a body to the facilitator at /verify or /settle; returns what came, of any status.

    Raises Retryable when nothing came.
    """

    async def __call__(self, facilitator: str, path: str, body: str) -> bytes: ...  # noqa: D102


_verdict = msgspec.json.Decoder(Verdict).decode
_settlement = msgspec.json.Decoder(Settlement).decode


async def verify(ask: Ask, address: str, request: str) -> Verdict:
    """Return whether a payment is good. Raises Problem 503 when nobody says."""
    try:
        return _verdict(await ask(address, "/verify", request))
    except (Retryable, msgspec.DecodeError):
        raise unreachable("Nothing was taken.") from None


async def settle(ask: Ask, address: str, request: str) -> Settlement:
    """Have the money taken; a pending transfer is asked for once more.

    The facilitator knows the same payment again by its signature, so asking
    twice takes nothing twice. Raises Retryable when its answer is not known:
    then the money may have been taken.
    """
    try:
        found = _settlement(await ask(address, "/settle", request))
        if found.pending:
            again = _settlement(await ask(address, "/settle", request))
            # It was sent: that it is refused now says nothing of what became of it.
            found = again if again.success or again.error_reason == FAILED else found
    except msgspec.DecodeError:
        raise Retryable("the facilitator's answer to /settle cannot be read") from None
    return found


def unreachable(money: str) -> Problem:
    """Return the Problem 503 of a payment that nobody can check or take just now."""
    return Problem(
        503, "payments-unreachable",
        f"Payments cannot be checked just now, so nothing is given. {money}",
        {"retry-after": "5"},
    )  # fmt: skip
