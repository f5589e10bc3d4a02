"""Two users, and every route that names something one of them owns: the other finds nothing."""

from typing import Any

import msgspec
import pytest

from api.objects.push import EXAMPLE_AUTH, EXAMPLE_P256DH
from api.principal import Principal
from api.routes import ROUTES
from api.routing import Route
from tests.api.calling import Caller, body, insert, seeded

ANN = Principal("u1", "trader", "enterprise", "session")
# Even an administrator has no business with what another user owns.
BEN = Principal("u2", "admin", "enterprise", "session")
CALLBACK = "https://app.example/callback"
# What names an object of a user's in a path. Other parameters name what everybody may read.
OWNED = ("watchlist_id", "rule_id", "webhook_id", "delivery_id", "feed_id", "key_id", "client_id",
         "subscription_id")  # fmt: skip
STREAMS = ("/api/v1/dashboard/live", "/api/v1/dashboard/live/events")
# A receiver proves itself by a signature, not by who it is.
SIGNED = "/api/v1/hooks/{webhook_id}/ack"

WALK = [
    route for route in ROUTES
    if any(f"{{{name}}}" in route.path for name in OWNED) and route.path != SIGNED
    and not route.permission.startswith("admin:")  # an administrator's own, tried by themselves
]  # fmt: skip
LISTS = [route for route in ROUTES
         if route.method == "GET" and not route.cache.shared and "{" not in route.path
         and route.permission not in ("public", "revenue:read", "exports:read", "admin:read")
         and route.path not in ("/api/v1/oauth/authorization", *STREAMS)]  # fmt: skip


class House:
    """A system in which Ann owns one of everything."""

    def __init__(self) -> None:
        database = seeded()
        insert(database, "users", user_id="u2", email="ben@example.com", role="admin",
               plan="enterprise", created_at=1)  # fmt: skip
        self.ask = Caller(database)
        made = {
            "watchlist_id": self.make("/api/v1/watchlists", {"name": "mine", "symbols": ["BTC"]}),
            "rule_id": self.make("/api/v1/alert-rules", {"name": "mine"}),
            "webhook_id": self.make(
                "/api/v1/webhooks", {"url": "https://hooks.example.com/a", "events": ["signal"]}
            ),
            "feed_id": self.make("/api/v1/feeds", {
                "name": "mine", "url": "https://feeds.example.com/a.rss", "format": "rss",
                "kind": "news",
            }),
            "key_id": self.make("/api/v1/keys", {"name": "mine"}),
            "client_id": self.make("/api/v1/oauth/clients", {
                "name": "mine", "website": "https://app.example", "redirect_uris": [CALLBACK],
                "scopes": ["market:read"],
            }),
        }  # fmt: skip
        self.ids = {name: str(data[name]) for name, data in made.items()}
        insert(database, "webhook_deliveries", delivery_id="1760000000-0123456789abcdef",
               webhook_id=self.ids["webhook_id"], owner="u1", event_key="e", event="signal",
               body="{}", created_at=1)  # fmt: skip
        self.ids["delivery_id"] = "1760000000-0123456789abcdef"
        self.ids["subscription_id"] = "0123456789abcdef"
        insert(database, "push_subscriptions", subscription_id=self.ids["subscription_id"],
               owner="u1", endpoint="https://push.example/a", p256dh=EXAMPLE_P256DH,
               auth=EXAMPLE_AUTH, device="Ann's phone", created_at=1)  # fmt: skip
        insert(database, "oauth_grants", user_id="u1", client_id=self.ids["client_id"],
               scopes='["market:read"]', created_at=1)  # fmt: skip

    def send(self, who: Principal, method: str, path: str, fields: Any = None) -> tuple[int, Any]:
        sent = msgspec.json.encode(fields) if fields is not None else b""
        headers = {"content-type": "application/json"} if sent else {}
        answer = self.ask(path, method, key=None, principal=who, headers=headers, sent=sent)
        return answer.status, msgspec.json.decode(body(answer))

    def make(self, path: str, fields: Any) -> dict[str, Any]:
        status, answer = self.send(ANN, "POST", path, fields)
        assert status == 201, answer
        found: dict[str, Any] = answer["data"]
        return found

    def walk(self, who: Principal, route: Route) -> tuple[int, Any]:
        """Ask a route for Ann's object, with fields that are good where it takes any."""
        path = route.path
        for name, value in self.ids.items():
            path = path.replace(f"{{{name}}}", value)
        in_path = {name for name in OWNED if f"{{{name}}}" in route.path}
        fields = {k: v for k, v in route.example.items() if k not in in_path}
        return self.send(who, route.method, path, fields if route.has_body else None)


@pytest.fixture(scope="module")
def house() -> House:
    return House()


named = pytest.mark.parametrize("route", WALK, ids=lambda r: f"{r.method} {r.path}")


@named
def test_another_users_object_is_not_there(house: House, route: Route) -> None:
    status, answer = house.walk(BEN, route)
    assert status == 404, answer


@named
def test_its_owner_finds_it(route: Route) -> None:
    """Without this, a walk with a wrong address would prove nothing."""
    status, answer = House().walk(ANN, route)
    assert status < 300 or answer["type"].endswith("feed-invalid"), answer


@pytest.mark.parametrize("route", LISTS, ids=lambda r: r.path)
def test_lists_and_exports_tell_nothing_of_another_user(house: House, route: Route) -> None:
    status, answer = house.send(BEN, "GET", route.path)
    assert status == 200, answer
    text = msgspec.json.encode(answer["data"]).decode()
    for value in (*house.ids.values(), "u@example.com"):
        assert value not in text


def test_private_answers_enter_no_shared_cache(house: House) -> None:
    for route in LISTS:
        house.send(ANN, "GET", route.path)
        answer = house.ask(route.path, key=None, principal=BEN)
        assert "private, no-cache" in answer.headers["cache-control"] or (
            answer.headers["cache-control"] == "no-store"
        )
    told = " ".join((*house.ask.parts.kv.values(), *house.ask.parts.edge.values()))
    assert not any(value in told for value in house.ids.values())


def test_every_kind_of_object_is_walked() -> None:
    for name in OWNED:
        assert any(f"{{{name}}}" in route.path for route in WALK)
    known = (*OWNED, "symbol", "type", "id", "name", "metric", "view", "kind", "period",
             "subject", "user_id", "flag", "source", "alert")  # fmt: skip
    for route in ROUTES:
        for part in route.path.split("/"):
            assert not part.startswith("{") or part[1:-1] in known, route.path
