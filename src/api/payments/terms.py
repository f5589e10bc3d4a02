"""What is asked for a paid answer: the offer in protocol v2, and the same in v1.

v2 puts it in the header PAYMENT-REQUIRED, v1 in the body of the same 402, so
one answer serves both. Amounts are strings of whole atomic units; field names
are the protocol's own.
"""

import base64
import re
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from api.payments.prices import Prices, read_prices
from common.errors import Fatal

SCHEME = "exact"
ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
DECIMALS = 6  # of USDC; an atomic unit is a millionth of a dollar
REQUIRED, RECEIPT, RECEIPT_V1 = "payment-required", "payment-response", "x-payment-response"


class Token(NamedTuple):
    """USDC on one network: its v1 name, its contract, and its EIP-712 domain.

    The domain's name differs between test and main network; with the other's
    a signature recovers to another address and says no more than "invalid".
    """

    v1_name: str
    asset: str
    name: str
    version: str = "2"


TOKENS = {
    "eip155:84532": Token("base-sepolia", "0x036CbD53842c5426634e7929541eC2318f3dCF7e", "USDC"),
    "eip155:8453": Token("base", "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913", "USD Coin"),
}


class Config(msgspec.Struct, frozen=True):
    """The variable X402 of the Worker, JSON.

    pay_to               the address that is paid, "" where nothing is sold
    networks             CAIP-2 names out of TOKENS, the preferred one first
    facilitator          address of its API, without /verify and /settle
    max_timeout_seconds  how long a signed transfer is good: work, settling and 6 s
    prices               by name of the price and plan, in atomic units
    """

    pay_to: str = ""
    networks: tuple[str, ...] = ()
    facilitator: str = ""
    max_timeout_seconds: int = 120
    prices: dict[str, dict[str, int]] = {}


class Requirement(msgspec.Struct, frozen=True, rename="camel"):
    """One way to pay, as v2 has it in `accepts` (x402 v2, section 5.1.2)."""

    scheme: str
    network: str
    amount: str
    asset: str
    pay_to: str
    max_timeout_seconds: int
    extra: dict[str, str]


class RequirementV1(msgspec.Struct, frozen=True, rename="camel"):
    """One way to pay, as v1 has it. `outputSchema` is left out: a null breaks v1 clients."""

    scheme: str
    network: str
    max_amount_required: str
    resource: str
    description: str
    mime_type: str
    pay_to: str
    max_timeout_seconds: int
    asset: str
    extra: dict[str, str]


class Resource(msgspec.Struct, frozen=True, rename="camel"):
    """What is sold, as v2 has it."""

    url: str
    description: str
    mime_type: str
    service_name: str = "CryptoIntel"


class Terms(NamedTuple):
    """The configuration, checked."""

    config: Config
    prices: Prices


class Offer(NamedTuple):
    """What one call costs, in every way that it may be paid."""

    amount: int
    resource: Resource
    accepts: tuple[Requirement, ...]
    extensions: dict[str, Any]

    def v1(self) -> list[RequirementV1]:
        """Return the ways to pay as v1 has them."""
        return [
            RequirementV1(
                one.scheme, TOKENS[one.network].v1_name, one.amount, self.resource.url,
                self.resource.description, self.resource.mime_type, one.pay_to,
                one.max_timeout_seconds, one.asset, one.extra,
            )
            for one in self.accepts
        ]  # fmt: skip

    def header(self, error: str) -> str:
        """Return the value of PAYMENT-REQUIRED."""
        return encoded({
            "x402Version": 2, "error": error, "resource": self.resource,
            "accepts": self.accepts, "extensions": self.extensions,
        })  # fmt: skip


def offer(terms: Terms, amount: int, resource: Resource, extensions: dict[str, Any]) -> Offer:
    """Return the offer of `resource` for `amount` atomic units."""
    config = terms.config
    accepts = tuple(
        Requirement(
            SCHEME, network, str(amount), TOKENS[network].asset, config.pay_to,
            config.max_timeout_seconds,
            {"name": TOKENS[network].name, "version": TOKENS[network].version},
        )
        for network in config.networks
    )  # fmt: skip
    return Offer(amount, resource, accepts, extensions)


@lru_cache(8)
def read_terms(text: str) -> Terms | None:
    """Return the terms that a Worker's variable X402 holds, None where nothing is sold.

    Raises Fatal, naming what is wrong: a gateway with wrong terms must not sell.
    """
    try:
        config = msgspec.json.decode(text or "{}", type=Config)
    except msgspec.DecodeError as error:
        raise Fatal(f"wrangler config, [vars] X402: {error}") from None
    if not config.pay_to:
        return None
    unknown = set(config.networks) - set(TOKENS)
    wrong = (
        f"unknown networks {sorted(unknown)}" if unknown
        else "no networks" if not config.networks
        else "pay_to is no address" if not ADDRESS.fullmatch(config.pay_to)
        else "facilitator is no https address" if not config.facilitator.startswith("https://")
        else "max_timeout_seconds must be 30 to 600"
        if not 30 <= config.max_timeout_seconds <= 600
        else ""
    )  # fmt: skip
    if wrong:
        raise Fatal(f"wrangler config, [vars] X402: {wrong}")
    return Terms(config, read_prices(config.prices))


def encoded(value: object) -> str:
    """Return a value as x402's headers hold it: base64, standard and padded, of JSON."""
    return base64.b64encode(msgspec.json.encode(value)).decode()


def in_usd(amount: int) -> str:
    """Return an amount as a person reads it: 10000 is "0.01"."""
    text = f"{amount // 10**DECIMALS}.{amount % 10**DECIMALS:0{DECIMALS}d}".rstrip("0")
    whole, _, part = text.partition(".")
    return f"{whole}.{part:0<2}"
