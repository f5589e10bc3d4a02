"""The dashboard Worker with the runtime's modules stood in for: which guard stands before what."""

import asyncio
import importlib
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import msgspec
import pytest

from tests.dashboard.somebody import EMAIL, PASSWORD, PEPPER, Derivation, store, with_user
from tests.support.sqlite import SqliteDatabase

ORIGIN = "https://app.example"
OURS = {"origin": ORIGIN, "x-requested-with": "fetch", "content-type": "application/json"}
RIGHT = msgspec.json.encode({"email": EMAIL, "password": PASSWORD}).decode()
WRONG = msgspec.json.encode({"email": EMAIL, "password": "wrong"}).decode()
STORED = store(PASSWORD)


class Entrypoint:
    """What the runtime gives a Worker: its bindings."""

    def __init__(self, env: Any) -> None:
        self.env = env


class Binding:
    """A service, assets or KV binding that notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.acting: list[str | None] = []

    async def fetch(self, request: Any) -> Any:
        self.asked.append(request.url)
        self.acting.append(getattr(request, "acting", None))
        return "passed on"

    async def put(self, key: str, value: str, **options: Any) -> None:
        self.asked.append((key, value, options))


def with_cookies(answer: Any, cookies: list[str]) -> Any:
    if cookies and not isinstance(answer, str):
        answer.headers["set-cookie"] = cookies[-1]
    return answer


async def read_body(request: Any, most_bytes: int, seconds: float) -> bytes | None:
    body: bytes = request.raw.body
    return body if len(body) <= most_bytes else None


class Site:
    """The Worker, its bindings, and requests to it."""

    def __init__(self, worker: Any, database: SqliteDatabase) -> None:
        self.database = database
        self.api, self.assets, self.kv = Binding(), Binding(), Binding()
        env = SimpleNamespace(
            API=self.api, ASSETS=self.assets, KV=self.kv, DB=None, PASSWORD_PEPPER=PEPPER
        )
        self._worker = worker.Default(env)

    def __call__(
        self, path: str, method: str = "GET", headers: dict[str, str] | None = None, body: str = ""
    ) -> Any:
        request = SimpleNamespace(
            method=method, url=ORIGIN + path, headers=SimpleNamespace(get=(headers or {}).get),
            body=body.encode(),
        )  # fmt: skip
        return asyncio.run(self._worker.fetch(request))

    def signed_in(self) -> dict[str, str]:
        """Sign in; return the headers of our own page from then on."""
        answer = self("/session", "POST", OURS, RIGHT)
        csrf = msgspec.json.decode(answer.body)["data"]["csrf"]
        return {**OURS, "cookie": cookie_of(answer), "x-csrf-token": csrf}

    def sessions(self) -> int:
        return int(self.database.rows("SELECT count(*) FROM sessions")[0][0])


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Site:
    stand_ins: dict[str, dict[str, Any]] = {
        "js": {},
        "pyodide": {},
        "pyodide.ffi": {"to_js": None, "jsnull": object(), "JsException": Exception},
        "workers": {"WorkerEntrypoint": Entrypoint},
    }
    for name, members in stand_ins.items():
        module = ModuleType(name)
        module.__dict__.update(members)
        monkeypatch.setitem(sys.modules, name, module)
    # Imported anew here and forgotten afterwards: no other test meets the stand-ins.
    platform = [
        f"common.platform.{name}"
        for name in ("caches", "cookies", "crypto", "d1", "http", "requests")
    ]
    for name in [*platform, "dashboard.worker"]:
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
        del sys.modules[name]
    worker = importlib.import_module("dashboard.worker")
    database = with_user(STORED)
    monkeypatch.setattr(worker, "D1", lambda binding: database)
    monkeypatch.setattr(worker.crypto, "pbkdf2_sha256", Derivation())
    monkeypatch.setattr(worker, "outgoing", lambda answer: answer)
    monkeypatch.setattr(worker, "with_cookies", with_cookies)
    monkeypatch.setattr(worker, "read_body", read_body)
    monkeypatch.setattr(
        worker, "on_behalf", lambda request, acting: SimpleNamespace(url=request.url, acting=acting)
    )
    return Site(worker, database)


def cookie_of(answer: Any) -> str:
    return str(answer.headers["set-cookie"]).partition(";")[0]


def test_signing_in_sets_a_cookie_that_says_who_one_is(site: Site) -> None:
    answer = site("/session", "POST", OURS, RIGHT)
    assert answer.status == 200
    who = site("/session", headers={"cookie": cookie_of(answer)})
    user = msgspec.json.decode(who.body)["data"]["user"]
    assert user == {"email": EMAIL, "role": "analyst"}
    assert who.headers["cache-control"] == "no-store"
    assert site.kv.asked[0][0] == "session:u1"
    assert site.kv.asked[0][2] == {"expirationTtl": 14 * 86_400}


def test_signing_out_ends_the_session_and_the_cookie(site: Site) -> None:
    ours = site.signed_in()
    answer = site("/session", "DELETE", ours)
    assert (answer.status, site.sessions()) == (200, 0)
    assert "Max-Age=0" in answer.headers["set-cookie"]
    who = site("/session", headers={"cookie": ours["cookie"]})
    assert msgspec.json.decode(who.body)["data"]["user"] is None


@pytest.mark.parametrize(
    "headers", [{}, {"origin": ORIGIN}, {**OURS, "origin": "https://evil.example"}]
)
def test_another_site_can_neither_sign_in_nor_sign_out(site: Site, headers: dict[str, str]) -> None:
    assert site("/session", "POST", headers, RIGHT).status == 403
    ours = site.signed_in()
    both = {name: ours[name] for name in ("cookie", "x-csrf-token")}
    assert site("/session", "DELETE", {**headers, **both}).status == 403
    assert site.sessions() == 1


def test_another_sites_page_cannot_open_the_stream(site: Site) -> None:
    assert site("/live", headers={"origin": "https://evil.example"}).status == 403
    assert site.api.asked == []
    assert site("/live", headers={"origin": ORIGIN}) == "passed on"


CHANGES = pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])


@CHANGES
def test_a_visitor_changes_nothing(site: Site, method: str) -> None:
    assert site("/api/v1/watchlists", method, OURS).status == 401
    assert site.api.asked == []


@CHANGES
def test_who_is_signed_in_changes_what_is_theirs(site: Site, method: str) -> None:
    assert site("/api/v1/watchlists", method, site.signed_in()) == "passed on"
    (acting,) = site.api.acting
    told = msgspec.json.decode(acting or "")
    assert told.keys() == {"user_id", "role", "plan", "session_id", "proved_at"}
    assert (told["user_id"], told["role"], told["plan"]) == ("u1", "analyst", "free")


@CHANGES
@pytest.mark.parametrize("token", ["", "wrong"])
def test_nothing_is_changed_without_the_sessions_token(site: Site, method: str, token: str) -> None:
    answer = site("/api/v1/watchlists", method, {**site.signed_in(), "x-csrf-token": token})
    assert answer.status == 403
    assert msgspec.json.decode(answer.body)["type"].endswith("/csrf")
    assert site.api.asked == []


@CHANGES
@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example", "x-requested-with": "fetch"}, {"origin": ORIGIN}]
)
def test_another_sites_page_changes_nothing_for_who_is_signed_in(
    site: Site, method: str, headers: dict[str, str]
) -> None:
    ours = site.signed_in()
    both = {name: ours[name] for name in ("cookie", "x-csrf-token")}
    assert site("/api/v1/watchlists", method, {**headers, **both}).status == 403
    assert site.api.asked == []


def test_a_visitor_acts_for_nobody_whatever_the_browser_says(site: Site) -> None:
    said = {"x-acting-user": '{"user_id":"u1","role":"admin","plan":"free"}'}
    assert site("/api/v1/dashboard/overview", headers=said) == "passed on"
    assert site.api.acting == [None]


@pytest.mark.parametrize("path", ["/api/v1/signals/all", "/api/v1/market-data/BTC", "/api/x"])
def test_a_visitor_reads_the_dashboards_views_and_nothing_else(site: Site, path: str) -> None:
    answer = site(path)
    assert answer.status == 403
    assert "/api/v1/dashboard/" in answer.body
    assert site.api.asked == []


def test_five_wrong_passwords_close_the_sign_in_to_that_address_alone(site: Site) -> None:
    here, there = ({**OURS, "cf-connecting-ip": ip} for ip in ("1.2.3.4", "5.6.7.8"))
    codes = [site("/session", "POST", here, WRONG).status for _ in range(6)]
    assert codes == [401, 401, 401, 401, 401, 429]
    assert site("/session", "POST", here, RIGHT).status == 429
    assert site("/session", "POST", there, RIGHT).status == 200


def test_a_visitor_may_make_an_account(site: Site) -> None:
    assert site("/api/v1/auth/register", "POST", OURS, RIGHT) == "passed on"
    assert site("/api/v1/auth/login", "POST", OURS, RIGHT).status == 401


@pytest.mark.parametrize("changed", [{"origin": None}, {"content-type": "text/plain"}])
def test_an_account_is_made_by_our_own_page_alone(site: Site, changed: dict[str, Any]) -> None:
    answer = site("/api/v1/auth/register", "POST", OURS | changed, RIGHT)
    assert answer.status in (403, 415)
    assert site.api.asked == []


def test_a_failure_inside_is_a_502_that_tells_nothing(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.database.connection.close()
    answer = site("/session", headers={"cookie": "__Host-session=id.tok"})
    told = msgspec.json.decode(answer.body)
    assert answer.status == 502
    assert "closed" not in answer.body
    line = msgspec.json.decode(capsys.readouterr().out)
    assert (line["service"], line["metadata"]["request_id"]) == ("dashboard", told["request_id"])


def test_everything_else_is_a_static_file(site: Site) -> None:
    assert site("/asset/bitcoin") == "passed on"
    assert site.assets.asked == [f"{ORIGIN}/asset/bitcoin"]
