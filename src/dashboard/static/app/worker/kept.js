/**
 * The last answers of views, for when there is no network: of each reader apart, bounded, and gone
 * when he signs out. What an answer says of sessions, keys or other people is never kept.
 */
/* exported become, keepShown, keptAnswer, noteSession, reader */
/* global remember, remembered, removeRows, tell, token */

const KEPT = "kept:"; // and whose
const GUEST = "guest";
const MOST_ANSWERS = 80;
const MOST_BYTES = 12_000_000;
const MOST_OF_ONE = 4_000_000;
const OLDEST_MS = 14 * 86_400_000;
const READABLE = /^\/api\/v1\/(?:dashboard\/|watchlists(?:\/|$)|alert-rules$|reports(?:\/|$)|push$)/;
const PRIVATE = /^\/api\/v1\/dashboard\/(?:admin|system)/; // of other people

/** @typedef {{key: string | null, user: any}} Reader `key` is null until somebody was asked for */

/** @type {Promise<Reader> | null} */
let known = null;

/** @returns {Promise<Reader>} who was signed in when it was asked last */
function reader() {
  known ??= remembered("reader").then((who) => who ?? { key: null, user: null });
  return known;
}

/**
 * Lets a request about the session through, and learns from it who is signed in. Without a network a
 * page is told who it was: a name and a role, with which nothing can be asked for.
 *
 * @param {any} event
 */
async function noteSession(event) {
  const { request } = event;
  const own = new URL(request.url).pathname === "/session";
  const ends = own && request.method === "DELETE";
  try {
    const answer = await fetch(request);
    if (ends || (own && request.method === "GET" && answer.ok)) {
      const told = ends ? null : await answer.clone().json().catch(() => undefined);
      // Before the page has the answer: nothing of the one before may be given to the next.
      if (told !== undefined) await become(told?.data?.user ?? null);
    }
    if (ends) await leave();
    return answer;
  } catch (error) {
    if (ends) {
      await become(null);
      await leave();
    }
    const { user } = await reader();
    if (!own || request.method !== "GET" || !user) throw error;
    return Response.json({ data: { user, csrf: null }, meta: {} }, { headers: { "X-Kept-At": new Date().toISOString() } });
  }
}

/**
 * Notes who is signed in. A session that has run out ends what is kept to be read, but neither
 * notifications nor what waits: both are for who signs in again, and end when that is another.
 *
 * @param {any} user
 */
async function become(user) {
  const key = user ? await digest(`${user.user_id ?? ""}|${user.email}`) : GUEST;
  const before = await reader();
  // Known first: an answer that is being stored for the one before sees it, and goes.
  known = Promise.resolve({ key, user });
  await remember("reader", { key, user });
  // Of visitors, too: what came before it was known who asks may be his.
  await forgetKept(before.key === key ? key : null);
  const last = await remembered("last");
  if (user && last !== key) {
    if (last) await leave();
    await remember("last", key);
  }
}

/** Removes what is kept of everybody else. @param {string | null} key */
async function forgetKept(key) {
  const names = (await caches.keys()).filter((name) => name.startsWith(KEPT) && name !== KEPT + key);
  await Promise.all(names.map((name) => caches.delete(name)));
}

/** Drops what waits, and ends notifications here: their push service then says that we are gone. */
async function leave() {
  await remember("last", null);
  await removeRows("queue");
  await removeRows("refused");
  await tell({ type: "queue", waiting: 0, refused: [] });
  await self.navigator.clearAppBadge?.().catch(() => {});
  for (const one of await self.registration.getNotifications()) one.close();
  const subscription = await self.registration.pushManager?.getSubscription().catch(() => null);
  await subscription?.unsubscribe().catch(() => {});
}

/**
 * @param {any} event
 * @param {URL} url
 * @returns {Promise<Response> | null} null for what is none of ours to keep
 */
function keptAnswer(event, url) {
  if (!isReadable(url)) return null;
  return answer(event);
}

/** @param {URL} url */
function isReadable(url) {
  return READABLE.test(url.pathname) && !PRIVATE.test(url.pathname);
}

/** @param {any} event */
async function answer(event) {
  const { request } = event;
  const asking = await reader();
  try {
    const found = await fetch(request);
    if (found.status === 200 && asking.key) {
      event.waitUntil(keep(request.url, found.clone(), asking.key));
    }
    return found;
  } catch (error) {
    if (error?.name === "AbortError") throw error;
    const kept = await caches.match(request.url, { cacheName: KEPT + asking.key });
    const since = Date.now() - Date.parse(kept?.headers.get("X-Kept-At") ?? "");
    if (!kept || !(since < OLDEST_MS)) throw error;
    event.waitUntil(tell({ type: "kept" }));
    return kept;
  }
}

/**
 * @param {string} address
 * @param {Response} found
 * @param {string} key whose it is
 */
async function keep(address, found, key) {
  if (!found.headers.get("content-type")?.startsWith("application/json")) return;
  const body = await found.blob();
  if (body.size > MOST_OF_ONE || (await reader()).key !== key) return;
  const headers = {
    "Content-Type": "application/json",
    "X-Kept-At": new Date().toISOString(),
    "X-Kept-Bytes": String(body.size),
  };
  const cache = await caches.open(KEPT + key);
  await cache.delete(address); // so that the newest stand last
  await cache.put(address, new Response(body, { headers }));
  await bound(cache);
  // Somebody else may have come while this was stored.
  if ((await reader()).key !== key) await caches.delete(KEPT + key);
}

/** Removes the oldest answers while there are too many. @param {Cache} cache */
async function bound(cache) {
  const addresses = await cache.keys();
  let bytes = 0;
  for (const [place, address] of addresses.reverse().entries()) {
    const one = await cache.match(address);
    bytes += Number(one?.headers.get("X-Kept-Bytes") ?? 0);
    if (place >= MOST_ANSWERS || bytes > MOST_BYTES) await cache.delete(address);
  }
}

/**
 * Keeps what a page has shown before there was a service worker to see it.
 *
 * @param {string[]} addresses
 */
async function keepShown(addresses) {
  await token(); // which learns who is signed in
  const { key } = await reader();
  if (!key) return;
  for (const address of addresses.slice(0, MOST_ANSWERS)) {
    const url = new URL(address, location.origin);
    if (url.origin !== location.origin || !isReadable(url)) continue;
    const found = await fetch(url, { headers: { Accept: "application/json" } }).catch(() => null);
    if (found?.status === 200) await keep(url.href, found, key);
  }
}

/** @param {string} text */
async function digest(text) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 32);
}
