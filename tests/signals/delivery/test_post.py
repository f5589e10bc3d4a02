"""One POST to a receiver: what is never asked, what is not followed, how much is read."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest

from common.addresses import RefusedAddress
from common.errors import Fatal, Retryable
from signals.delivery.post import Answered, Post
from tests.collection.custom.stand_in import RESOLVER, StandIn, raw, to

URL = "https://a.example/in"
PATH = "/a.example/in"
# One address of every network that is not the public internet, and its notations.
PRIVATE = [
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "10.0.0.1", "10.255.255.255",
    "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "240.0.0.1", "255.255.255.255", "168.63.129.16", "[::1]", "[::]", "[::ffff:127.0.0.1]",
    "[::ffff:10.0.0.1]", "[fc00::1]", "[fd12::1]", "[fe80::1]", "[ff02::1]", "[64:ff9b::a00:1]",
    "[2002:7f00:1::]", "[2001:db8::1]", "localhost", "a.localhost", "metadata.google.internal",
    "printer.local", "intranet", "127.0.0.1.", "１２７.0.0.1",
]  # fmt: skip
LEADS = ["127.0.0.1", "10.1.2.3", "172.20.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
         "0.0.0.0", "::1", "fd00::1", "fe80::1", "::ffff:10.0.0.1", "64:ff9b::a00:1"]  # fmt: skip


@dataclass
class Receivers(StandIn):
    """Every receiver behind one server; `bodies` is what they were sent."""

    bodies: list[bytes] = field(default_factory=list)
    environment: str = "production"
    port: int = 0

    def post(self, url: str = URL) -> Answered:
        return asyncio.run(self._post(url))

    async def _post(self, url: str) -> Answered:
        server = await asyncio.start_server(self._take, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        transport = httpx.AsyncHTTPTransport()
        async with server, transport:
            post = Post(
                transport, f"http://127.0.0.1:{self.port}", self.environment, time.monotonic
            )
            own = url.replace("PORT", str(self.port))
            return await post.send(own, {"webhook-id": "d1"}, b'{"type":"ping"}')

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (
                int(line[15:])
                for line in head.split(b"\r\n")
                if line.lower()[:15] == b"content-length:"
            ),
            0,
        )
        self.bodies.append(await reader.readexactly(length))
        again = asyncio.StreamReader()
        again.feed_data(head)
        await self._answer(again, writer)


def test_a_message_is_posted_once_its_name_was_resolved() -> None:
    web = Receivers({PATH: raw(b"thanks", "202 Accepted")})
    assert web.post() == Answered(202, "thanks")
    assert [path.partition("?")[0] for path in web.asked] == [RESOLVER, RESOLVER, PATH]
    assert web.bodies[-1] == b'{"type":"ping"}'
    sent = web.headers[-1]
    assert (sent["webhook-id"], sent["content-type"]) == ("d1", "application/json")
    assert sent["content-length"] == "15"


@pytest.mark.parametrize("host", PRIVATE)
@pytest.mark.parametrize("environment", ["production", "staging"])
def test_an_address_inside_is_never_asked(host: str, environment: str) -> None:
    web = Receivers(environment=environment)
    with pytest.raises(RefusedAddress):
        web.post(f"https://{host}/in")
    assert web.asked == []


@pytest.mark.parametrize("address", LEADS)
def test_a_name_is_judged_by_what_it_leads_to_at_the_time_of_sending(address: str) -> None:
    web = Receivers({PATH: raw(b"secret")}, {"a.example": ["93.184.216.34"]})
    assert web.post().status == 200
    web.names["a.example"] = ["93.184.216.34", address]
    with pytest.raises(RefusedAddress):
        web.post()
    assert web.hosts == [PATH]


@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
def test_a_redirect_is_an_answer_and_is_not_followed(status: str) -> None:
    web = Receivers({PATH: to("http://169.254.169.254/latest", status)})
    assert web.post().status == int(status[:3])
    assert web.hosts == [PATH]


def test_only_https_is_asked_but_on_a_developers_machine() -> None:
    web = Receivers({PATH: raw(b"")})
    with pytest.raises(RefusedAddress, match="https only"):
        web.post("http://a.example/in")
    assert web.asked == []
    web.environment = "local"
    assert web.post("http://a.example/in").status == 200


def test_a_developer_can_receive_on_his_own_machine_and_nobody_elsewhere() -> None:
    web = Receivers({"/hook": raw(b"here")}, environment="local")
    assert web.post("http://127.0.0.1:PORT/hook") == Answered(200, "here")
    assert web.post("http://localhost:PORT/hook").status == 200
    assert web.asked == ["/hook", "/hook"]
    for inside in ("http://10.0.0.1/", "http://192.168.0.1:9000/", "http://u@127.0.0.1:PORT/"):
        with pytest.raises(RefusedAddress):
            web.post(inside)
    web.environment = "production"
    with pytest.raises(RefusedAddress):
        web.post("https://127.0.0.1:PORT/hook")


def test_no_more_than_the_beginning_of_an_answer_is_kept() -> None:
    web = Receivers({PATH: raw(b"x" * 5_000_000, "500 Unwell")})
    assert web.post() == Answered(500, "x" * 300)


@pytest.mark.parametrize(
    ("answer", "excerpt"),
    [
        (raw(b"\xff\xfe\x00", "200 OK"), "\ufffd\ufffd\x00"),
        (raw(b"\x1f\x8b bomb", Content_Encoding="gzip"), ""),
        (raw(b"short", length=500), "short"),
        (raw(b"", "204 No Content", length=None), ""),
    ],
)
def test_an_answers_body_may_be_anything(answer: bytes, excerpt: str) -> None:
    assert Receivers({PATH: answer}).post().excerpt == excerpt


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 2", b"no http at all\r\n\r\n"])
def test_no_answer_is_to_be_tried_again(answer: bytes) -> None:
    with pytest.raises(Retryable, match="connection failed"):
        Receivers({PATH: answer}).post()


@pytest.mark.parametrize(
    "answer",
    [raw(b"<html>"), raw(b'{"Status":2}'), raw(b"", "503 Unwell"), to("https://b.example/")],
)
def test_without_an_answer_of_the_resolver_nobody_is_asked(answer: bytes) -> None:
    web = Receivers({PATH: raw(b"secret")}, resolver=answer)
    with pytest.raises((Retryable, Fatal)):
        web.post()
    assert web.hosts == []


class Slow(httpx.AsyncBaseTransport):
    """Never answers within the deadline it is given."""

    def __init__(self) -> None:
        self.timeouts: list[float] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.timeouts.append(request.extensions["timeout"]["read"])
        raise httpx.ReadTimeout("deadline passed", request=request)


def test_a_receiver_has_ten_seconds() -> None:
    slow = Slow()
    post = Post(slow, "", "production", lambda: 0.0)
    with pytest.raises(Retryable, match="within 10 seconds"):
        asyncio.run(post.send("https://8.8.8.8/", {}, b"{}"))
    assert slow.timeouts == [10.0]


def test_resolving_takes_from_the_same_ten_seconds() -> None:
    ticking = iter([0.0, *[11.0] * 10])
    slow = Slow()
    post = Post(slow, "", "production", lambda: next(ticking))
    with pytest.raises(Retryable, match="within 10 seconds"):
        asyncio.run(post.send(URL, {}, b"{}"))
    assert slow.timeouts == []


class Endless(httpx.AsyncBaseTransport, httpx.AsyncByteStream):
    """Answers with a body that has no end."""

    chunks = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=self)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            self.chunks += 1
            yield b"x" * 1000

    async def aclose(self) -> None:
        pass


def test_of_a_body_without_end_little_is_read() -> None:
    endless = Endless()
    late = iter([0.0] * 50 + [11.0] * 50)
    post = Post(endless, "", "production", lambda: next(late))
    assert asyncio.run(post.send("https://8.8.8.8/", {}, b"{}")).excerpt == "x" * 300
    assert endless.chunks == 2
