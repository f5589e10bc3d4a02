"""A resource server that is paid by x402: the smallest one that stock clients buy from.

It stands in for a gateway where only a client or a facilitator is looked at. It offers both
versions of the protocol, verifies, works, settles; it claims no nonce.
"""

import base64
import json
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.tools.facilitator.paying import SELLER, USDC

Json = dict[str, Any]
SHARED: Json = {
    "scheme": "exact", "asset": USDC, "payTo": SELLER, "maxTimeoutSeconds": 60,
    "extra": {"name": "USDC", "version": "2"},
}  # fmt: skip
PRICE = "10000"
GOODS = b'{"goods":"delivered"}'


class _Handler(BaseHTTPRequestHandler):
    server: "Shop"

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self._serve()

    def _serve(self) -> None:
        self.server.requests += 1
        for version, header in ((2, "payment-signature"), (1, "x-payment")):
            if sent := self.headers.get(header):
                return self._sell(version, json.loads(base64.b64decode(sent, validate=True)))
        return self._ask("payment required")

    def _sell(self, version: int, payment: Json) -> None:
        wanted = self._offer(version)
        if version == 2 and payment["accepted"] != wanted:
            return self._ask("No matching payment requirements")
        asked = {"x402Version": version, "paymentPayload": payment, "paymentRequirements": wanted}
        verdict = self.server.facilitate("verify", asked)
        if not verdict["isValid"]:
            return self._ask(verdict["invalidReason"])
        receipt = self.server.facilitate("settle", asked)
        if not receipt["success"]:
            return self._ask(receipt["errorReason"])
        name = "payment-response" if version == 2 else "x-payment-response"
        return self._answer(200, GOODS, {name: _encoded(receipt)})

    def _offer(self, version: int) -> Json:
        if version == 2:
            return {**SHARED, "network": "eip155:84532", "amount": PRICE}
        return {
            **SHARED, "network": "base-sepolia", "maxAmountRequired": PRICE,
            "resource": self._url(), "description": "", "mimeType": "application/json",
        }  # fmt: skip

    def _ask(self, error: str) -> None:
        versions, headers, body = self.server.versions, {}, {}
        if 2 in versions:
            headers["payment-required"] = _encoded({
                "x402Version": 2, "error": error, "resource": {"url": self._url()},
                "accepts": [self._offer(2)],
            })  # fmt: skip
        if 1 in versions:
            body = {"x402Version": 1, "error": error, "accepts": [self._offer(1)]}
        self._answer(402, json.dumps(body).encode(), headers)

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "content-length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _url(self) -> str:
        return f"http://{self.headers['host']}{self.path}"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


class Shop(ThreadingHTTPServer):
    """The server; `versions` are those that it offers, `requests` counts what it was sent."""

    def __init__(self, facilitator: str, versions: tuple[int, ...]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.facilitator, self.versions, self.requests = facilitator, versions, 0
        self.address = f"http://127.0.0.1:{self.server_address[1]}"

    def facilitate(self, path: str, asked: Json) -> Json:
        """Ask the facilitator."""
        request = urllib.request.Request(
            f"{self.facilitator}/{path}", json.dumps(asked).encode(),
            {"content-type": "application/json"},
        )  # fmt: skip
        with urllib.request.urlopen(request, timeout=10) as answer:
            told: Json = json.load(answer)
        return told


@contextmanager
def running_shop(facilitator: str, versions: tuple[int, ...] = (1, 2)) -> Iterator[Shop]:
    """Run a shop on a free port until the block is left."""
    shop = Shop(facilitator, versions)
    thread = threading.Thread(target=shop.serve_forever, daemon=True)
    thread.start()
    try:
        yield shop
    finally:
        shop.shutdown()
        shop.server_close()
        thread.join()


def _encoded(value: Json) -> str:
    return base64.b64encode(json.dumps(value).encode()).decode()
