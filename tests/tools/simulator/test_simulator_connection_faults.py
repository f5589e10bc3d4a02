import time
from typing import Any

import httpx
import pytest

DECRYPT = "decrypt.co"
FEED = "/decrypt.co/feed"


def order(client: httpx.Client, name: str, **more: Any) -> None:
    body = {"host": DECRYPT, "fault": name, **more}
    assert client.post("/faults", json=body).status_code == 200


def test_cut_promises_the_whole_body_and_sends_half(server: httpx.Client) -> None:
    order(server, "cut", times=1)
    received = b""
    with server.stream("GET", FEED, headers={"Accept-Encoding": "identity"}) as answer:
        with pytest.raises(httpx.RemoteProtocolError):
            for part in answer.iter_raw():
                received += part
        assert len(received) == int(answer.headers["content-length"]) // 2 > 1000
    assert server.get(FEED).status_code == 200


def test_down_closes_the_connection_without_an_answer(server: httpx.Client) -> None:
    order(server, "down", times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        server.get(FEED)
    counted = server.get("/requests", params={"host": DECRYPT}).json()["requests"]
    assert counted[0]["last_status"] is None
    assert server.get(FEED).status_code == 200


def test_slow_answers_late_but_rightly(server: httpx.Client) -> None:
    order(server, "slow", seconds=0.3, times=1)
    begun = time.monotonic()
    assert server.get(FEED).status_code == 200
    assert time.monotonic() - begun >= 0.3


def test_slow_keeps_no_other_client_waiting_and_ends_when_its_own_leaves(
    server: httpx.Client,
) -> None:
    order(server, "slow", times=1)
    server.delete("/requests")
    with pytest.raises(httpx.ReadTimeout):
        server.get(FEED, timeout=0.2)
    deadline = time.monotonic() + 5
    while not server.get("/requests").json()["requests"]:  # counted once it has ended
        assert time.monotonic() < deadline
    assert server.get(FEED).status_code == 200
