"""Who may open the live stream, how many times, and server-sent events as the second best."""

import json
import socket
from contextlib import closing
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from tests.runtime.publishing import (
    Client,
    Open,
    Publisher,
    address_of,
    as_owner,
    elsewhere,
    names,
    send,
    signal,
)
from tests.support.live import Live, eventually

pytestmark = pytest.mark.runtime


def test_the_stream_of_the_api_needs_a_credential_or_a_ticket_that_is_good_once(
    live: Live,
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        Client(address_of(live, "api", "/api/v1/live"), elsewhere())
    assert refused.value.response.status_code == 401
    ticket = send(live, "POST", "/api/v1/live/tickets")["ticket"]
    address = address_of(live, "api", f"/api/v1/live?ticket={ticket}")
    with closing(Client(address, elsewhere())) as client:
        assert client.hello["topics"] == ["all"]
    with pytest.raises(InvalidStatus) as spent:
        Client(address, elsewhere())
    assert spent.value.response.status_code == 401
    assert live.api("/api/v1/live").status == 426


def test_one_address_may_open_so_many_sockets_and_no_more(visit: Open) -> None:
    here = elsewhere()
    opened = [visit(headers=here) for _ in range(50)]
    with pytest.raises(InvalidStatus) as refused:
        visit(headers=here)
    assert refused.value.response.status_code == 429
    opened[0].close()
    assert eventually(lambda: _opens(visit, here))


def _opens(visit: Open, headers: dict[str, str]) -> bool:
    try:
        return bool(visit(headers=headers).hello)
    except InvalidStatus:
        return False


def read_events(live: Live, path: str, headers: dict[str, str], until: str) -> list[dict[str, Any]]:
    """Read server-sent events until one holds a text; the reader then leaves."""
    found: list[dict[str, Any]] = []
    worker = "api" if path.startswith("/api") else "dashboard"
    with closing(socket.create_connection(("127.0.0.1", live.system.ports.of(worker)))) as reader:
        reader.settimeout(30)
        told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        reader.sendall(f"GET {path} HTTP/1.1\r\nhost: x\r\n{told}\r\n".encode())
        lines = reader.makefile("r", encoding="utf-8", newline="\n")
        event: dict[str, Any] = {}
        for line in lines:
            name, _, value = line.rstrip("\r\n").partition(": ")
            if name in ("id", "data"):
                event[name] = value
            if "data" in event:
                found.append(event)
                if until in event["data"]:
                    return found
                event = {}
    raise AssertionError(f"{until!r} did not come: {found}")


def test_server_sent_events_resume_after_the_last_one(publisher: Publisher, live: Live) -> None:
    publisher.publish(signal("e1"))
    first = read_events(live, "/live/events", elsewhere(), "hello")[-1]
    publisher.publish(signal("e2"), signal("e3"))
    headers = elsewhere() | {"last-event-id": first["id"]}
    events = read_events(live, "/live/events", headers, "e3")
    assert names([json.loads(event["data"]) for event in events]) == ["e2", "e3"]
    assert [event.get("id") for event in events[-1:]] == [
        str(json.loads(events[-1]["data"])["seq"])
    ]
    by_key = as_owner(live) | {"last-event-id": events[-2]["id"]}
    again = read_events(live, "/api/v1/live/events?topics=asset:bitcoin", by_key, "e3")
    assert names([json.loads(event["data"]) for event in again]) == ["e3"]
