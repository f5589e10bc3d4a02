"""The market data route as FastAPI is used on Python Workers: what most projects would write.

The same as the API Worker: rows, database, address, checks of the key (keyed
hash from `api_keys`, remembered for LEASE_SECONDS), a limit a minute with the
same headers, one statement of D1 on a miss, the envelope, ETag and 304.
Differently, as FastAPI projects do: the SDK's own ASGI adapter, dependencies,
rows that become Pydantic models in Python, KV before the database (one copy
of each symbol for CACHE_SECONDS), and limits counted in this isolate only.
What is read from KV goes out as it is: it was validated when it was made.
"""

import hashlib
import hmac
import time
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import uuid4

from fastapi import Depends, FastAPI, Header, HTTPException, Path, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Json
from workers import asgi, wait_until

CACHE_SECONDS = 300
LEASE_SECONDS, MOST_LEASES = 30, 10_000
READS_A_MINUTE = 120_000

FIND_KEY = """
SELECT k.secret_hash, k.user_id, u.role FROM api_keys k JOIN users u USING (user_id)
WHERE k.key_id = ?1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > ?2)
  AND u.disabled_at IS NULL
"""
# Every row of the newest minute, the price first: one statement for a miss.
LATEST = """
WITH wanted AS (
  SELECT asset_no, name FROM assets WHERE asset_id = ?2 OR symbol = ?1
  ORDER BY asset_id = ?2 DESC, asset_no LIMIT 1
), newest AS (
  SELECT w.name, (SELECT max(id) FROM market_data
    WHERE id BETWEEN w.asset_no << 31 AND (w.asset_no << 31) | 2147483647) AS id FROM wanted w
)
SELECT m.*, n.name, s.attribution, s.attribution_url, s.redistributable AND s.shared AS shown
FROM newest n JOIN market_data m ON m.id BETWEEN n.id & ~31 AND n.id
LEFT JOIN sources s ON s.source = m.source ORDER BY m.id DESC
"""


class Principal(BaseModel):
    """Who asks."""

    user_id: str
    role: str


class Allowance(BaseModel):
    """What is left of a minute."""

    limit: int
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        """Return the RateLimit headers."""
        return {
            "ratelimit-limit": str(self.limit),
            "ratelimit-remaining": str(self.remaining),
            "ratelimit-reset": str(self.reset),
        }


class Consensus(BaseModel):
    """How the price came about."""

    used: dict[str, float]
    rejected: dict[str, str]
    spread: float | None = None


class Row(BaseModel):
    """A row of D1."""

    asset_id: str
    symbol: str
    name: str
    price: float
    volume_24h: float | None
    market_cap: float | None
    timestamp: datetime
    source: str
    observed_at: datetime
    inputs: Json[Consensus] | None
    attribution: str | None
    attribution_url: str | None
    shown: bool | None


class SourcePrice(BaseModel):
    """What one source says."""

    source: str
    price: float
    volume_24h: float | None
    market_cap: float | None
    observed_at: datetime
    age_seconds: int
    attribution: str
    attribution_url: str


class Quote(BaseModel):
    """The price, and what it is made of."""

    asset_id: str
    symbol: str
    name: str
    price: float
    volume_24h: float | None
    market_cap: float | None
    currency: str = "USD"
    source: str
    observed_at: datetime
    age_seconds: int
    tick: datetime
    consensus: Consensus | None
    sources: list[SourcePrice]


class Meta(BaseModel):
    """About the answer."""

    generated_at: datetime
    origin: str


class Envelope(BaseModel):
    """What is sent."""

    data: Quote
    meta: Meta


app = FastAPI(title="Market data")
Default = asgi.entrypoint(app)
leases: dict[str, tuple[float, Principal]] = {}
counts: dict[tuple[str, int], int] = {}
bearer = HTTPBearer()
Env = Annotated[Any, asgi.env]  # the runtime's bindings


async def authenticated(
    credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)], env: Env
) -> Principal:
    """Return who holds the key."""
    key, now = credentials.credentials, time.time()
    lease = leases.get(key)
    if lease is not None and lease[0] > now:
        return lease[1]
    parts = key.split("_")
    if len(parts) != 4 or len(key) > 200:
        raise HTTPException(401, "This API key is unknown, revoked or expired.")
    found = await env.DB.prepare(FIND_KEY).bind(parts[2], int(now)).all()
    rows = [dict(row) for row in found["results"]]
    hashed = hmac.digest(env.API_KEY_PEPPER.encode(), parts[3].encode(), "sha256").hex()
    if not rows or not hmac.compare_digest(rows[0]["secret_hash"], hashed):
        raise HTTPException(401, "This API key is unknown, revoked or expired.")
    principal = Principal(**rows[0])
    if len(leases) >= MOST_LEASES:
        leases.clear()
    leases[key] = (now + LEASE_SECONDS, principal)
    return principal


async def counted(principal: Annotated[Principal, Depends(authenticated)]) -> Allowance:
    """Count the request in its user's minute."""
    now = int(time.time())
    minute, passed = divmod(now, 60)
    used = counts.get((principal.user_id, minute), 0) + 1
    if used == 1:
        for old in [key for key in counts if key[1] != minute]:
            del counts[old]
    counts[principal.user_id, minute] = used
    allowance = Allowance(
        limit=READS_A_MINUTE, remaining=max(0, READS_A_MINUTE - used), reset=60 - passed
    )
    if used > READS_A_MINUTE:
        headers = {**allowance.headers(), "retry-after": str(allowance.reset)}
        raise HTTPException(429, "Too many requests.", headers)
    return allowance


@app.get("/api/v1/market-data/{symbol}", response_model=Envelope)
async def market_data(
    symbol: Annotated[str, Path(min_length=1, max_length=80)],
    allowance: Annotated[Allowance, Depends(counted)],
    env: Env,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Return the newest price of an asset, with every source and its age."""
    key = f"cache:market_data:{symbol}"
    body = await env.KV.get(key)
    if body is None:
        body = (await quote(env, symbol)).model_dump_json()
        wait_until(env.KV.put(key, body, expirationTtl=CACHE_SECONDS))
    etag = f'"{hashlib.blake2b(body.encode(), digest_size=12).hexdigest()}"'
    headers = {
        **allowance.headers(),
        "etag": etag,
        "cache-control": f"private, max-age={CACHE_SECONDS}",
        "x-content-type-options": "nosniff",
        "x-request-id": uuid4().hex,
    }
    if if_none_match == etag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


async def quote(env: Env, symbol: str) -> Envelope:
    """Return the answer from the database. Raises HTTPException 404."""
    found = await env.DB.prepare(LATEST).bind(symbol.upper(), symbol.lower()).all()
    rows = [Row(**row) for row in found["results"]]
    if not rows:
        raise HTTPException(404, f"No asset with the symbol or id {symbol!r} is collected.")
    now, best = datetime.now(UTC), rows[0]

    def age(row: Row) -> int:
        return int((now - row.observed_at).total_seconds())

    shown = [
        SourcePrice(**row.model_dump(), age_seconds=age(row)) for row in reversed(rows) if row.shown
    ]
    data = Quote(
        **best.model_dump(),
        age_seconds=age(best),
        tick=best.timestamp,
        consensus=best.inputs,
        sources=shown,
    )
    return Envelope(data=data, meta=Meta(generated_at=now, origin=env.DATA_ORIGIN))
