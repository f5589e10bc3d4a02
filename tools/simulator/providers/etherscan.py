"""Etherscan v2: gas prices and the supply of ether.

Shapes after the provider's documentation. The traps are kept: everything is a string, an
error is a 200 whose `status` is "0" and whose `result` is text, and the proxy module answers
as JSON-RPC, without a status.
https://docs.etherscan.io/etherscan-v2
"""

import re
from typing import Any

from tools.simulator.chain_time import (
    base_fee,
    burnt_ether,
    ethereum_height,
    gas_used_ratio,
    issued_ether,
    withdrawn_ether,
)
from tools.simulator.provider import Answer, Provider, Request, json_answer

_SUPPLY = "122373866217800000000000000"  # wei; nothing but staking adds to it since the merge
_ACTIONS = {
    "gastracker": ("gasoracle",),
    "stats": ("ethsupply", "ethsupply2"),
    "proxy": ("eth_blockNumber",),
}
_WRONG_CHAIN = (
    "Missing or unsupported chainid parameter (required for v2 api), "
    "see https://api.etherscan.io/v2/chainlist for the list of supported chainids"
)


def ask(request: Request, _: re.Match[str]) -> Answer:
    """`/v2/api`: one module and action of one chain; only Ethereum, chain 1, is simulated."""
    params = request.params
    module, action = params.get("module", ""), params.get("action", "")
    if params.get("chainid") != "1":
        return _refuse(request, _WRONG_CHAIN)
    if not params.get("apikey"):
        return _refuse(request, "Missing/Invalid API Key")
    if params["apikey"] == "bad-key":
        return _refuse(request, "Invalid API Key")
    if module not in _ACTIONS:
        return _refuse(request, "Error! Missing Or invalid Module name")
    if action not in _ACTIONS[module]:
        return _refuse(request, "Error! Missing Or invalid Action name")
    height = ethereum_height(request.now)
    if module == "proxy":
        return json_answer({"jsonrpc": "2.0", "id": 83, "result": hex(height)}, request.now)
    result = {"gasoracle": _gas, "ethsupply": _supply, "ethsupply2": _supplies}[action](request)
    return json_answer({"status": "1", "message": "OK", "result": result}, request.now)


def _gas(request: Request) -> Any:
    """Gwei with nine decimals; the ratios are those of the last five blocks."""
    height = ethereum_height(request.now)
    fee = base_fee(height) / 1e9
    ratios = ",".join(repr(gas_used_ratio(height - age)) for age in range(5))
    return {
        "LastBlock": str(height),
        "SafeGasPrice": f"{fee:.9f}",
        "ProposeGasPrice": f"{fee + 0.01:.9f}",
        "FastGasPrice": f"{fee * 1.12 + 0.1:.9f}",
        "suggestBaseFee": f"{fee:.9f}",
        "gasUsedRatio": ratios,
    }


def _supply(_: Request) -> Any:
    return _SUPPLY


def _supplies(request: Request) -> Any:
    return {
        "EthSupply": _SUPPLY,
        "Eth2Staking": str(issued_ether(request.now)),
        "BurntFees": str(burnt_ether(request.now)),
        "WithdrawnTotal": str(withdrawn_ether(request.now)),
    }


def _refuse(request: Request, reason: str) -> Answer:
    return json_answer({"status": "0", "message": "NOTOK", "result": reason}, request.now)


PROVIDERS = (Provider("api.etherscan.io", (("/v2/api", ask),)),)
