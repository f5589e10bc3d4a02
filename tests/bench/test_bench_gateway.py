import os
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest

from bench import cpu
from bench.__main__ import STAGED, chosen
from bench.asking import once_each, require_same_rows, spellings
from bench.gateway import COLD_ROUNDS, LISTS, measure
from bench.load import BadAnswerError, Target


class Server(ThreadingHTTPServer):
    """Answers 200, and 404 below /missing; remembers what was asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []

    def target(self, path: str) -> Target:
        return Target(f"http://127.0.0.1:{self.server_port}{path}")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(404 if self.path.startswith("/missing") else 200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def quote(price: float = 100.0, source_price: float = 99.0, sources: int = 2) -> bytes:
    rows = [{"source": f"s{n}", "price": source_price, "age_seconds": n} for n in range(sources)]
    data = {"asset_id": "bitcoin", "price": price, "volume_24h": None, "sources": rows}
    return msgspec.json.encode({"data": data, "meta": {}})


def test_no_asset_is_asked_for_in_a_spelling_of_an_earlier_round() -> None:
    names = ["bitcoin", "0x-protocol", "usd-coin"]
    rounds = spellings(names, COLD_ROUNDS)
    every = [name for one in rounds for name in one]
    assert len(set(every)) == len(every) == COLD_ROUNDS * len(names)
    assert [[name.lower() for name in one] for one in rounds] == [names] * COLD_ROUNDS


def test_names_without_enough_letters_are_left_out_of_every_round() -> None:
    assert spellings(["0x-1", "okb"], 3) == [["Okb"], ["oKb"], ["OKb"]]


def test_letters_whose_upper_case_is_longer_or_not_ascii_do_not_break_a_spelling() -> None:
    ((one,),) = spellings(["straße-coin"], 1)
    assert one == "Straße-coin"


def test_peers_that_answer_the_same_rows_pass_whatever_their_ages() -> None:
    require_same_rows([quote(), quote().replace(b'"age_seconds":1', b'"age_seconds":7')])


@pytest.mark.parametrize(
    "other", [quote(price=101), quote(source_price=98.5), quote(sources=1)]
)  # fmt: skip
def test_a_peer_that_answers_other_rows_ends_the_run(other: bytes) -> None:
    with pytest.raises(BadAnswerError, match="other rows"):
        require_same_rows([quote(), quote(), other])


def test_answers_without_any_source_are_not_compared() -> None:
    with pytest.raises(BadAnswerError):
        require_same_rows([quote(sources=0), quote(sources=0)])


@pytest.mark.parametrize("connections", [1, 4])
def test_each_address_is_asked_for_once(server: Server, connections: int) -> None:
    paths = [f"/{number}" for number in range(30)]
    done = once_each([server.target(path) for path in paths], connections)
    assert sorted(server.asked) == sorted(paths)
    assert len(done.latencies) == 30
    assert done.rate > 0


def test_an_answer_that_is_not_200_ends_the_run(server: Server) -> None:
    with pytest.raises(BadAnswerError, match="404"):
        once_each([server.target("/1"), server.target("/missing")], 1)


def test_every_list_is_asked_for_by_an_address_that_can_be_unlike_the_one_before() -> None:
    for path in LISTS.values():
        assert path.format(unlike=1) != path.format(unlike=2)
        assert path.endswith("limit=")


def test_lines_of_the_gateway_can_be_chosen_by_their_beginning() -> None:
    names = STAGED[measure]
    assert chosen(names, ["gateway"])
    assert chosen(names, ["gateway_100_rows_over_1_signals_cached"])
    assert not chosen(names, ["tick_total_ms"])


def test_processor_time_grows_by_what_was_used() -> None:
    before, began = cpu.seconds(os.getpid()), time.process_time()
    while time.process_time() - began < 0.2:
        pass
    assert cpu.seconds(os.getpid()) - before == pytest.approx(0.2, abs=0.05)


def test_a_process_is_read_whatever_its_name_is(tmp_path: Path) -> None:
    rest = "S 1 55 55 0 -1 0 9 9 9 9 250 50 9 9 20 0 3 0 777 4096 1234 0"
    stat = cpu.parse(f"42 (a b) (c) {rest}".encode())
    assert stat == (42, "a b) (c", 55, 300, 1234)


def test_a_port_that_no_wrangler_serves_has_no_worker() -> None:
    with pytest.raises(LookupError, match="port 1"):
        cpu.worker_on(1)
