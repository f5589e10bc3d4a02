"""Stock x402 clients, unmodified: what they are told to buy and what came of it.

Python's `x402` runs in this process; the npm packages run under Node from a folder of
their own below .local, installed at first use. None is told of a facilitator or a chain.
"""

import asyncio
import base64
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from x402 import x402Client
from x402.http.clients import x402HttpxClient
from x402.mechanisms.evm.exact import register_exact_evm_client

from tests.support.wallets import Account
from tools.pyworkers import node
from tools.system.layout import PROJECT

HERE = Path(__file__).parent
FOLDER = PROJECT / ".local" / "buying"
RECEIPTS = ("payment-response", "x-payment-response")
SECONDS = 60


class Bought(NamedTuple):
    """What a client hands back. `error` is what it threw instead of an answer.

    `text` is the body (its first 2,000 characters), `receipt` the settlement that it was told.
    """

    status: int = 0
    length: int = 0
    text: str = ""
    receipt: dict[str, Any] | None = None
    error: str = ""


class Order(NamedTuple):
    """A request to be paid for, and the private key of the wallet that pays."""

    url: str
    key: str
    headers: Mapping[str, str] = {}
    method: str = "GET"
    body: str | None = None


Buyer = Callable[[Order], Bought]


def httpx_v2(order: Order) -> Bought:
    """Buy with PyPI `x402` over httpx; of v2 and v1 offered together it takes v2."""
    return asyncio.run(buy_with_httpx(order))


async def buy_with_httpx(order: Order) -> Bought:
    """Buy as `httpx_v2`, within a running loop."""
    paying = x402Client()
    register_exact_evm_client(paying, Account.from_key(order.key))
    async with x402HttpxClient(paying, timeout=SECONDS) as http:
        try:
            answer = await http.request(
                order.method, order.url, headers=dict(order.headers), content=order.body
            )
        except Exception as error:  # noqa: BLE001 - clients throw what they like
            return Bought(error=f"{type(error).__name__}: {error}")
    told = next((answer.headers[name] for name in RECEIPTS if name in answer.headers), None)
    receipt = json.loads(base64.b64decode(told, validate=True)) if told else None
    return Bought(answer.status_code, len(answer.content), answer.text[:2000], receipt)


def fetch_v2(order: Order) -> Bought:
    """Buy with npm `@x402/fetch`."""
    return _run("fetch_v2.mjs", order)


def fetch_v1(order: Order) -> Bought:
    """Buy with npm `x402-fetch`, which knows version 1 alone and pays at most $0.10."""
    return _run("fetch_v1.mjs", order)


BUYERS: dict[str, Buyer] = {"httpx": httpx_v2, "fetch": fetch_v2, "fetch-v1": fetch_v1}


def call_tool(url: str, key: str, name: str, **arguments: Any) -> Bought:
    """Call a paid MCP tool with npm `agents`; `text` is the structured content."""
    return _node("mcp_agents.mjs", url, {"name": name, "arguments": arguments}, key)


def _run(script: str, order: Order) -> Bought:
    init = {"method": order.method, "headers": dict(order.headers), "body": order.body}
    return _node(script, order.url, init, order.key)


def _node(script: str, url: str, what: object, key: str) -> Bought:
    """Run a script under Node. Raises RuntimeError when it says nothing."""
    program = _installed()
    done = subprocess.run(
        [str(program.program), script, url, json.dumps(what)],
        cwd=FOLDER, env={**os.environ, "BUYER_KEY": key}, timeout=SECONDS,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if not done.stdout:
        raise RuntimeError(f"{script} said nothing: {done.stderr[-2000:]}")
    return Bought(**json.loads(done.stdout.splitlines()[-1]))


def _installed() -> node.Node:
    """Put scripts and packages where nothing else walks through them; return Node."""
    program = node.find()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for file in (*HERE.glob("*.mjs"), *HERE.glob("package*.json")):
        shutil.copyfile(file, FOLDER / file.name)
    node.install(program, FOLDER, FOLDER)
    return program
