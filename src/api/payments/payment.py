"""A payment as it arrives: read strictly, and compared with what was offered.

PAYMENT-SIGNATURE holds v2, X-PAYMENT v1; both are base64 of JSON with a
transfer that the buyer signed (EIP-3009 transferWithAuthorization). What is
compared are values, never the text of the header: clients differ in the order
of members, and one transfer can be signed and encoded in several ways.
"""

import base64
import binascii
import re
from typing import Annotated, Any, NamedTuple

import msgspec

from api.payments.terms import SCHEME, TOKENS, Offer, Requirement
from api.principal import Request
from common.errors import Problem

LONGEST = 16_384
# A transfer must last through the work and the settling: one that ends between them is work for
# nothing. And one that outlives the question what became of it could be taken by asking.
MARGIN_SECONDS, SKEW_SECONDS = 30, 60
HEADERS = ("payment-signature", "x-payment")
_AUTHORIZATION = "invalid_exact_evm_payload_authorization"
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
Address = Annotated[str, msgspec.Meta(pattern=r"^0x[0-9a-fA-F]{40}\Z")]
Number = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,30}\Z")]


class Mismatch(Exception):
    """The payment cannot be taken for this offer; the text is the protocol's reason."""


class Authorization(
    msgspec.Struct,
    rename={"payer": "from", "valid_after": "validAfter", "valid_before": "validBefore"},
):
    """What the buyer signed. Amounts are atomic units, times epoch seconds, all as texts."""

    payer: Address
    to: Address
    value: Number
    valid_after: Number
    valid_before: Number
    nonce: Annotated[str, msgspec.Meta(pattern=r"^0x[0-9a-fA-F]{64}\Z")]


class Signed(msgspec.Struct):
    """A transfer with its signature; that of a contract's wallet may be long (ERC-6492)."""

    signature: Annotated[str, msgspec.Meta(pattern=r"^0x([0-9a-fA-F]{2}){1,3000}\Z")]
    authorization: Authorization


class Payment(NamedTuple):
    """A payment that fits an offer: what identifies it, and what the facilitator is sent.

    `payer`, `nonce` and `asset` are in lower case. `request` is the body of
    /verify and /settle (JSON), with our own requirement in it. `untimely` is
    the reason when the transfer cannot be made at this time, else "".
    """

    network: str
    asset: str
    payer: str
    nonce: str
    amount: int
    pay_to: str
    signature: str
    request: str
    untimely: str


def presented(request: Request) -> tuple[str, int] | None:
    """Return the payment header of a request with its version of the protocol, None without one."""
    for version, name in ((2, HEADERS[0]), (1, HEADERS[1])):
        if (value := request.header(name)) is not None:
            return value, version
    return None


def decode(text: str, version: int) -> dict[str, Any]:
    """Return the object in a payment header. Raises Problem 400 for what is none."""
    name = HEADERS[0] if version == 2 else HEADERS[1]
    if len(text) > LONGEST:
        raise _unreadable(name, f"it has {len(text):,} characters, at most {LONGEST:,} are read")
    if not _BASE64.fullmatch(text):
        raise _unreadable(name, "it is not base64 of the standard alphabet, padded")
    try:
        found = msgspec.json.decode(base64.b64decode(text, validate=True))
    except (binascii.Error, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _unreadable(name, "it is not base64 of a JSON text") from None
    if not isinstance(found, dict):
        raise _unreadable(name, "its JSON is no object")
    if found.get("x402Version") != version:
        raise _unreadable(name, f"its x402Version is not {version}, which this header is for")
    return found


def fit(found: dict[str, Any], offer: Offer, now: float) -> Payment:
    """Return the payment in `found` if it pays for `offer`. Raises Mismatch.

    Which of our requirements it is for is looked up among what is offered now;
    what the buyer says of it is compared and never used.
    """
    version = found["x402Version"]
    if version == 2:
        wanted, terms = _chosen(found, offer), offer.accepts
        theirs = found.get("resource")
        if isinstance(theirs, dict) and theirs.get("url") != offer.resource.url:
            raise Mismatch("the payment was made for another resource")
        echoed = found.get("extensions") or {}
        if not isinstance(echoed, dict):
            raise Mismatch("extension_echo_mismatch")
        if not _keeps(
            echoed, {name: offer.extensions[name] for name in echoed if name in offer.extensions}
        ):
            raise Mismatch("extension_echo_mismatch")
        ours: object = wanted
    else:
        if found.get("scheme") != SCHEME:
            raise Mismatch("unsupported_scheme")
        named = found.get("network")
        terms = tuple(one for one in offer.accepts if TOKENS[one.network].v1_name == named)
        if not terms:
            raise Mismatch("invalid_network")
        wanted = terms[0]
        ours = offer.v1()[offer.accepts.index(wanted)]
    try:
        signed = msgspec.convert(found.get("payload"), Signed)
    except msgspec.ValidationError as error:
        raise Mismatch(f"invalid_payload: {error}") from None
    _require(signed.authorization, wanted)
    request = {"x402Version": version, "paymentPayload": found, "paymentRequirements": ours}
    given = signed.authorization
    return Payment(
        wanted.network, wanted.asset.lower(), given.payer.lower(), given.nonce.lower(),
        offer.amount, wanted.pay_to, signed.signature.lower(),
        msgspec.json.encode(request).decode(), _untimely(given, wanted, now),
    )  # fmt: skip


def _chosen(found: dict[str, Any], offer: Offer) -> Requirement:
    """Return the requirement that v2's `accepted` repeats, field by field; more is ignored."""
    accepted = found.get("accepted")
    for one in offer.accepts:
        if isinstance(accepted, dict) and _keeps(accepted, msgspec.to_builtins(one)):
            return one
    raise Mismatch("No matching payment requirements")


def _require(given: Authorization, wanted: Requirement) -> None:
    """Compare what was signed with what is asked, so that no garbage takes a place or a call.

    The reasons are those of facilitators, who look at the same and at the signature.
    """
    if given.to.lower() != wanted.pay_to.lower():
        raise Mismatch("invalid_exact_evm_payload_recipient_mismatch")
    if int(given.value) != int(wanted.amount):
        raise Mismatch(f"{_AUTHORIZATION}_value_mismatch")


def _untimely(given: Authorization, wanted: Requirement, now: float) -> str:
    latest = now + wanted.max_timeout_seconds + SKEW_SECONDS
    if not now + MARGIN_SECONDS <= int(given.valid_before) <= latest:
        return f"{_AUTHORIZATION}_valid_before"
    return f"{_AUTHORIZATION}_valid_after" if int(given.valid_after) > now else ""


def _keeps(theirs: object, ours: object) -> bool:
    """Whether all that we said is still there; buyers may add to it. None of ours is kept too."""
    if isinstance(ours, dict):
        return isinstance(theirs, dict) and all(
            name in theirs and _keeps(theirs[name], value) for name, value in ours.items()
        )
    return theirs == ours and type(theirs) is type(ours)


def _unreadable(header: str, why: str) -> Problem:
    return Problem(400, "payment-unreadable", f"The header {header.upper()} cannot be read: {why}.")
