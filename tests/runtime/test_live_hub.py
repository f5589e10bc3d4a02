"""The live stream on workerd: nothing missed or doubled, only what is wanted, nobody waited for."""

import random
import socket
import threading
import time
from contextlib import closing

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.runtime.publishing import (
    Client,
    Open,
    Publisher,
    address_of,
    as_owner,
    names,
    send,
    signal,
    tick,
)
from tests.support.live import Live, eventually

pytestmark = pytest.mark.runtime


def test_a_client_that_loses_its_socket_at_random_misses_nothing_and_gets_nothing_twice(
    publisher: Publisher, visit: Open
) -> None:
    publisher.publish(signal("before"))
    client = visit()
    seq = client.hello["seq"]
    wanted = [f"run-{number}" for number in range(60)]

    def publish() -> None:
        for at in range(0, len(wanted), 3):
            publisher.publish(*(signal(name) for name in wanted[at : at + 3]))

    running = threading.Thread(target=publish)
    running.start()
    rng = random.Random(7)
    got: list[str] = []
    while len(got) < len(wanted):
        for _ in range(rng.randint(1, 9)):
            event = client.next()
            if "prev" in event:
                assert event["prev"] <= seq < event["seq"]
                got.append(event["signal"]["id"])
                seq = event["seq"]
            if len(got) == len(wanted):
                break
        client.close()
        client = visit(f"?after={seq}")
    running.join()
    assert got == wanted


def test_a_socket_gets_its_topics_alone_and_can_change_them(
    publisher: Publisher, visit: Open
) -> None:
    client = visit("?topics=type:depeg,asset:solana")
    events = [signal("t1"), signal("t2", kind="depeg"), tick("T1", "bitcoin", "solana"),
              signal("t3", "solana")]  # fmt: skip
    publisher.publish(*events)
    got = client.until("t3")
    assert [event.get("tick") or event["signal"]["id"] for event in got] == ["t2", "T1", "t3"]
    assert got[1]["rows"] == [["solana", 1.5]]
    assert got[1]["prev"] == got[0]["seq"]
    told = client.say("unsubscribe", "asset:solana")
    assert told["topics"] == ["type:depeg"]
    assert client.say("subscribe", "nonsense")["event"] == "refused"
    publisher.publish(signal("t4", "solana"), signal("t5", kind="depeg"))
    assert names([client.next()]) == ["t5"]


def test_a_page_that_has_just_been_told_everything_resumes_with_the_newest_tick_alone(
    publisher: Publisher, visit: Open
) -> None:
    client = visit()
    seq = client.hello["seq"]
    publisher.publish(tick("T1", "bitcoin"), signal("r1"), tick("T2", "bitcoin"))
    again = visit(f"?after={seq}")
    assert again.hello["skipped"] is True
    assert names([again.next()]) == ["r1"]
    assert again.next()["tick"] == "T2"


def test_a_cursor_that_is_too_old_is_told_so(publisher: Publisher, visit: Open) -> None:
    publisher.publish(*(signal(f"g{number}", size=3_000) for number in range(150)))
    seq = visit().hello["seq"]
    for after in (seq - 140, seq + 5):  # too much to be sent again, and not of this hub
        client = visit(f"?after={after}")
        assert client.next() == {"event": "gap", "seq": seq}


def test_who_does_not_read_is_dropped_and_the_others_are_served_in_time(
    publisher: Publisher, visit: Open, live: Live
) -> None:
    reader = visit()
    with closing(
        socket.create_connection(("127.0.0.1", live.system.ports.of("dashboard")))
    ) as slow:
        lines = ["GET /live HTTP/1.1", "host: x", "upgrade: websocket", "connection: Upgrade",
                 "sec-websocket-version: 13", "sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==",
                 "cf-connecting-ip: 10.78.0.1"]  # fmt: skip
        slow.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        assert slow.recv(12) == b"HTTP/1.1 101"
        slowest = 0.0
        for number in range(60):  # 24 MB: more than all the buffers on the way hold
            began = time.monotonic()
            burst = [signal(f"s{number}-{one}", size=20_000) for one in range(20)]
            publisher.publish(*burst)
            reader.until(f"s{number}-19")
            slowest = max(slowest, time.monotonic() - began)
        slow.settimeout(20)
        received = b""
        while chunk := slow.recv(1 << 20):
            received = (received + chunk)[-200:]
            if b"too slow" in received:
                break
        assert b"\x03\xf5too slow" in received  # 1013
    assert slowest < 10


def test_a_watchlist_is_its_owners_and_a_change_of_it_holds_at_once(
    publisher: Publisher, visit: Open, live: Live
) -> None:
    made = send(live, "POST", "/api/v1/watchlists", {"name": "live", "symbols": ["SOL"]})
    topic = f"watchlist:{made['watchlist_id']}"
    address = address_of(live, "api", f"/api/v1/live?topics={topic}")
    with closing(Client(address, as_owner(live))) as owner:
        publisher.publish(signal("w1"), signal("w2", "solana"))
        event = owner.next()
        assert (event["signal"]["id"], event["watchlists"]) == ("w2", [made["watchlist_id"]])
        changed = {"name": "live", "symbols": ["BTC"]}
        send(live, "PUT", f"/api/v1/watchlists/{made['watchlist_id']}", changed)
        publisher.publish(signal("w3", "solana"), signal("w4"))
        assert names([owner.next()]) == ["w4"]
    with pytest.raises(InvalidStatus) as refused:
        visit(f"?topics={topic}")
    assert refused.value.response.status_code == 403
    assert visit().say("subscribe", topic)["event"] == "refused"
    send(live, "DELETE", f"/api/v1/watchlists/{made['watchlist_id']}")


def test_the_numbers_go_on_when_the_hub_was_away(
    publisher: Publisher, visit: Open, live: Live
) -> None:
    publisher.publish(signal("h1"))
    client = visit()
    seq = client.hello["seq"]
    live.system.restart("signals")
    with pytest.raises(ConnectionClosed):
        client.next(60)
    eventually(lambda: _published(publisher, "h2"), 60)
    again = eventually(lambda: _resumed(visit, seq), 60)
    got = again.until("h2")
    assert names(got)[-1] == "h2"
    assert [event["seq"] for event in got] == list(range(seq + 1, seq + 1 + len(got)))


def _published(publisher: Publisher, name: str) -> bool:
    try:
        return publisher.publish(signal(name)) == 1
    except (OSError, ValueError, KeyError):
        return False


def _resumed(visit: Open, seq: int) -> Client | None:
    try:
        return visit(f"?after={seq}")
    except (InvalidStatus, ConnectionClosed, OSError):
        return None
