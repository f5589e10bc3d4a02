"""A request of /verify or /settle: {x402Version, paymentPayload, paymentRequirements}.

Both versions of the protocol become one Payment. Amounts are whole atomic units, times
epoch seconds. Reasons are the codes of the reference implementation.
"""

from typing import Annotated, Any, NamedTuple

import msgspec

from tools.facilitator.signatures import Domain, Transfer, digest
from tools.facilitator.tokens import BY_VERSION, Token

SCHEME = "exact"

# \Z, because $ also matches before a line's end, which the same text could then hide behind.
_Address = Annotated[str, msgspec.Meta(pattern=r"^0x[0-9a-fA-F]{40}\Z")]
_Number = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,78}\Z")]
_UINT256 = 1 << 256


class Malformed(Exception):
    """The body is not what this interface takes at all; the text says why."""


class Refused(Exception):
    """The payment is not good: a reason, and who wanted to pay where that could be read."""

    def __init__(self, reason: str, payer: str | None = None, network: str = "") -> None:
        super().__init__(reason)
        self.reason, self.payer, self.network = reason, payer, network


class _Authorization(
    msgspec.Struct,
    rename={"payer": "from", "valid_after": "validAfter", "valid_before": "validBefore"},
):
    payer: _Address
    to: _Address
    value: _Number
    valid_after: _Number
    valid_before: _Number
    nonce: Annotated[str, msgspec.Meta(pattern=r"^0x[0-9a-fA-F]{64}\Z")]


class _Signed(msgspec.Struct):
    signature: Annotated[str, msgspec.Meta(pattern=r"^0x([0-9a-fA-F]{2}){0,4096}\Z")]
    authorization: _Authorization


class _Requirement(msgspec.Struct, rename="camel"):
    """What both versions share; the amount has a name of its own in each."""

    scheme: str
    network: str
    asset: _Address
    pay_to: _Address
    amount: _Number | None = None
    max_amount_required: _Number | None = None
    extra: dict[str, Any] | None = None


class Payment(NamedTuple):
    """A payment whose terms are those required.

    `network` and `payer` are written as the request writes them, the transfer and the
    signature are in lower case. `digest` is what must be signed.
    """

    network: str
    payer: str
    token: Token
    domain: Domain
    transfer: Transfer
    signature: str
    digest: bytes


def read(body: bytes) -> Payment:
    """Return the payment of a request. Raises Malformed, or Refused with the first wrong term."""
    try:
        request = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"the body is no JSON object: {error}") from None
    version, payload = request.get("x402Version"), request.get("paymentPayload")
    if type(version) is not int or version not in BY_VERSION:
        raise Refused("invalid_x402_version")
    if not isinstance(payload, dict):
        raise Refused("invalid_payload")
    if payload.get("x402Version") != version:
        raise Refused("invalid_x402_version")
    chosen = payload.get("accepted") if version == 2 else payload
    try:
        signed = msgspec.convert(payload.get("payload"), _Signed)
    except msgspec.ValidationError:
        raise Refused("invalid_payload") from None
    given = signed.authorization
    try:
        wanted = msgspec.convert(request.get("paymentRequirements"), _Requirement)
    except msgspec.ValidationError:
        raise Refused("invalid_payment_requirements", given.payer) from None
    if not isinstance(chosen, dict):
        raise Refused("invalid_payload", given.payer, wanted.network)
    return _matched(version, chosen, wanted, signed)


def _matched(
    version: int, chosen: dict[str, Any], wanted: _Requirement, signed: _Signed
) -> Payment:
    """Compare what was chosen and signed with what is required, in the reference's order."""
    given = signed.authorization
    transfer = Transfer(
        given.payer.lower(), given.to.lower(), int(given.value),
        int(given.valid_after), int(given.valid_before), given.nonce.lower(),
    )  # fmt: skip
    amount = wanted.amount if version == 2 else wanted.max_amount_required
    token = BY_VERSION[version].get(wanted.network)
    extra = wanted.extra or {}
    name, domain_version = extra.get("name"), extra.get("version")
    wrong = (
        "invalid_payment_requirements" if amount is None
        else "invalid_payload" if max(transfer[2:5]) >= _UINT256
        else "unsupported_scheme" if not chosen.get("scheme") == wanted.scheme == SCHEME
        else "network_mismatch" if chosen.get("network") != wanted.network
        else "invalid_exact_evm_failed_to_get_network_config" if token is None
        else "missing_eip712_domain"
        if not isinstance(name, str) or not isinstance(domain_version, str)
        else "invalid_exact_evm_payload_recipient_mismatch"
        if transfer.to != wanted.pay_to.lower()
        else "invalid_exact_evm_payload_authorization_value_mismatch"
        if transfer.value != int(amount)
        else ""
    )  # fmt: skip
    if wrong or token is None:
        raise Refused(wrong, given.payer, wanted.network)
    domain = Domain(str(name), str(domain_version), token.chain_id, wanted.asset.lower())
    return Payment(
        wanted.network, given.payer, token, domain, transfer, signed.signature.lower(),
        digest(domain, transfer),
    )  # fmt: skip
