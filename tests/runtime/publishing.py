"""A Worker that publishes to the hub what a test says, and clients of the live stream."""

import http.client
import itertools
import json
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.support.live import Live
from tools.pyworkers import configs, supervisor, wrangler
from tools.pyworkers.supervisor import Process, Supervisor
from tools.system.layout import PROJECT

Open = Callable[..., "Client"]
SOURCE = Path(__file__).parent / "publisher"
START_SECONDS = 60.0
ADDRESSES = itertools.count(1)


class Publisher:
    """The running Worker."""

    def __init__(self, live: Live, name: str = "publisher") -> None:
        local = live.system.local
        folder = local / name
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(SOURCE, folder)
        # wrangler wants the wheels beside the config.
        (folder / "python_modules").symlink_to(PROJECT / "python_modules")
        self.port = _free_port()
        command = wrangler.prepare(PROJECT, local).dev(
            configs.derive(folder / "wrangler.toml", {}, "test"), self.port, _free_port(),
            local / "secrets.env",
        )  # fmt: skip
        tool = wrangler.prepare(PROJECT, local)
        log = local / "logs" / f"{name}.log"
        process = Process("publisher", command, folder, tool.environment, log)
        self._care = Supervisor(local / f"{name}-groups")
        self._care.clear_leftovers()
        self._care.start(process)
        address = f"http://127.0.0.1:{self.port}/"
        supervisor.wait_until_ready(
            {"publisher": (process, address)}, START_SECONDS, lambda *_: None
        )
        self._number = itertools.count(1)

    def stop(self) -> None:
        """Stop it."""
        self._care.stop()

    def publish(self, *bodies: dict[str, Any]) -> int:
        """Publish events; return how many were new to the hub."""
        events = [{"key": f"test:{self.port}:{next(self._number)}", "body": _text(body)}
                  for body in bodies]  # fmt: skip
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("POST", "/", json.dumps(events))
            return int(json.loads(connection.getresponse().read())["new"])
        finally:
            connection.close()


def _text(body: dict[str, Any]) -> str:
    return json.dumps(body, separators=(",", ":"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def signal(name: str, asset: str = "bitcoin", kind: str = "pump", size: int = 0) -> dict[str, Any]:
    """Return the body of a signal."""
    told = {"id": name, "type": kind, "asset_id": asset, "explanation": "x" * size}
    return {"event": "signal", "signal": told}


def tick(name: str, *assets: str) -> dict[str, Any]:
    """Return the body of a tick."""
    return {"event": "tick", "tick": name, "columns": ["asset_id", "price"],
            "rows": [[asset, 1.5] for asset in assets]}  # fmt: skip


class Client:
    """A WebSocket of the live stream that has been greeted."""

    def __init__(self, address: str, headers: dict[str, str] | None = None) -> None:
        self.socket: ClientConnection = connect(
            address, additional_headers=headers or {}, max_size=None, open_timeout=60, legacy=True
        )
        self.hello = self.next()

    def next(self, seconds: float = 20.0) -> dict[str, Any]:
        """Return the next frame."""
        frame: dict[str, Any] = json.loads(self.socket.recv(timeout=seconds))
        return frame

    def say(self, op: str, *topics: str) -> dict[str, Any]:
        """Change what is wanted; return what is answered."""
        self.socket.send(json.dumps({"op": op, "topics": topics}))
        return self.next()

    def until(self, name: str) -> list[dict[str, Any]]:
        """Return the events up to the signal `name`."""
        found = [self.next()]
        while found[-1].get("signal", {}).get("id") != name:
            found.append(self.next())
        return found

    def close(self) -> None:
        """Close it."""
        self.socket.close()


def elsewhere() -> dict[str, str]:
    """Return the headers of an address that nobody else has: connections of one are counted."""
    number = next(ADDRESSES)
    return {"cf-connecting-ip": f"10.77.{number >> 8 & 255}.{number & 255}"}


def address_of(live: Live, worker: str, path: str) -> str:
    """Return a WebSocket's address."""
    return live.system.ports.address(worker).replace("http", "ws") + path


def as_owner(live: Live) -> dict[str, str]:
    """Return the demo user's credential."""
    return {"authorization": f"Bearer {live.system.account.api_key}"}


def send(live: Live, method: str, path: str, body: Any = None) -> Any:
    """Change something of the demo user's by the API; return the answer's data."""
    headers = as_owner(live) | {"content-type": "application/json"}
    reply = live.get("api", path, headers, method, json.dumps(body or {}))
    assert reply.status < 300, reply.body
    return reply.json().get("data")


def names(events: list[dict[str, Any]]) -> list[str]:
    """Return the ids of the signals among events."""
    return [event["signal"]["id"] for event in events if event.get("event") == "signal"]
