"""The gateway on workerd: exact limits, tokens, apps, streams, webhooks, fresh data."""

import asyncio
import base64
import csv
import hashlib
import io
import json
import time
from collections import Counter
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import jwt
import pytest
from authlib.integrations.httpx_client import OAuth2Client
from standardwebhooks import Webhook

from tests.runtime.receiver import Receiver
from tests.support.live import Live, Reply, eventually
from tests.support.signing_in import signed_in

pytestmark = pytest.mark.runtime
CALLBACK = "http://127.0.0.1:7777/callback"
PASSWORD = "correct horse battery staple"


def send(live: Live, method: str, path: str, fields: Any = None, **headers: str) -> Reply:
    """Send JSON with the demo key, or with the headers given."""
    key = {"authorization": f"Bearer {live.system.account.api_key}"}
    sent = None if fields is None else json.dumps(fields)
    return live.get(
        "api", path, {**key, "content-type": "application/json", **headers}, method, sent
    )


def data(reply: Reply, status: int = 200) -> Any:
    assert reply.status == status, reply.body
    return reply.json()["data"]


def new_user(live: Live, email: str) -> dict[str, Any]:
    """Register somebody and log in; return the tokens."""
    account = {"email": email, "password": PASSWORD}
    assert send(live, "POST", "/api/v1/auth/register", account).status == 202
    tokens: dict[str, Any] = data(send(live, "POST", "/api/v1/auth/login", account))
    return tokens


def test_of_1000_requests_at_once_exactly_100_are_let_through(live: Live) -> None:
    made = data(send(live, "POST", "/api/v1/keys", {"name": "burst", "per_minute": 100}), 201)
    url = live.system.ports.address("api") + "/api/v1/market-data/BTC"

    async def burst() -> list[httpx.Response]:
        limits = httpx.Limits(max_connections=100)
        headers = {"x-api-key": made["key"]}
        async with httpx.AsyncClient(limits=limits, timeout=120, headers=headers) as client:
            return await asyncio.gather(*(client.get(url) for _ in range(1000)))

    answers = asyncio.run(burst())
    assert Counter(answer.status_code for answer in answers) == {200: 100, 429: 900}
    refused = next(answer for answer in answers if answer.status_code == 429)
    told = refused.json()
    assert (told["limit"], told["window_seconds"], told["scope"]) == (100, 60, "key")
    assert 0 < int(refused.headers["retry-after"]) <= 64
    assert all("ratelimit-remaining" in answer.headers for answer in answers)


def test_what_a_tick_stores_shows_within_two_seconds(live: Live) -> None:
    def told() -> str:
        return str(data(live.api("/api/v1/market-data/ETH"))["tick"])

    before = told()
    live.next_tick()
    began = time.monotonic()
    eventually(lambda: told() != before, 5)
    assert time.monotonic() - began < 2.5


def test_an_access_token_opens_and_its_public_key_verifies_it(live: Live) -> None:
    tokens = new_user(live, "token@example.com")
    me = data(live.get("api", "/api/v1/me", {"authorization": f"Bearer {tokens['access_token']}"}))
    assert (me["email"], me["role"]) == ("token@example.com", "viewer")
    address = live.system.ports.address("api")
    key = jwt.PyJWKClient(f"{address}/.well-known/jwks.json").get_signing_key_from_jwt(
        tokens["access_token"]
    )
    claims = jwt.decode(
        tokens["access_token"], key, ["ES256"], audience=f"{address}/api/v1", issuer=address
    )
    assert claims["exp"] - claims["iat"] == 900


def test_a_refresh_token_that_is_used_again_ends_everything_it_gave(live: Live) -> None:
    first = new_user(live, "reuse@example.com")
    again = {"refresh_token": first["refresh_token"]}
    second = data(send(live, "POST", "/api/v1/auth/refresh", again))
    assert send(live, "POST", "/api/v1/auth/refresh", again).status == 401
    last = {"refresh_token": second["refresh_token"]}
    assert send(live, "POST", "/api/v1/auth/refresh", last).status == 401
    bearer = {"authorization": f"Bearer {second['access_token']}"}
    eventually(lambda: live.get("api", "/api/v1/me", bearer).status == 401, 10)


def test_a_revoked_key_is_refused_at_once(live: Live) -> None:
    made = data(send(live, "POST", "/api/v1/keys", {"name": "short-lived"}), 201)
    with_it = {"authorization": f"Bearer {made['key']}"}
    assert live.get("api", "/api/v1/me", with_it).status == 200
    data(send(live, "DELETE", f"/api/v1/keys/{made['key_id']}"))
    assert live.get("api", "/api/v1/me", with_it).status == 401


def test_a_stock_client_is_let_in_by_a_person_who_consents(live: Live) -> None:
    """Authlib, unmodified, asks for a code with PKCE; the dashboard answers for who is signed in.

    Then the code becomes tokens, they are renewed, and one that is revoked opens nothing.
    """
    app = data(send(live, "POST", "/api/v1/oauth/clients", {
        "name": "Portfolio", "website": "https://portfolio.example", "redirect_uris": [CALLBACK],
        "scopes": ["market:read"],
    }), 201)  # fmt: skip
    api = live.system.ports.address("api")
    metadata = httpx.get(f"{api}/.well-known/oauth-authorization-server").json()
    with OAuth2Client(
        app["client_id"], app["client_secret"], scope="market:read", redirect_uri=CALLBACK,
        code_challenge_method="S256",
    ) as client:  # fmt: skip
        walk_through(live, client, api, metadata)


