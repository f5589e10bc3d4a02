"""Etherscan v2: gas price and supply of Ethereum.

A key is required and travels in the address: nothing from there may reach a
log. Every number is a string: gas prices in gwei with many decimals (below 1
is normal), amounts of the supply in wei with up to 27 digits, which only
whole numbers hold. Errors come with HTTP 200: `status` is "0" and `result` a
text instead of an object. The supply counts staking rewards and takes off
burnt fees; what validators withdrew is in it already.
Free keys: 3 requests a second, 100,000 a day.
https://docs.etherscan.io/api-reference/endpoint/gasoracle, .../ethsupply2
"""

import re
from typing import TypeVar

import msgspec

from collection.payload import about, decode, figures, number, one_row, positive
from collection.source import Endpoint, Source
from common.errors import Fatal, Retryable, Skippable
from common.models import Parsed, Reading

BASE = "https://api.etherscan.io/v2/api?chainid=1"
WEI = 10**18
HIGHEST_GAS = 100_000  # gwei
LEAST_SUPPLY, MOST_SUPPLY = 100_000_000, 200_000_000  # ETH: another order is another unit
ABOUT = about(symbol="ETH", asset_id="ethereum", chain="ethereum")
_key_like = re.compile(r"[A-Za-z0-9]{16,}")
Result = TypeVar("Result")


class Answer(msgspec.Struct):
    """The envelope of every answer."""

    status: str
    result: msgspec.Raw


class Gas(msgspec.Struct):
    """The result of gasoracle, in gwei."""

    ProposeGasPrice: object
    SafeGasPrice: object = None
    FastGasPrice: object = None
    suggest_base_fee: object = msgspec.field(default=None, name="suggestBaseFee")


class Supply(msgspec.Struct):
    """The result of ethsupply2, in wei."""

    EthSupply: object
    Eth2Staking: object
    BurntFees: object
    WithdrawnTotal: object = None


_answer = msgspec.json.Decoder(Answer)
_text = msgspec.json.Decoder(str)
_gas = msgspec.json.Decoder(Gas)
_supply = msgspec.json.Decoder(Supply)


def parse_gas(body: bytes, tick: int) -> Parsed:
    """Parse the gas oracle into one "gas_price"."""
    gas = _result(body, _gas)

    def reading() -> Reading:
        value = number(gas.ProposeGasPrice)
        if value is None:
            raise Skippable("no_gas_price")
        if not 0 < value <= HIGHEST_GAS:
            raise Skippable("implausible_gas_price")
        return Reading(
            kind="gas_price",
            key="ethereum",
            name="Ethereum gas",
            value=value,
            observed_at=tick,
            figures=figures(
                safe=positive(number(gas.SafeGasPrice)),
                fast=positive(number(gas.FastGasPrice)),
                base_fee=positive(number(gas.suggest_base_fee)),
            ),
            about=ABOUT,
        )

    return one_row(reading)


def parse_supply(body: bytes, tick: int) -> Parsed:
    """Parse the amounts into one "supply", in ETH."""
    given = _result(body, _supply)

    def reading() -> Reading:
        issued, staking, burnt = map(_wei, (given.EthSupply, given.Eth2Staking, given.BurntFees))
        if issued is None or staking is None or burnt is None:
            raise Skippable("no_amount")
        value = (issued + staking - burnt) / WEI
        if not LEAST_SUPPLY <= value <= MOST_SUPPLY:
            raise Skippable("implausible_supply")
        withdrawn = _wei(given.WithdrawnTotal)
        return Reading(
            kind="supply",
            key="ethereum",
            name="Ethereum supply",
            value=value,
            observed_at=tick,
            figures=figures(
                staking=staking / WEI,
                burnt=burnt / WEI,
                withdrawn=None if withdrawn is None else withdrawn / WEI,
            ),
            about=ABOUT,
        )

    return one_row(reading)


def _result(body: bytes, decoder: msgspec.json.Decoder[Result]) -> Result:
    """Return the result. Raises Fatal for a refused key, Retryable for every other error."""
    answer = decode(body, _answer)
    if answer.status == "1":
        return decode(answer.result, decoder)
    # "please use API Key for higher rate limit" is a limit, no refused key.
    reason = decode(answer.result, _text)
    lowered = reason.lower()
    if "api key" in lowered and "rate limit" not in lowered:
        raise Fatal("the key is refused")
    raise Retryable(f"refused: {_key_like.sub('…', reason)[:100]}")


def _wei(value: object) -> int | None:
    """Return an amount with all its digits, or None."""
    text = str(value) if isinstance(value, int | str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 30 else None


SOURCE = Source(
    name="etherscan",
    attribution="Powered by Etherscan.io APIs",
    attribution_url="https://etherscan.io",
    endpoints=(
        Endpoint("gas", f"{BASE}&module=gastracker&action=gasoracle&apikey={{key}}", parse_gas),
        Endpoint(
            "supply",
            f"{BASE}&module=stats&action=ethsupply2&apikey={{key}}",
            parse_supply,
            cadence=86_400,
        ),
    ),
    requests_per_minute=60,
    burst=2,
    key_name="ETHERSCAN_API_KEY",
    key_required=True,
)
