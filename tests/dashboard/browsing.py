"""The desk of sessions over a real database, and browsers that keep cookies and talk to it."""

import asyncio
import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from common.envelope import Answer, failure
from common.errors import Problem, Retryable
from dashboard import desk
from dashboard.encoding import b64decode
from dashboard.visit import Reply, Visit
from tests.dashboard.somebody import EMAIL, NOW, PASSWORD, PEPPER, Derivation, store, with_user
from tests.support import jwk
from tests.support.sqlite import SqliteDatabase

ORIGIN = "https://app.example"
Ask = Callable[[str, str, dict[str, str], str], Reply]
STORED = store(PASSWORD)


class Tools:
    """What the runtime gives, by ordinary Python; `notes` are KV's, `provider` answers calls."""

    def __init__(self) -> None:
        self.notes: dict[str, str] = {}
        self.derive = Derivation()
        self.provider: Ask | None = None
        self.asked: list[str] = []

    async def verify_es256(self, key: str, message: bytes, signature: bytes) -> bool:
        halves = (int.from_bytes(signature[at : at + 32], "big") for at in (0, 32))
        try:
            jwk.public_key(key).verify(
                encode_dss_signature(*halves), message, ec.ECDSA(hashes.SHA256())
            )
        except InvalidSignature:
            return False
        return True

    async def verify_rs256(self, key: str, message: bytes, signature: bytes) -> bool:
        told = msgspec.json.decode(key)
        exponent, modulus = (int.from_bytes(b64decode(told[name]), "big") for name in "en")
        public = rsa.RSAPublicNumbers(exponent, modulus).public_key()
        try:
            public.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True

    async def ask(self, method: str, url: str, headers: dict[str, str], body: str) -> Reply:
        self.asked.append(url)
        if self.provider is None:
            raise Retryable("there is no provider")
        return self.provider(method, url, headers, body)

    async def note_session(self, user_id: str, note: str) -> None:
        self.notes[user_id] = note


class House:
    """One dashboard: its database, its clock, its settings."""

    def __init__(self, database: SqliteDatabase | None = None) -> None:
        self.database = database or with_user(STORED)
        self.now = NOW
        self.tools = Tools()
        self.settings = {"PASSWORD_PEPPER": PEPPER}

    def add_user(self, user_id: str, email: str, stored: str | None = STORED) -> None:
        self.database.connection.execute(
            "INSERT INTO users (user_id, email, role, password_hash, created_at)"
            " VALUES (?, ?, 'viewer', ?, 1)", (user_id, email, stored),
        )  # fmt: skip

    def count(self, table: str) -> int:
        return int(self.database.rows(f"SELECT count(*) FROM {table}")[0][0])


class Browser:
    """A browser at an address: it keeps cookies, and sends what our page would."""

    def __init__(self, house: House, address: str = "192.0.2.7", origin: str = ORIGIN) -> None:
        self.house, self.address, self.origin = house, address, origin
        self.cookies: dict[str, str] = {}
        self.csrf: str | None = None
        self.last: Answer | None = None
        self.set_cookies: list[str] = []

    async def ask(
        self, path: str, method: str = "GET", body: Any = None, **headers: str | None
    ) -> Answer:
        """Send one request; a header given as None is left out."""
        sent: dict[str, str | None] = {
            "cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "cf-connecting-ip": self.address, "user-agent": "Firefox on Linux",
        }  # fmt: skip
        if method != "GET":
            sent |= {"origin": self.origin, "x-requested-with": "cryptointel"}
            sent |= {"content-type": "application/json", "x-csrf-token": self.csrf}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        raw = b"" if body is None else msgspec.json.encode(body)

        async def read() -> bytes:
            return raw

        house = self.house
        visit = Visit(
            method, self.origin + path, sent.get, read, house.database, house.now,
            lambda name, default: house.settings.get(name, default), house.tools,
        )  # fmt: skip
        try:
            await desk.find_session(visit)
            answer = await desk.answer(visit)
        except Problem as problem:
            answer = failure(problem, "r")
        self._keep(visit.cookies)
        return answer

    def __call__(
        self, path: str, method: str = "GET", body: Any = None, **headers: str | None
    ) -> Answer:
        self.last = asyncio.run(self.ask(path, method, body, **headers))
        return self.last

    def data(self, path: str, method: str = "GET", body: Any = None) -> Any:
        """Return what a good answer says; the CSRF token is kept as the page keeps it."""
        answer = self(path, method, body)
        assert answer.status == 200, answer.body
        assert answer.headers["cache-control"] == "no-store"
        told = msgspec.json.decode(str(answer.body))["data"]
        if path in ("/session", "/session/code", "/session/passkey"):
            self.csrf = told["csrf"]
        return told

    def refused(self, path: str, method: str = "GET", body: Any = None) -> tuple[int, str]:
        """Return status and kind of a refusal."""
        return problem_of(self(path, method, body))

    def sign_in(self, email: str = EMAIL, password: str = PASSWORD) -> Any:
        return self.data("/session", "POST", {"email": email, "password": password})

    def follow(self, answer: Answer) -> str:
        """Return where an answer leads."""
        assert answer.status == 303, answer.body
        return answer.headers["location"]

    def _keep(self, cookies: list[str]) -> None:
        self.set_cookies += cookies
        for cookie in cookies:
            pair, *attributes = cookie.split("; ")
            name, _, value = pair.partition("=")
            if "Max-Age=0" in attributes:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value


def problem_of(answer: Answer) -> tuple[int, str]:
    told = msgspec.json.decode(str(answer.body))
    return answer.status, urlsplit(told["type"]).path.rpartition("/")[2]


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
