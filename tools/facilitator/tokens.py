"""The tokens that exist on the pretend chains: USDC, with its EIP-712 domain on each network.

The domains are those of the deployed contracts; they differ in their names, and a
signature under the other one's recovers to a stranger.
"""

from typing import NamedTuple


class Token(NamedTuple):
    """A token contract; `asset` is its address in lower case."""

    network: str
    chain_id: int
    asset: str
    name: str
    version: str


# By CAIP-2 name and by the name that version 1 of the protocol uses.
_BASE_SEPOLIA = Token(
    "eip155:84532", 84532, "0x036cbd53842c5426634e7929541ec2318f3dcf7e", "USDC", "2"
)
_BASE = Token("eip155:8453", 8453, "0x833589fcd6edb6e08f4c7c32d4f71b54bda02913", "USD Coin", "2")
BY_VERSION: dict[int, dict[str, Token]] = {
    2: {"eip155:84532": _BASE_SEPOLIA, "eip155:8453": _BASE},
    1: {"base-sepolia": _BASE_SEPOLIA, "base": _BASE},
}
