"""Ethereum nodes over JSON-RPC 2.0: block number, gas price, fee history, calls of tokens.

Quantities are minimal hex, an address without code answers "0x" to every call, and an error
comes with HTTP 200. Single requests and batches, as https://www.jsonrpc.org/specification;
methods after https://ethereum.github.io/execution-apis/
"""

import re
from typing import Any

import msgspec

from tools.simulator.chain_time import base_fee, ethereum_height, gas_used_ratio
from tools.simulator.chain_tokens import TOKENS, call
from tools.simulator.provider import Answer, Provider, Request, json_answer

HOSTS = ("ethereum-rpc.publicnode.com", "eth.llamarpc.com")
_TIP = 10_000_000  # wei a priority fee usually is
_MOST_BLOCKS = 1024
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
_QUANTITY = re.compile(r"0x(0|[1-9a-f][0-9a-f]*)")
# Error(string) with the text "unknown function", as a contract's revert carries it.
_REVERTED = f"0x08c379a0{32:064x}{16:064x}{b'unknown function'.hex().ljust(64, '0')}"


class RpcError(Exception):
    """An error object of JSON-RPC."""

    def __init__(self, code: int, message: str, data: str | None = None) -> None:
        super().__init__(message)
        self.error = {"code": code, "message": message} | ({"data": data} if data else {})


def node(request: Request, _: re.Match[str]) -> Answer:
    """`POST /`: one request object, or an array of them."""
    if request.method != "POST":
        return Answer(b"Method Not Allowed\n", request.now, "text/plain", 405)
    try:
        order = msgspec.json.decode(request.body)
    except msgspec.DecodeError:
        return json_answer(_failure(None, RpcError(-32700, "parse error")), request.now)
    if isinstance(order, list) and order:
        answers = [_answer(one, request.now) for one in order]
        # A request without an id is a notification: nothing is answered.
        return json_answer([one for one in answers if one is not None], request.now)
    answer = _answer(order, request.now)
    return Answer(b"", request.now) if answer is None else json_answer(answer, request.now)


def _answer(order: Any, now: int) -> dict[str, Any] | None:
    if not isinstance(order, dict) or not isinstance(order.get("method"), str):
        return _failure(None, RpcError(-32600, "invalid request"))
    if "id" not in order:
        return None
    try:
        result = _result(order["method"], order.get("params", []), now)
    except RpcError as error:
        return _failure(order["id"], error)
    return {"jsonrpc": "2.0", "id": order["id"], "result": result}


def _result(method: str, params: Any, now: int) -> Any:
    if not isinstance(params, list):
        raise RpcError(-32602, "invalid params: an array is expected")
    height = ethereum_height(now)
    match method:
        case "eth_blockNumber":
            return hex(height)
        case "eth_chainId":
            return "0x1"
        case "eth_gasPrice":
            return hex(base_fee(height) + _TIP)
        case "eth_maxPriorityFeePerGas":
            return hex(_TIP)
        case "eth_feeHistory":
            return _fee_history(params, height)
        case "eth_call":
            return _call(params, height, now)
    raise RpcError(-32601, f"the method {method} does not exist/is not available")


def _fee_history(params: list[Any], height: int) -> dict[str, Any]:
    """One base fee more than blocks: the next block's is known already."""
    if len(params) < 2:
        raise RpcError(-32602, f"missing value for required argument {len(params)}")
    count = params[0] if type(params[0]) is int else _quantity(params[0])
    percentiles = params[2] if len(params) > 2 and params[2] is not None else []
    if count < 1 or not isinstance(percentiles, list) or percentiles != sorted(percentiles):
        raise RpcError(-32602, "invalid block count or reward percentiles")
    last = _block(params[1], height)
    first = last - min(count, _MOST_BLOCKS) + 1
    blocks = range(first, last + 1)
    history: dict[str, Any] = {
        "oldestBlock": hex(first),
        "baseFeePerGas": [hex(base_fee(block)) for block in (*blocks, last + 1)],
        "gasUsedRatio": [gas_used_ratio(block) for block in blocks],
        "baseFeePerBlobGas": ["0x1"] * (len(blocks) + 1),
        "blobGasUsedRatio": [0.5] * len(blocks),
    }
    if percentiles:
        tips = [hex(int(_TIP * (0.1 + share / 25))) for share in percentiles]
        history["reward"] = [tips for _ in blocks]
    return history


def _call(params: list[Any], height: int, now: int) -> str:
    """The call data may be named `input`, as the specification has it, or `data`."""
    if not params or not isinstance(params[0], dict):
        raise RpcError(-32602, "missing value for required argument 0")
    _block(params[1] if len(params) > 1 else "latest", height)
    address, data = params[0].get("to"), params[0].get("input", params[0].get("data", "0x"))
    if not isinstance(address, str) or not _ADDRESS.fullmatch(address):
        raise RpcError(-32602, "invalid argument 0: to must be an address of 20 bytes")
    if not isinstance(data, str) or not re.fullmatch(r"0x([0-9a-fA-F]{2})*", data):
        raise RpcError(-32602, "invalid argument 0: call data must be hex of even length")
    token = TOKENS.get(address.lower())
    if token is None:
        return "0x"
    result = call(token, data, now)
    if result is None:
        raise RpcError(3, "execution reverted: unknown function", _REVERTED)
    return result


def _block(name: Any, height: int) -> int:
    if name in ("latest", "safe", "finalized", "pending"):
        return height - {"safe": 32, "finalized": 64}.get(name, 0)
    block = _quantity(name)
    if block > height:
        raise RpcError(-32000, "header not found")
    return block


def _quantity(text: Any) -> int:
    if not isinstance(text, str) or not _QUANTITY.fullmatch(text):
        raise RpcError(-32602, "invalid argument: a quantity is minimal hex, e.g. 0x5")
    return int(text, 16)


def _failure(id_: Any, error: RpcError) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": id_, "error": error.error}


PROVIDERS = tuple(Provider(host, (("/", node),)) for host in HOSTS)