def walk_through(live: Live, client: OAuth2Client, api: str, metadata: dict[str, str]) -> None:
    verifier = "v" * 64
    asked, state = client.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=verifier
    )
    fields = {name: values[0] for name, values in parse_qs(urlsplit(asked).query).items()}
    led = consent(live, fields)
    token = client.fetch_token(
        metadata["token_endpoint"], authorization_response=led, code_verifier=verifier, state=state
    )
    assert client.get(f"{api}/api/v1/market-data/BTC").status_code == 200
    assert client.get(f"{api}/api/v1/keys").status_code == 403
    renewed = client.refresh_token(metadata["token_endpoint"], refresh_token=token["refresh_token"])
    assert renewed["access_token"] != token["access_token"]
    client.revoke_token(metadata["revocation_endpoint"], token=renewed["refresh_token"])
    eventually(lambda: client.get(f"{api}/api/v1/market-data/BTC").status_code == 401, 10)


def consent(live: Live, fields: dict[str, str]) -> str:
    """Sign in at the dashboard and allow what is asked; return where that leads."""
    ours = signed_in(live)
    path = "/api/v1/oauth/authorization"
    shown = data(live.get("dashboard", f"{path}?{urlencode(fields)}", ours))
    assert shown["client"]["name"] == "Portfolio"
    assert hashlib.sha256(b"v" * 64).digest() == base64.urlsafe_b64decode(
        fields["code_challenge"] + "="
    )
    decided = live.get("dashboard", path, ours, "POST", json.dumps({**fields, "decision": "allow"}))
    return str(data(decided)["redirect_to"])


def test_the_whole_signal_history_is_streamed(live: Live) -> None:
    reply = live.api("/api/v1/exports/signals?format=csv")
    assert reply.status == 200
    assert reply.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(reply.body)))
    [(stored,)] = live.rows("SELECT count(*) FROM signals")
    assert len(rows) == stored > 0
    assert live.api("/api/v1/exports/signals?format=ndjson").body.count("\n") == stored


def test_a_webhook_is_signed_for_a_stock_library_and_logged(live: Live) -> None:
    with Receiver() as receiver:
        fields = {"url": receiver.url, "events": ["signal"]}
        made = data(send(live, "POST", "/api/v1/webhooks", fields), 201)
        path = f"/api/v1/webhooks/{made['webhook_id']}"
        sent = data(send(live, "POST", f"{path}/test", {}))
        assert sent["state"] == "delivered", sent
        headers, body = receiver.received[0]
        assert Webhook(made["secret"]).verify(body, headers)
        listed = data(live.api(f"{path}/deliveries"))
        assert [one["delivery_id"] for one in listed] == [sent["delivery_id"]]
        replayed = f"{path}/deliveries/{sent['delivery_id']}/replay"
        assert data(send(live, "POST", replayed, {}))["state"] == "delivered"
        assert len(receiver.received) == 2
        assert send(live, "DELETE", path).status == 200


def test_what_fires_reaches_a_webhook(live: Live) -> None:
    with Receiver() as receiver:
        fields = {"url": receiver.url, "events": ["signal", "signal.ended"]}
        made = data(send(live, "POST", "/api/v1/webhooks", fields), 201)
        live.plant("jump", "solana", live.time + 300, 0.12)
        tick = live.next_tick()
        fired = "SELECT 1 FROM signals WHERE asset_id = 'solana' AND created_at = ?"
        assert live.rows(fired, tick)
        told = eventually(lambda: [body for _, body in receiver.received if b"solana" in body], 20)
        assert json.loads(told[0])["type"] == "signal"
        assert send(live, "DELETE", f"/api/v1/webhooks/{made['webhook_id']}").status == 200


def test_usage_is_written_behind_the_answers(live: Live) -> None:
    live.api("/api/v1/analytics/movers")
    wanted = "GET /api/v1/analytics/movers"

    def counted() -> bool:
        rows = data(live.api("/api/v1/analytics/usage"))["rows"]
        return any(row["endpoint"] == wanted for row in rows)

    eventually(counted, 20)


def test_an_address_that_scans_is_challenged_until_somebody_passes(live: Live) -> None:
    here = {"cf-connecting-ip": "203.0.113.9"}

    def asked() -> Reply:
        return live.get("api", "/api/v1/market-data/BTC", here)

    assert asked().status == 401
    for number in range(8):
        live.get("api", f"/wp-admin/{number}.php", here)
    refused = eventually(lambda: (reply := asked()).status == 403 and reply, 10)
    assert refused.json()["challenge_url"].endswith("/challenge")
    account = {"authorization": f"Bearer {live.system.account.api_key}"}
    assert live.get("api", "/api/v1/market-data/BTC", here | account).status == 200
    shown = data(live.get("api", "/api/v1/challenge", here))
    assert shown["site_key"]
    solved = live.get(
        "api", "/api/v1/challenge", {**here, "content-type": "application/json"}, "POST",
        json.dumps({"token": "XXXX.DUMMY.TOKEN.XXXX"}),
    )  # fmt: skip
    assert solved.status == 200, solved.body
    eventually(lambda: asked().status == 401, 15)
