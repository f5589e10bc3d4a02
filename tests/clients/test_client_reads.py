"""The client against the real gateway: what it asks, and what it makes of the answers."""

import asyncio
import tomllib
from datetime import UTC, datetime

import httpx
import pytest

from cryptointel import (
    ApiError,
    AsyncClient,
    Client,
    NotFound,
    NotSignedIn,
    Unreachable,
    __version__,
)
from cryptointel.requests import plain
from cryptointel.transport import AsyncHttpxTransport, HttpxTransport
from tests.api.calling import BASE, KEY, TICK, Caller
from tests.clients.answering import answering, said
from tests.support.gateway_transport import GatewayTransport
from tools.system.layout import PROJECT


def awaited(site: Caller, key: str = KEY) -> AsyncClient:
    gateway = httpx.AsyncClient(transport=GatewayTransport(site, BASE))
    return AsyncClient(key, base_url=BASE, transport=AsyncHttpxTransport(gateway))


def test_signals_are_rows_with_what_is_said_of_them(client: Client) -> None:
    signals = client.signals("price_anomaly", symbol="BTC", limit=2)
    assert [signal["symbol"] for signal in signals] == ["BTC", "BTC"]
    assert signals.meta["origin"] == "simulated"
    assert signals.next


def test_paging_brings_every_signal_once_in_order(client: Client) -> None:
    every = [signal["id"] for signal in client.iter_signals(limit=3)]
    assert len(every) == len(set(every)) >= 20
    assert every == [signal["id"] for signal in client.signals(limit=250)]


def test_the_awaited_client_says_the_same(client: Client, site: Caller) -> None:
    async def ask() -> tuple[list[str], str, float]:
        async with awaited(site) as own:
            ids = [signal["id"] async for signal in own.iter_signals(limit=7)]
            bars, price = await asyncio.gather(own.bars("BTC", limit=1), own.market_data("BTC"))
            return ids, bars[0]["time"], price["price"]

    ids, time, price = asyncio.run(ask())
    assert ids == [signal["id"] for signal in client.iter_signals()]
    assert (time, price) == (
        client.bars("BTC", limit=1)[0]["time"], client.market_data("BTC")["price"],
    )  # fmt: skip


def test_every_named_read_is_answered(client: Client) -> None:
    assert client.market_data("BTC")["currency"] == "USD"
    assert [asset["symbol"] for asset in client.assets(symbols=["BTC", "ETH"])] == ["BTC", "ETH"]
    assert len(list(client.iter_assets(limit=1))) == 2
    assert client.bars("BTC", "1h", limit=3)[0]["close"] > 0
    since = datetime.fromtimestamp(TICK - 7200, UTC)
    assert len(list(client.iter_bars("BTC", "15m", since=since, limit=2))) == 9
    found = client.signals(limit=1)[0]["id"]
    assert client.signal(found)["metadata"]["direction"] == "up"
    assert client.track_record()[0]["calibration"]
    assert client.analytics("market")["source"] == "coingecko"
    assert client.news(symbol="BTC")[0]["title"] == "Bitcoin holds"
    assert len(list(client.iter_news())) == 1
    assert client.entity("bitcoin", days=90)["name"] == "bitcoin"
    assert client.watchlists() == []
    assert client.report("daily")["period"] == "daily"
    assert client.dashboard("asset", asset_id="bitcoin", days=2)["asset"]["symbol"] == "BTC"
    assert client.get("/api/v1/events", {"symbol": "BTC"}).rows()[0]["symbol"] == "BTC"
    assert client.get_text("/api/v1/reports/daily", {"format": "markdown"}).startswith("#")


def test_what_is_the_readers_own_can_be_changed(client: Client) -> None:
    made = client.request("POST", "/api/v1/watchlists", body={"name": "L1", "symbols": ["BTC"]})
    mine = client.watchlist(made.data["watchlist_id"])
    assert [row["symbol"] for row in mine["rows"]] == ["BTC"]


def test_the_limit_is_told_with_every_answer(client: Client) -> None:
    answer = client.get("/api/v1/analytics/market")
    assert answer.rate_limit is not None
    assert answer.rate_limit == client.rate_limit
    assert 0 < answer.rate_limit.remaining < answer.rate_limit.limit
    assert answer.request_id


def test_a_problem_is_an_error_with_its_kind_and_what_to_change(client: Client) -> None:
    with pytest.raises(NotFound) as caught:
        client.market_data("NOPE")
    error = caught.value
    assert (error.status, error.kind) == (404, "unknown-symbol")
    assert "'NOPE'" in error.detail
    assert error.request_id == error.problem["request_id"]
    assert str(error).startswith("404 unknown-symbol: No asset")


def test_a_wrong_key_is_not_signed_in(site: Caller) -> None:
    wrong = KEY[:-1] + "0"
    with pytest.raises(NotSignedIn, match="credential-invalid"):
        asyncio.run(awaited(site, wrong).signals())


def test_what_is_no_answer_of_the_api_is_an_error() -> None:
    page = answering(lambda _: httpx.Response(200, text="<html>"))
    with pytest.raises(ApiError, match="is the address right"):
        page.signals()


def test_a_network_that_fails_is_unreachable() -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(Unreachable, match="refused"):
        answering(fail).request("POST", "/api/v1/watchlists", body={})


def test_a_name_is_one_segment_of_the_path() -> None:
    asked: list[str] = []

    def keep(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.raw_path.decode())
        return said({})

    answering(keep).market_data("../me?x")
    assert asked == ["/api/v1/market-data/..%2Fme%3Fx?currency=USD"]


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (True, "true"),
        (["BTC", "ETH"], "BTC,ETH"),
        (datetime(2026, 11, 22, 12, tzinfo=UTC), "2026-11-22T12:00:00Z"),
        (datetime(2026, 11, 22, tzinfo=UTC).date(), "2026-11-22"),
        (0.5, "0.5"),
    ],
)
def test_parameters_are_written_as_the_api_reads_them(given: object, sent: str) -> None:
    assert plain(given) == sent


def test_a_time_without_a_zone_is_refused_instead_of_guessed() -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        plain(datetime(2026, 11, 22))  # noqa: DTZ001


def test_key_and_address_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[httpx.Request] = []

    def keep(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return said([])

    monkeypatch.setenv("CRYPTOINTEL_API_KEY", "ci_from_env")
    monkeypatch.setenv("CRYPTOINTEL_URL", "https://elsewhere.example/")
    own = Client(transport=HttpxTransport(httpx.Client(transport=httpx.MockTransport(keep))))
    own.signals()
    assert str(asked[0].url) == "https://elsewhere.example/api/v1/signals/all"
    assert asked[0].headers["authorization"] == "Bearer ci_from_env"


def test_a_key_never_goes_unencrypted_over_a_network() -> None:
    with pytest.raises(ValueError, match="https only"):
        Client("a key", base_url="http://api.example")
    for here in ("http://127.0.0.1:8788", "http://localhost:8788", "http://[::1]:8788"):
        Client("a key", base_url=here).close()


def test_the_version_is_told_once() -> None:
    folder = PROJECT / "clients" / "python"
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == __version__
    assert f"## {__version__}" in (folder / "CHANGELOG.md").read_text("utf-8")
    for guide in (folder / "README.md", PROJECT / "docs" / "python.md"):
        assert f"cryptointel-{__version__}-py3" in guide.read_text("utf-8")
