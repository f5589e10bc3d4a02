/**
 * The service worker: the app without a network, and its notifications.
 *
 * It holds the modules of one release and hands them to pages that cannot reach the server. Pages,
 * styles and answers come from the network first, so that nothing is older than it has to be. A newer
 * release waits until the reader wants it or has closed all pages. What it does is in
 * app/worker/*.js: kept.js (answers), queue.js (changes that wait), notifications.js (Web Push).
 */
/* global enqueue, keepShown, keptAnswer, noteSession, openPushed, sendQueued, showPush, tellQueue */

/** @type {{release: string, files: string[]} | null} what the build of the site fills in */
const RELEASE = /*RELEASE*/ null;
const SHELL = `shell:${RELEASE?.release ?? "none"}`;
const BELOW = RELEASE ? `/r/${RELEASE.release}` : "";
const BESIDE = ["/manifest.webmanifest", "/favicon.svg", "/icons/icon-192.png"];
/** Longer than this nobody waits for a page that is here already. */
const NAVIGATION_MS = 4000;
/** What is not the app's own page: answers of programs, and documents with a policy of their own. */
const NOT_OURS = /^\/(?:api|session|live|health|docs|openapi|mcp|r|icons)(?:[/.]|$)|^\/(?:notebook|challenge|oauth)\b/;

importScripts(
  `${BELOW}/app/worker/storage.js`,
  `${BELOW}/app/worker/kept.js`,
  `${BELOW}/app/worker/queue.js`,
  `${BELOW}/app/worker/notifications.js`,
);

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const shell = await caches.open(SHELL);
      await shell.addAll([...BESIDE, ...(RELEASE?.files ?? ["/"])]);
      // The first one serves at once; a later one waits (see "message").
      if (!self.registration.active) await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const old = (await caches.keys()).filter((name) => name.startsWith("shell:") && name !== SHELL);
      await Promise.all(old.map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (url.pathname === "/session" || url.pathname.startsWith("/session/")) {
    event.respondWith(noteSession(event));
  } else if (request.method !== "GET") {
    return;
  } else if (url.pathname.startsWith("/api/")) {
    const answer = keptAnswer(event, url);
    if (answer) event.respondWith(answer);
  } else if (request.mode === "navigate") {
    if (!NOT_OURS.test(url.pathname)) event.respondWith(page(request));
  } else if (url.pathname.startsWith("/r/") || BESIDE.includes(url.pathname)) {
    event.respondWith(file(request));
  }
});

/**
 * A page: the newest one, or the one of this release without a network. All pages are one document.
 *
 * @param {Request} request
 */
async function page(request) {
  const kept = await caches.match("/", { cacheName: SHELL });
  if (!kept) return fetch(request);
  const patience = new Promise((_, late) => setTimeout(late, NAVIGATION_MS));
  try {
    const answer = await Promise.race([fetch(request), patience]);
    return answer.status < 500 ? answer : kept;
  } catch {
    return kept;
  }
}

/**
 * A file that is named by its release never changes: what is here is as good as the server's.
 *
 * @param {Request} request
 */
async function file(request) {
  return (await caches.match(request)) ?? fetch(request);
}

self.addEventListener("message", (event) => {
  const { type, ...told } = event.data ?? {};
  const work = {
    "take-over": () => self.skipWaiting(),
    enqueue: () => enqueue(told.change),
    flush: () => sendQueued({ last: true }),
    queue: () => tellQueue(),
    keep: () => keepShown(told.addresses ?? []),
  }[type];
  if (!work) return;
  const answer = (/** @type {object} */ what) => event.ports[0]?.postMessage(what);
  event.waitUntil(
    work().then(
      () => answer({ done: true }),
      (/** @type {unknown} */ error) => answer({ done: false, why: String(error) }),
    ),
  );
});

self.addEventListener("sync", (event) => {
  if (event.tag === "queue") event.waitUntil(sendQueued({ last: event.lastChance }));
});

self.addEventListener("push", (event) => event.waitUntil(showPush(event.data)));
self.addEventListener("notificationclick", (event) => event.waitUntil(openPushed(event)));
