"""What the runtime gives to requests (api.principal.Outside), in memory."""

import hashlib
import json
import zoneinfo
from collections.abc import Awaitable, Callable
from types import CoroutineType
from typing import Any, cast

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from api.limits.arbiter import Arbiter
from api.principal import Load
from common.errors import Retryable
from tests.support.jwk import private_key, public_key


async def _nobody(path: str, body: str) -> bytes:
    raise Retryable("there is no facilitator")


class Parts:
    """What requests share: the caches, the arbiters, and what was left for later."""

    def __init__(self) -> None:
        self.now = 0.0
        self.kv: dict[str, str] = {}
        self.edge: dict[str, str] = {}
        self.arbiters: dict[str, Arbiter] = {}
        self.pending: list[CoroutineType[Any, Any, object]] = []
        self.calls: list[str] = []
        self.down: set[str] = set()
        self.floods: set[str] = set()
        self.challenge = b'{"success":true}'
        self.facilitator: Callable[[str, str], Awaitable[bytes]] = _nobody
        self.previewed: list[Any] = []
        self.opened: list[tuple[str, Any, bool]] = []
        self.tickets: list[tuple[str, Any]] = []
        self.declared = "{}"
        self.previews: str | Exception = '{"state":"ok"}'

    def ask(self, part: str) -> None:
        """Note a call of a part, which fails while the part is down."""
        self.calls.append(part)
        if part in self.down:
            raise Retryable(f"{part} is down")

    async def settle(self, *names: str) -> None:
        """Do what was left for later, only the functions of some names if any are given."""
        while wanted := [one for one in self.pending if not names or one.cr_code.co_name in names]:
            self.pending.remove(wanted[0])
            await wanted[0]

    def __del__(self) -> None:
        """Drop what was left for later."""
        for work in self.pending:
            work.close()


class MemoryOutside:
    """One request's way to the parts; `sent` is its body."""

    def __init__(self, parts: Parts, sent: bytes = b"") -> None:
        self.parts = parts
        self.sent = sent

    def later(self, work: Awaitable[object]) -> None:
        self.parts.pending.append(cast("CoroutineType[Any, Any, object]", work))

    def load(self) -> Load:
        return Load(1, 0, 1.0)

    async def body(self, most_bytes: int) -> bytes | None:
        return self.sent if len(self.sent) <= most_bytes else None

    async def preview(self, spec: str) -> str:
        self.parts.ask("preview")
        self.parts.previewed.append(json.loads(spec))
        if isinstance(self.parts.previews, Exception):
            raise self.parts.previews
        return self.parts.previews

    async def preview_rule(self, rule: str) -> str:
        return await self.preview(rule)

    async def declared_sources(self) -> str:
        self.parts.ask("declared_sources")
        return self.parts.declared

    async def replay(self, tick: int) -> str:
        self.parts.ask(f"replay {tick}")
        return '{"sources":2,"rows_written":7}'

    async def deliver(self) -> None:
        self.parts.ask("deliver")

    async def hub_status(self) -> None:
        self.parts.ask("hub")

    async def connections(self) -> int:
        self.parts.ask("hub")
        return 3

    async def open_live(self, shard: str, opening: str, upgrade: bool) -> None:
        self.parts.ask("open_live")
        self.parts.opened.append((shard, json.loads(opening), upgrade))

    async def keep_ticket(self, shard: str, ticket: str) -> None:
        self.parts.ask("keep_ticket")
        self.parts.tickets.append((shard, json.loads(ticket)))

    async def limiter(self, subject: str, request: str) -> str:
        self.parts.ask("limiter")
        arbiter = self.parts.arbiters.setdefault(subject, Arbiter(None))
        return arbiter.answer(request, self.parts.now)

    async def flooding(self, address: str) -> bool:
        self.parts.ask("flooding")
        return address in self.parts.floods

    async def kv_get(self, key: str) -> str | None:
        self.parts.ask("kv_get")
        return self.parts.kv.get(key)

    async def kv_put(self, key: str, value: str, seconds: int) -> None:
        self.parts.ask("kv_put")
        self.parts.kv[key] = value

    async def edge_get(self, key: str) -> str | None:
        self.parts.ask("edge_get")
        return self.parts.edge.get(key)

    async def edge_put(self, key: str, value: str, seconds: int) -> None:
        self.parts.ask("edge_put")
        self.parts.edge[key] = value

    async def facilitator(self, facilitator: str, path: str, body: str) -> bytes:
        self.parts.ask("facilitator" + path)
        return await self.parts.facilitator(path, body)

    async def verify_challenge(self, form: dict[str, str]) -> bytes:
        self.parts.ask("verify_challenge")
        return self.parts.challenge

    def knows_zone(self, zone: str) -> bool:
        return zone in zoneinfo.available_timezones()

    async def derive(self, password: bytes, salt: bytes, iterations: int) -> bytes:
        return hashlib.pbkdf2_hmac("sha256", password, salt, iterations)

    async def sign_es256(self, jwk: str, message: bytes) -> bytes:
        signed = private_key(jwk).sign(message, ec.ECDSA(hashes.SHA256()))
        r, s = decode_dss_signature(signed)
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    async def verify_es256(self, jwk: str, message: bytes, signature: bytes) -> bool:
        if len(signature) != 64:
            return False
        halves = (int.from_bytes(signature[at : at + 32], "big") for at in (0, 32))
        try:
            public_key(jwk).verify(
                encode_dss_signature(*halves), message, ec.ECDSA(hashes.SHA256())
            )
        except Exception:  # noqa: BLE001 - any refusal is a no
            return False
        return True
