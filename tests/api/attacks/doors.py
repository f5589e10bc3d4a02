"""The front doors of a running system, asked over plain sockets: octets as they stand."""

import socket
import time
from collections.abc import Iterator
from itertools import count

from tests.support.live import Live, Reply

CLOSE = {"Host": "localhost", "Connection": "close"}
JSON = {"Content-Type": "application/json"}
# As the page of the dashboard sends it, by the name of CLOSE.
MARKED = {"X-Requested-With": "cryptointel", "Origin": "http://localhost", **JSON}
EVIL = "evil.example"
Headers = dict[str, str]
ADDRESSES = count(1)


def head(method: str, path: str, headers: dict[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class Door:
    """One Worker's port."""

    def __init__(self, live: Live, worker: str) -> None:
        self._port = live.system.ports.of(worker)
        self.key = {"Authorization": f"Bearer {live.system.account.api_key}"}

    def open(self, sent: bytes) -> socket.socket:
        """Send octets as they stand; leave the connection open."""
        connection = socket.create_connection(("127.0.0.1", self._port), timeout=30)
        connection.sendall(sent)
        return connection

    def raw(self, sent: bytes) -> str:
        """Send octets as they stand; return all that is answered until the other side closes."""
        with self.open(sent) as connection:
            return read_all(connection)

    def ask(
        self, path: str, headers: Headers | None = None, method: str = "GET", body: bytes = b""
    ) -> Reply:
        """Send one request with exactly these headers; return its answer.

        It comes from an address of its own: of one, only so many a minute are let in.
        """
        number = next(ADDRESSES)
        here = {"CF-Connecting-IP": f"10.249.{number >> 8}.{number & 255}"}
        named = CLOSE | here | (headers or {})
        if body and "Content-Length" not in named and "Transfer-Encoding" not in named:
            named["Content-Length"] = str(len(body))
        (reply,) = replies(self.raw(head(method, path, named) + body))
        return reply


def read_all(connection: socket.socket) -> str:
    parts = []
    while part := connection.recv(65_536):
        parts.append(part)
    return b"".join(parts).decode("utf-8", "replace")


def replies(text: str) -> list[Reply]:
    """Return the answers in what a connection gave, by their declared lengths."""
    found = []
    while text:
        top, _, rest = text.partition("\r\n\r\n")
        status, *lines = top.split("\r\n")
        assert status.startswith("HTTP/1.1 "), f"out of step: {text[:200]!r}"
        headers = {name.lower(): value for name, _, value in (one.partition(": ") for one in lines)}
        length = int(headers.get("content-length", len(rest.encode())))
        body = rest.encode()[:length].decode()
        found.append(Reply(int(status.split(" ")[1]), headers, body))
        text = rest[len(body) :]
    return found


def kind(reply: Reply) -> str:
    assert reply.headers["content-type"] == "application/problem+json", reply
    return str(reply.json()["type"]).rpartition("/")[2]


def without_faults(live: Live) -> Iterator[None]:
    """Check afterwards that neither front door took an attack for a fault of its own."""
    before = {name: len(live.messages(name, "request failed")) for name in ("api", "dashboard")}
    yield
    time.sleep(0.3)
    for name, seen in before.items():
        assert live.messages(name, "request failed")[seen:] == []
