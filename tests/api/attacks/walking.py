"""Every parameter of every route, one after the other, filled with what an attacker would send."""

import asyncio
from typing import Any, NamedTuple, get_args, get_type_hints
from urllib.parse import quote, urlencode

import msgspec

from api.objects.push import EXAMPLE_AUTH, EXAMPLE_P256DH
from api.principal import Principal
from api.routes import ROUTES
from api.routing import Route
from common.envelope import Answer
from tests.api.calling import Caller, insert, seeded

# An administrator who is signed in: nothing is refused for want of a permission.
ANN = Principal("u1", "admin", "enterprise", "session")
UNKNOWN = "zzunknownzz"
DELIVERY = "1760000000-0123456789abcdef"
OBJECTS: dict[str, tuple[str, dict[str, Any]]] = {
    "watchlist_id": ("/api/v1/watchlists", {"name": "w", "symbols": ["BTC"]}),
    "rule_id": ("/api/v1/alert-rules", {"name": "r"}),
    "webhook_id": ("/api/v1/webhooks", {"url": "https://hooks.example/a", "events": ["signal"]}),
    "subscription_id": ("/api/v1/push/subscriptions", {
        "endpoint": "https://push.example/a", "p256dh": EXAMPLE_P256DH, "auth": EXAMPLE_AUTH,
    }),
    "feed_id": ("/api/v1/feeds", {
        "name": "feed", "url": "https://feeds.example/a.rss", "format": "rss", "kind": "news",
    }),
    "key_id": ("/api/v1/keys", {"name": "k"}),
    "client_id": ("/api/v1/oauth/clients", {
        "name": "c", "redirect_uris": ["https://app.example/callback"], "scopes": ["market:read"],
    }),
}  # fmt: skip


class Target(NamedTuple):
    """One parameter of one route."""

    route: Route
    name: str

    def __str__(self) -> str:
        return f"{self.route.method} {self.route.path} {self.name}"


def kinds_of(hint: Any) -> set[Any]:
    """Return the plain types that a field may have: str, int, list and so on."""
    parts = get_args(hint)
    if not parts:
        return {hint}
    if hasattr(hint, "__metadata__"):
        return kinds_of(parts[0])
    if getattr(hint, "__origin__", None) in (list, dict):
        return {hint.__origin__}
    return {kind for part in parts for kind in (kinds_of(part) if type(part) is not str else {str})}


def targets(*kinds: Any) -> list[Target]:
    """Return every parameter of every route that may be of one of these types."""
    return [
        Target(route, name)
        for route in ROUTES
        for name, hint in get_type_hints(route.request).items()
        if kinds_of(hint) & set(kinds)
    ]


class Attacker:
    """Somebody with every permission, an object of every kind, and a new address each time."""

    def __init__(self) -> None:
        self.database = seeded()
        self.ask = Caller(self.database)
        self.sent = 0
        self.ids: dict[str, str] = {}
        for name, (path, fields) in OBJECTS.items():
            answer = self.send("POST", path, fields)
            assert answer.status == 201, answer.body
            self.ids[name] = msgspec.json.decode(str(answer.body))["data"][name]
        insert(
            self.database, "webhook_deliveries", delivery_id=DELIVERY, owner="u1", event_key="e",
            webhook_id=self.ids["webhook_id"], event="signal", body="{}", created_at=1,
        )  # fmt: skip
        self.ids["delivery_id"] = DELIVERY

    def send(self, method: str, path: str, fields: Any = None, form: bool = False) -> Answer:
        """Send a request; time goes on, so that no limit is reached."""
        self.sent += 1
        self.ask.now += 3.5
        self.ask.address = f"2001:db8:{self.sent // 65536:x}:{self.sent % 65536:x}::1"
        sent, headers = b"", {}
        if isinstance(fields, bytes):
            sent, headers = fields, {"content-type": "application/json"}
        elif form:
            sent = urlencode(fields).encode()
            headers = {"content-type": "application/x-www-form-urlencoded"}
        elif fields is not None:
            sent, headers = msgspec.json.encode(fields), {"content-type": "application/json"}
        return self.ask(path, method, key=None, principal=ANN, headers=headers, sent=sent)

    def fill(self, target: Target, value: Any) -> Answer:
        """Send a good request in which one parameter is `value`."""
        route, name = target
        given = {**route.example, **{k: v for k, v in self.ids.items() if k in route.path}}
        given[name] = value
        path = route.path
        for part in [part for part in given if f"{{{part}}}" in path]:
            path = path.replace(f"{{{part}}}", quote(str(given.pop(part)), safe=""))
        if route.has_body:
            return self.send(route.method, path, given, form=route.body == "form")
        query = urlencode({k: v for k, v in given.items() if k in route.request.__struct_fields__})
        return self.send(route.method, f"{path}?{query}" if query else path)

    def stored(self) -> dict[str, list[Any]]:
        """Return what no request of the API may change: the schema, and what was collected."""
        kept = ("market_data", "signals", "assets", "sources", "news_items", "readings", "series")
        tables = {name: self.rows(f"SELECT * FROM {name} ORDER BY 1") for name in kept}
        # Registering adds viewers; a feed adds a source.
        tables["sources"] = [row for row in tables["sources"] if "feed:" not in str(row)]
        tables["users"] = self.rows("SELECT * FROM users WHERE user_id = 'u1'")
        tables["risen"] = self.rows(
            "SELECT * FROM users WHERE user_id <> 'u1' AND (role, plan) <> ('viewer', 'free')"
        )
        tables["schema"] = self.rows("SELECT sql FROM sqlite_master ORDER BY name")
        return tables

    def whole(self, answer: Answer) -> str:
        """Return the body of an answer, also of one that is streamed."""
        if isinstance(answer.body, str):
            return answer.body
        parts = answer.body

        async def read() -> str:
            return "".join([part async for part in parts])

        return asyncio.run(read())

    def close(self) -> None:
        """Drop what was left for after the answers."""
        for work in self.ask.parts.pending:
            work.close()
        self.ask.parts.pending.clear()

    def rows(self, sql: str) -> list[Any]:
        return [tuple(row) for row in self.database.connection.execute(sql).fetchall()]
