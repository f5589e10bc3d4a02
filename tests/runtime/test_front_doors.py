"""The API and the dashboard Worker as a stranger meets them: over HTTP, rightly and wrongly."""

import contextlib
import json
import re
import sqlite3

import pytest

from tests.support.live import Live, Reply
from tests.support.signing_in import signed_in, try_password

pytestmark = pytest.mark.runtime


def problem(reply: Reply, status: int, kind: str) -> str:
    """Assert that a reply is that problem and shows no traceback; return its detail."""
    assert reply.status == status, reply.body
    assert reply.headers["content-type"] == "application/problem+json"
    body = reply.json()
    assert set(body) == {"type", "title", "status", "detail", "request_id"}
    assert body["type"].endswith(f"/{kind}")
    assert "Traceback" not in reply.body
    return str(body["detail"])


def test_the_newest_price_comes_with_its_sources_and_their_ages(live: Live) -> None:
    tick = live.next_tick()
    reply = live.api("/api/v1/market-data/btc")
    data = reply.json()["data"]
    assert (data["asset_id"], data["symbol"], data["currency"]) == ("bitcoin", "BTC", "USD")
    sources = {source["source"]: source for source in data["sources"]}
    assert set(sources) == {"coinbase", "coingecko", "coinmarketcap", "kraken"}
    assert isinstance(sources["coingecko"]["age_seconds"], int)
    assert sources["coingecko"]["attribution"] == "Data by CoinGecko"
    [(price,)] = live.rows(
        "SELECT price FROM market_data WHERE asset_id = 'bitcoin' AND timestamp = ?"
        " ORDER BY id DESC LIMIT 1", tick,
    )  # fmt: skip
    assert data["price"] == price
    assert reply.json()["meta"]["origin"] == "simulated"


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/market-data/ETH",
        "/api/v1/signals/all?limit=5",
        "/api/v1/analytics/market",
        "/api/v1/analytics/movers",
        "/api/v1/analytics/sources",
        "/api/v1/analytics/tvl?limit=5",
        "/api/v1/analytics/network",
        "/api/v1/analytics/fear_greed",
        "/api/v1/entities/bitcoin",
        "/api/v1/feeds",
        "/api/v1/dashboard/overview",
        "/api/v1/dashboard/asset?asset_id=bitcoin",
    ],
)
def test_every_route_answers_in_the_envelope_and_may_be_asked_again_cheaply(
    live: Live, path: str
) -> None:
    reply = live.api(path)
    assert reply.status == 200, reply.body[:300]
    assert set(reply.json()) == {"data", "meta"}
    assert re.fullmatch(r"[0-9a-f]{16}", reply.headers["x-request-id"])
    again = live.api(path, **{"if-none-match": reply.headers["etag"]})
    assert (again.status, again.body) == (304, "")


def test_signals_page_by_cursor_without_gap_or_repeat(live: Live) -> None:
    whole = [s["id"] for s in live.api("/api/v1/signals/all?limit=250").json()["data"]]
    walked: list[str] = []
    path: str | None = "/api/v1/signals/all?limit=7"
    while path:
        page = live.api(path).json()
        walked += [signal["id"] for signal in page["data"]]
        following = page["meta"]["next"]
        path = f"/api/v1/signals/all?limit=7&cursor={following}" if following else None
    assert walked[:250] == whole
    assert walked == sorted(set(walked), reverse=True)
    assert len(whole) > 7


def test_an_unknown_symbol_is_a_404_that_says_where_to_look(live: Live) -> None:
    detail = problem(live.api("/api/v1/market-data/NOPE"), 404, "unknown-symbol")
    assert "/api/v1/market-data" in detail


def test_a_path_of_5000_characters_is_refused(live: Live) -> None:
    detail = problem(live.api("/api/v1/market-data/" + "x" * 5000), 414, "path-too-long")
    assert "2048" in detail


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_wrong_method_is_refused_and_the_right_ones_are_named(live: Live, method: str) -> None:
    key = {"authorization": f"Bearer {live.system.account.api_key}"}
    reply = live.get("api", "/api/v1/market-data/BTC", key, method=method)
    problem(reply, 405, "method-not-allowed")
    assert reply.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer ci_local_000000000000_" + "0" * 64},
        {"authorization": "Bearer nonsense"},
        {"x-api-key": "ci_local__"},
    ],
)
def test_a_wrong_key_is_refused_without_saying_what_was_wrong(
    live: Live, headers: dict[str, str]
) -> None:
    reply = live.get("api", "/api/v1/market-data/BTC", headers)
    detail = problem(reply, 401, "credential-invalid")
    assert detail.startswith("This credential is unknown, revoked or expired.")
    assert reply.headers["www-authenticate"].startswith("Bearer")


def test_without_a_key_the_answer_says_how_to_send_one(live: Live) -> None:
    detail = problem(live.get("api", "/api/v1/market-data/BTC"), 401, "key-missing")
    assert "Authorization: Bearer" in detail


