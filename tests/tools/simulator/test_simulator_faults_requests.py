"""What the gate counts, and what it passes on."""

import httpx
import pytest

from tests.tools.simulator.running import Simulator

NODE = "eth.llamarpc.com"
ORDER = {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId"}


@pytest.mark.parametrize(
    "path",
    [
        "/api.alternative.me/fng/",
        "/mempool.space/api/v1/fees/precise",
        "/mempool.space/api/blocks/tip/height",
        "/api.etherscan.io/v2/api?chainid=1&module=stats&action=ethsupply2&apikey=k",
        "/cryptopanic.com/api/v1/posts/?auth_token=t",
        "/www.theblock.co/rss.xml",
        "/feeds.example/series.csv",
        "/feeds.example/blog.atom",
    ],
)
def test_every_provider_answers_a_client_that_has_the_body_with_304(
    simulator: Simulator, path: str
) -> None:
    first = simulator.http.get(path)
    for condition in (
        {"If-None-Match": first.headers["etag"]},
        {"If-Modified-Since": first.headers["last-modified"]},
    ):
        again = simulator.http.get(path, headers=condition)
        assert (again.status_code, again.content) == (304, b"")


def test_a_fault_changes_the_tag_so_no_client_keeps_the_right_body(simulator: Simulator) -> None:
    path = "/mempool.space/api/v1/fees/precise"
    tag = simulator.http.get(path).headers["etag"]
    simulator.fault("mempool.space", "empty")
    answer = simulator.http.get(path, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.json()) == (200, {})


def test_requests_tell_how_many_were_304_and_how_many_take_gzip(simulator: Simulator) -> None:
    path = "/www.theblock.co/rss.xml"
    first = simulator.http.get(path, headers={"Accept-Encoding": "identity"})
    for _ in range(2):
        simulator.http.get(path, headers={"If-None-Match": first.headers["etag"]})
    (row,) = simulator.http.get("/requests").json()["requests"]
    assert row == {
        "host": "www.theblock.co",
        "path": "/rss.xml",
        "count": 3,
        "last_status": 304,
        "not_modified": 2,
        "gzip": 2,
    }


def test_a_redirect_is_counted_as_one(simulator: Simulator) -> None:
    simulator.http.get("/evil.example/redirect-loop")
    (row,) = simulator.http.get("/requests").json()["requests"]
    assert (row["count"], row["last_status"]) == (1, 302)


def test_slow_keeps_the_body_of_a_post_for_the_answer(server: httpx.Client) -> None:
    order = {"host": NODE, "fault": "slow", "seconds": 0.3, "times": 1}
    assert server.post("/faults", json=order).status_code == 200
    assert server.post(f"/{NODE}/", json=ORDER).json()["result"] == "0x1"


def test_cut_halves_the_answer_to_a_post(server: httpx.Client) -> None:
    assert server.post("/faults", json={"host": NODE, "fault": "cut"}).status_code == 200
    with pytest.raises(httpx.RemoteProtocolError):
        server.post(f"/{NODE}/", json=ORDER)


def test_a_hostile_host_can_be_down_too(server: httpx.Client) -> None:
    order = {"host": "evil.example", "fault": "down", "times": 1}
    assert server.post("/faults", json=order).status_code == 200
    with pytest.raises(httpx.RemoteProtocolError):
        server.get("/evil.example/html")
    assert server.get("/evil.example/html").status_code == 200
