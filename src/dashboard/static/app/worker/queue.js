/**
 * Changes that a reader made without a network, sent in their order once there is one: under the
 * session as it is then, each with the key that it was given when it was made. What the server
 * refuses is not tried again; the reader is told which it was, and why.
 */
/* exported enqueue, sendQueued, tellQueue, token */
/* global become, put, reader, removeRow, removeRows, rows, tell */

const MOST_WAITING = 200;

/** @type {Promise<void> | null} */
let sending = null;

/** @param {{method: string, path: string, body?: object, label: string}} change */
async function enqueue({ method, path, body, label }) {
  const { key, user } = await reader();
  if (!user) throw new Error("nobody is signed in");
  if ((await rows("queue")).length >= MOST_WAITING) throw new Error("too much waits already");
  const row = { key: crypto.randomUUID(), reader: key, method, path, body, label, at: new Date().toISOString() };
  await put("queue", row);
  await self.registration.sync?.register("queue").catch(() => {});
  await tellQueue();
}

/** Tells pages what waits and, once, what was refused. */
async function tellQueue(sent = false) {
  const refused = await rows("refused");
  const waiting = (await rows("queue")).length;
  if ((await self.clients.matchAll({ type: "window" })).length > 0) await removeRows("refused");
  await tell({ type: "queue", waiting, refused, sent });
}

/** @param {{last?: boolean}} [how] */
function sendQueued({ last = false } = {}) {
  sending ??= send()
    .then((left) => {
      // A sync event that fails is fired again by the browser, later each time.
      if (left > 0 && !last) throw new Error(`${left} changes wait`);
    })
    .finally(() => {
      sending = null;
    });
  return sending;
}

/** @returns {Promise<number>} how many still wait */
async function send() {
  const waiting = await rows("queue");
  if (waiting.length === 0) return 0;
  let csrf = await token();
  while (csrf !== null && waiting.length > 0) {
    const one = waiting[0];
    if (one.reader !== (await reader()).key) {
      await removeRow("queue", one.place); // of somebody who is no longer signed in here
      waiting.shift();
      continue;
    }
    let answer = await ask(one, csrf);
    if (answer?.status === 403 && (await kindOf(answer)) === "csrf") {
      csrf = await token();
      answer = csrf === null ? null : await ask(one, csrf);
    }
    if (!answer || answer.status === 401 || answer.status === 429 || answer.status >= 500) break;
    if (!answer.ok) await refuse(one, answer);
    await removeRow("queue", one.place);
    waiting.shift();
  }
  await tellQueue(true);
  return waiting.length;
}

/** @returns {Promise<string | null>} the session's token, null while nobody can be asked */
async function token() {
  try {
    const answer = await fetch("/session", { cache: "no-store", headers: { Accept: "application/json" } });
    if (!answer.ok) return null;
    const { data } = await answer.json();
    await become(data.user ?? null);
    return data.user ? (data.csrf ?? "") : null;
  } catch {
    return null;
  }
}

/**
 * @param {any} one
 * @param {string} csrf
 * @returns {Promise<Response | null>} null when nothing answers
 */
function ask(one, csrf) {
  return fetch(one.path, {
    method: one.method,
    headers: {
      Accept: "application/json",
      "X-Requested-With": "cryptointel",
      "Idempotency-Key": one.key,
      ...(csrf && { "X-CSRF-Token": csrf }),
      ...(one.body && { "Content-Type": "application/json" }),
    },
    body: one.body ? JSON.stringify(one.body) : undefined,
  }).catch(() => null);
}

/** @param {Response} answer */
async function kindOf(answer) {
  const body = await answer.clone().json().catch(() => null);
  return String(body?.type ?? "").split("/").at(-1);
}

/**
 * @param {any} one
 * @param {Response} answer
 */
async function refuse(one, answer) {
  // What was to be removed is gone already: that is what was wanted.
  if (one.method === "DELETE" && answer.status === 404) return;
  const body = await answer.json().catch(() => null);
  const why = body?.detail ?? body?.title ?? `The server answered with status ${answer.status}.`;
  await put("refused", { label: one.label, why: String(why), at: one.at });
}