def test_an_unknown_parameter_is_refused_and_the_known_ones_are_listed(live: Live) -> None:
    detail = problem(live.api("/api/v1/signals/all?page=2"), 400, "unknown-parameter")
    assert "symbol, since, until, min_confidence, detail, limit, cursor" in detail


def test_health_has_exactly_the_agreed_shape(live: Live) -> None:
    live.next_tick()
    body = live.get("api", "/health").json()
    assert list(body) == ["status", "timestamp", "services", "metrics"]
    assert list(body["services"]) == ["database", "cache", "external_apis", "workers"]
    assert list(body["metrics"]) == ["uptime", "response_time_ms", "error_rate"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", body["timestamp"])
    assert re.fullmatch(r"\d+\.\d\d%", body["metrics"]["uptime"])
    assert isinstance(body["metrics"]["response_time_ms"], int)
    assert re.fullmatch(r"\d+\.\d\d%", body["metrics"]["error_rate"])


def test_the_page_is_served_with_a_policy_that_allows_no_foreign_code(live: Live) -> None:
    reply = live.get("dashboard", "/")
    assert reply.status == 200
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert reply.headers["x-content-type-options"] == "nosniff"


def sources(reply: Reply) -> dict[str, str]:
    """Return the directives of a page's policy."""
    directives = reply.headers["content-security-policy"].split("; ")
    return {name: allowed for name, _, allowed in (one.partition(" ") for one in directives)}


def test_the_challenge_lets_turnstile_in_and_nothing_else(live: Live) -> None:
    usual, challenge = (sources(live.get("dashboard", path)) for path in ("/", "/challenge"))
    turnstile = "https://challenges.cloudflare.com"
    assert challenge == usual | {"script-src": f"'self' {turnstile}", "frame-src": turnstile}


@pytest.mark.parametrize("path", ["/", "/oauth/authorize?client_id=app_1", "/challenge"])
def test_no_other_site_shows_a_page_in_a_frame(live: Live, path: str) -> None:
    reply = live.get("dashboard", path, {"sec-fetch-mode": "navigate"})
    assert reply.status == 200
    assert sources(reply)["frame-ancestors"] == "'none'"
    assert reply.headers["x-frame-options"] == "DENY"


def test_a_deep_link_is_served_the_page(live: Live) -> None:
    reply = live.get("dashboard", "/asset/bitcoin", {"sec-fetch-mode": "navigate"})
    assert reply.status == 200
    assert "text/html" in reply.headers["content-type"]


def test_the_dashboard_reads_the_api_for_a_visitor_but_lets_nobody_write(live: Live) -> None:
    assert live.get("dashboard", "/api/v1/dashboard/overview").status == 200
    reply = live.get("dashboard", "/api/v1/watchlists", method="POST")
    problem(reply, 403, "cross-site")
    reply = live.get("dashboard", "/api/v1/watchlists", MARKED, method="POST")
    problem(reply, 401, "views-only")


MARKED = {"x-requested-with": "cryptointel", "content-type": "application/json"}


def test_the_demo_user_signs_in_is_known_and_signs_out(live: Live) -> None:
    reply = try_password(live, live.system.account.password)
    assert reply.status == 200, reply.body
    cookie = reply.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    held = signed_in(live)
    who = live.get("dashboard", "/session", held).json()["data"]["user"]
    assert who == {"email": live.system.account.user, "role": "trader"}
    assert live.get("dashboard", "/session", held, "DELETE").status == 200
    assert live.get("dashboard", "/session", held).json()["data"]["user"] is None


def test_a_session_can_be_seen_in_kv_under_its_users_id(live: Live) -> None:
    assert signed_in(live)
    folder = live.system.local / "state" / "v3" / "kv" / "miniflare-KVNamespaceObject"
    keys: set[str] = set()
    for file in folder.glob("*.sqlite"):
        with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            if connection.execute(
                "SELECT 1 FROM sqlite_master WHERE name = '_mf_entries'"
            ).fetchone():
                keys |= {key for (key,) in connection.execute("SELECT key FROM _mf_entries")}
    assert "session:demo" in keys


def test_a_wrong_password_is_refused(live: Live) -> None:
    problem(try_password(live, "wrong"), 401, "wrong-credentials")


def test_signing_in_from_another_site_is_refused(live: Live) -> None:
    reply = try_password(live, live.system.account.password, origin="https://evil.example")
    problem(reply, 403, "cross-site")


def test_logs_are_one_json_object_a_line_and_hold_no_secret(live: Live) -> None:
    for worker, service in (("collection", "data-collection"), ("signals", "signal-detection")):
        lines = [x for x in live.system.log(worker).splitlines() if x.startswith("{")]
        assert lines
        for line in lines:
            decoded = json.loads(line)
            assert list(decoded) == ["timestamp", "level", "service", "message", "metadata"]
            assert decoded["service"] == service
    account = live.system.account
    for worker in ("api", "collection", "signals", "dashboard"):
        text = live.system.log(worker)
        for secret in (account.password, account.api_key_pepper, account.password_pepper,
                       account.api_key.split("_")[3]):  # fmt: skip
            assert secret not in text
