"""Who signed a transfer: EIP-712 digest and secp256k1 recovery.

https://eips.ethereum.org/EIPS/eip-712, https://eips.ethereum.org/EIPS/eip-3009. As strict
as token contracts: a signature is 65 bytes, v is 27 or 28, s lies in the lower half
(USDC's ECRecover, after EIP-2). Wallets that are contracts are not known here.
"""

from functools import lru_cache
from typing import NamedTuple

from eth_keys.datatypes import Signature
from eth_keys.exceptions import BadSignature
from eth_utils.crypto import keccak
from eth_utils.exceptions import ValidationError

_DOMAIN = keccak(
    text="EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
_TRANSFER = keccak(
    text="TransferWithAuthorization(address from,address to,uint256 value,"
    "uint256 validAfter,uint256 validBefore,bytes32 nonce)"
)
_HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0


class Domain(NamedTuple):
    """What a signature is bound to besides its message; `contract` is an address, 0x and hex."""

    name: str
    version: str
    chain_id: int
    contract: str


class Transfer(NamedTuple):
    """The message that is signed. Addresses and the nonce are 0x and hex."""

    payer: str
    to: str
    value: int
    valid_after: int
    valid_before: int
    nonce: str


def separator(domain: Domain) -> bytes:
    """The 32 bytes that stand for a domain."""
    return keccak(
        _DOMAIN
        + keccak(text=domain.name)
        + keccak(text=domain.version)
        + domain.chain_id.to_bytes(32)
        + _word(domain.contract)
    )


def digest(domain: Domain, transfer: Transfer) -> bytes:
    """The 32 bytes that are signed."""
    numbers = (transfer.value, transfer.valid_after, transfer.valid_before)
    struct = keccak(
        _TRANSFER
        + _word(transfer.payer)
        + _word(transfer.to)
        + b"".join(number.to_bytes(32) for number in numbers)
        + _word(transfer.nonce)
    )
    return keccak(b"\x19\x01" + separator(domain) + struct)


@lru_cache(4096)  # 5 ms each, and settling asks again for what verifying asked
def signer(signed: bytes, signature: str) -> str | None:
    """The address that signed a digest, in lower case; None for what no contract would take."""
    raw = bytes.fromhex(signature.removeprefix("0x"))
    if len(raw) != 65:
        return None
    r, s = int.from_bytes(raw[:32]), int.from_bytes(raw[32:64])
    if s > _HALF_ORDER:
        return None
    try:  # it takes 0 and 1 alone for v
        public = Signature(vrs=(raw[64] - 27, r, s)).recover_public_key_from_msg_hash(signed)
    except (BadSignature, ValidationError):
        return None
    return "0x" + public.to_canonical_address().hex()


def _word(text: str) -> bytes:
    """An address or nonce as a 32-byte word."""
    return bytes.fromhex(text.removeprefix("0x")).rjust(32, b"\0")
