// The market data route as Hono is used on JavaScript Workers, for the record.
//
// The same as the API Worker: rows, database, address, checks of the key, a
// limit a minute with the same headers, one statement of D1 on a miss, the
// envelope, ETag and 304. Differently: KV before the database, as such
// projects do, and limits counted in this isolate only.
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";

const CACHE_SECONDS = 300;
const LEASE_SECONDS = 30;
const MOST_LEASES = 10_000;
const READS_A_MINUTE = 120_000;

const FIND_KEY = `
SELECT k.secret_hash, k.user_id, u.role FROM api_keys k JOIN users u USING (user_id)
WHERE k.key_id = ?1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > ?2)
  AND u.disabled_at IS NULL`;
// Every row of the newest minute, the price first: one statement for a miss.
const LATEST = `
WITH wanted AS (
  SELECT asset_no, name FROM assets WHERE asset_id = ?2 OR symbol = ?1
  ORDER BY asset_id = ?2 DESC, asset_no LIMIT 1
), newest AS (
  SELECT w.name, (SELECT max(id) FROM market_data
    WHERE id BETWEEN w.asset_no << 31 AND (w.asset_no << 31) | 2147483647) AS id FROM wanted w
)
SELECT m.*, n.name, s.attribution, s.attribution_url, s.redistributable AND s.shared AS shown
FROM newest n JOIN market_data m ON m.id BETWEEN n.id & ~31 AND n.id
LEFT JOIN sources s ON s.source = m.source ORDER BY m.id DESC`;

const leases = new Map();
const counts = new Map();
const text = new TextEncoder();
const app = new Hono();

const hex = (buffer) => [...new Uint8Array(buffer)].map((b) => b.toString(16).padStart(2, "0")).join("");
const iso = (seconds) => new Date(seconds * 1000).toISOString().replace(".000", "");

async function hashed(pepper, secret) {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", text.encode(pepper), algorithm, false, ["sign"]);
  return hex(await crypto.subtle.sign("HMAC", key, text.encode(secret)));
}

function same(one, other) {
  const [a, b] = [text.encode(one), text.encode(other)];
  return a.byteLength === b.byteLength && crypto.subtle.timingSafeEqual(a, b);
}

async function authenticated(c, next) {
  const [scheme, key = ""] = (c.req.header("authorization") ?? "").split(" ");
  const now = Date.now() / 1000;
  let lease = leases.get(key);
  if (lease === undefined || lease.expires <= now) {
    const parts = key.split("_");
    const refused = new HTTPException(401, { message: "This API key is unknown, revoked or expired." });
    if (scheme.toLowerCase() !== "bearer" || parts.length !== 4 || key.length > 200) throw refused;
    const row = await c.env.DB.prepare(FIND_KEY).bind(parts[2], Math.floor(now)).first();
    if (row === null || !same(row.secret_hash, await hashed(c.env.API_KEY_PEPPER, parts[3]))) throw refused;
    lease = { expires: now + LEASE_SECONDS, user: row.user_id };
    if (leases.size >= MOST_LEASES) leases.clear();
    leases.set(key, lease);
  }
  c.set("user", lease.user);
  await next();
}

async function counted(c, next) {
  const now = Math.floor(Date.now() / 1000);
  const minute = Math.floor(now / 60);
  let count = counts.get(c.get("user"));
  if (count === undefined || count.minute !== minute) {
    count = { minute, used: 0 };
    counts.set(c.get("user"), count);
  }
  count.used += 1;
  const reset = String(60 - (now % 60));
  c.header("RateLimit-Limit", String(READS_A_MINUTE));
  c.header("RateLimit-Remaining", String(Math.max(0, READS_A_MINUTE - count.used)));
  c.header("RateLimit-Reset", reset);
  if (count.used > READS_A_MINUTE) {
    c.header("Retry-After", reset);
    return c.json({ detail: "Too many requests." }, 429);
  }
  await next();
}

async function quote(env, symbol) {
  const { results } = await env.DB.prepare(LATEST).bind(symbol.toUpperCase(), symbol.toLowerCase()).all();
  if (results.length === 0) {
    throw new HTTPException(404, { message: `No asset with the symbol or id ${symbol} is collected.` });
  }
  const now = Math.floor(Date.now() / 1000);
  const best = results[0];
  const said = (row) => ({
    source: row.source,
    price: row.price,
    volume_24h: row.volume_24h,
    market_cap: row.market_cap,
    observed_at: iso(row.observed_at),
    age_seconds: now - row.observed_at,
  });
  const data = {
    asset_id: best.asset_id,
    symbol: best.symbol,
    name: best.name,
    ...said(best),
    currency: "USD",
    tick: iso(best.timestamp),
    consensus: best.inputs === null ? null : JSON.parse(best.inputs),
    sources: results.filter((row) => row.shown).reverse().map((row) => ({
      ...said(row),
      attribution: row.attribution,
      attribution_url: row.attribution_url,
    })),
  };
  return { data, meta: { generated_at: iso(now), origin: env.DATA_ORIGIN } };
}

app.get("/api/v1/market-data/:symbol", authenticated, counted, async (c) => {
  const symbol = c.req.param("symbol");
  const key = `cache:market_data:${symbol}`;
  let body = await c.env.KV.get(key);
  if (body === null) {
    body = JSON.stringify(await quote(c.env, symbol));
    c.executionCtx.waitUntil(c.env.KV.put(key, body, { expirationTtl: CACHE_SECONDS }));
  }
  const etag = `"${hex(await crypto.subtle.digest("SHA-256", text.encode(body))).slice(0, 24)}"`;
  c.header("ETag", etag);
  c.header("Cache-Control", `private, max-age=${CACHE_SECONDS}`);
  c.header("X-Content-Type-Options", "nosniff");
  c.header("X-Request-Id", crypto.randomUUID());
  if (c.req.header("if-none-match") === etag) return c.body(null, 304);
  return c.body(body, 200, { "Content-Type": "application/json" });
});

export default app;
