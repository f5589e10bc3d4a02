"""A public Ethereum node by JSON-RPC: height, gas price, and the supply of four tokens.

No key. One POST holds all calls; the answers of a batch may come in any order
and are matched by `id`. Quantities are hexadecimal: gas price in wei, supply
in the smallest unit of the token, so its `decimals` are asked for too and
must be what is written down here. A contract that is not there answers "0x",
which is no zero. A failed call has `error` instead of `result`, with HTTP
200. Nothing has a stamp: values are as old as the tick. Limits of the node
are unpublished; two requests a second are safe, one a tick is made.
https://ethereum.org/en/developers/docs/apis/json-rpc/,
https://www.jsonrpc.org/specification, https://eips.ethereum.org/EIPS/eip-20
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

import msgspec

from collection.payload import about, build_rows, decode
from collection.source import Endpoint, Source
from common.errors import Retryable, Skippable
from common.models import Parsed, Reading

GWEI = 10**9
HIGHEST_GAS = 100_000  # gwei
MOST_SUPPLY = 1e13
# Since the Merge a block can come every 12 seconds, and nearly every one does.
MERGE_HEIGHT, MERGE_TIME, SLOT_SECONDS = 15_537_394, 1_663_224_179, 12
TOTAL_SUPPLY, DECIMALS = "0x18160ddd", "0x313ce567"
_hexadecimal = re.compile(r"0x[0-9a-fA-F]{1,64}")


class Token(NamedTuple):
    """A token contract on Ethereum."""

    asset_id: str
    symbol: str
    name: str
    address: str
    decimals: int


TOKENS = (
    Token("tether", "USDT", "Tether", "0xdac17f958d2ee523a2206206994597c13d831ec7", 6),
    Token("usd-coin", "USDC", "USDC", "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48", 6),
    Token("dai", "DAI", "Dai", "0x6b175474e89094c44da98b954eedeac495271d0f", 18),
    Token("wrapped-bitcoin", "WBTC", "Wrapped Bitcoin",
          "0x2260fac5e5542a773aa44fbcfedf7c193bc2c599", 8),
)  # fmt: skip
HEIGHT, GAS_PRICE = 1, 2
SUPPLY_OF = {token: 10 * n for n, token in enumerate(TOKENS, 1)}  # its decimals: one more


class Answer(msgspec.Struct):
    """The answer to one call."""

    id: object = None
    result: object = None
    error: object = None


Answers = Mapping[str, Answer]
_batch: msgspec.json.Decoder[list[Answer] | Answer] = msgspec.json.Decoder(list[Answer] | Answer)


def batch() -> bytes:
    """Return the body that asks for everything at once."""

    def call(number: int, method: str, *params: object) -> dict[str, object]:
        return {"jsonrpc": "2.0", "id": number, "method": method, "params": list(params)}

    calls = [call(HEIGHT, "eth_blockNumber"), call(GAS_PRICE, "eth_gasPrice")]
    for token, number in SUPPLY_OF.items():
        for offset, selector in enumerate((TOTAL_SUPPLY, DECIMALS)):
            asked = {"to": token.address, "data": selector}
            calls.append(call(number + offset, "eth_call", asked, "latest"))
    return json.dumps(calls, separators=(",", ":")).encode()


def parse(body: bytes, tick: int) -> Parsed:
    """Parse the answers into a "block_height", a "gas_price" and a "supply" per token.

    What was asked for is a row or skipped, whatever else is in the batch.
    Raises Retryable when every call failed.
    """
    given = decode(body, _batch)
    if isinstance(given, Answer):
        raise Retryable("one error instead of a batch")
    answers = {str(answer.id): answer for answer in given}
    wanted: list[Callable[[Answers, int], Reading]] = [_height, _gas_price]
    wanted += [partial(_supply, token) for token in TOKENS]
    parsed = build_rows(wanted, lambda build: build(answers, tick))
    if not parsed.rows and parsed.skipped.keys() <= {"rpc_error", "no_answer"}:
        raise Retryable("every call failed")
    return parsed


def _height(answers: Answers, tick: int) -> Reading:
    height = _quantity(answers, HEIGHT)
    expected = MERGE_HEIGHT + (tick - MERGE_TIME) // SLOT_SECONDS
    if not expected * 0.9 < height < expected * 2:
        raise Skippable("implausible_height")
    told = about(symbol="ETH", asset_id="ethereum", chain="ethereum")
    return Reading("block_height", "ethereum", "Ethereum height", float(height), tick, {}, told)


def _gas_price(answers: Answers, tick: int) -> Reading:
    gwei = _quantity(answers, GAS_PRICE) / GWEI
    if not 0 < gwei <= HIGHEST_GAS:
        raise Skippable("implausible_gas_price")
    told = about(symbol="ETH", asset_id="ethereum", chain="ethereum")
    return Reading("gas_price", "ethereum", "Ethereum gas", gwei, tick, {}, told)


def _supply(token: Token, answers: Answers, tick: int) -> Reading:
    number = SUPPLY_OF[token]
    total, decimals = _quantity(answers, number), _quantity(answers, number + 1)
    if decimals != token.decimals:
        raise Skippable("unexpected_decimals")
    value = total / 10**decimals
    if not 0 < value < MOST_SUPPLY:
        raise Skippable("implausible_supply")
    return Reading(
        kind="supply",
        key=token.asset_id,
        name=f"{token.name} supply",
        value=value,
        observed_at=tick,
        about=about(
            symbol=token.symbol, asset_id=token.asset_id, chain="ethereum", address=token.address
        ),
    )


def _quantity(answers: Answers, number: int) -> int:
    """Return the result of a call. Raises Skippable."""
    answer = answers.get(str(number))
    if answer is None:
        raise Skippable("no_answer")
    if answer.error is not None or answer.result is None:
        raise Skippable("rpc_error")
    if answer.result == "0x":
        raise Skippable("not_a_token")
    if not isinstance(answer.result, str) or not _hexadecimal.fullmatch(answer.result):
        raise Skippable("bad_result")
    return int(answer.result, 16)


SOURCE = Source(
    name="jsonrpc",
    attribution="Ethereum, by a public node of PublicNode",
    attribution_url="https://ethereum.publicnode.com",
    endpoints=(Endpoint("state", "https://ethereum-rpc.publicnode.com/", parse, post=batch()),),
    requests_per_minute=10,
    burst=2,
)
