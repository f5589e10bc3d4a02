/**
 * The app without a network, as its pages see it: the service worker (sw.js) is installed and kept
 * current, changes that cannot be sent wait there, and what was opened from a notification is read.
 */
import { ApiError, change } from "./api.js";
import { showAppNotice } from "./parts/app-notice.js";
import { navigate, setQuery } from "./router.js";
import { store } from "./store.js";
import { countOnIcon } from "./badge.js";

const UPDATE_EVERY_MS = 60 * 60 * 1000;
const WORKER_MS = 5_000;
const KEPT = /^\/api\/v1\//;

/** @type {ServiceWorkerRegistration | null} */
let registration = null;
let waiting = 0;
let wanted = false; // whether the reader asked for the new release

/** Starts what pages need of the service worker; nothing where the browser has none. */
export async function startOffline() {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  const first = serviceWorker.controller === null;
  serviceWorker.addEventListener("message", ({ data }) => receive(data));
  serviceWorker.addEventListener("controllerchange", () => {
    if (wanted) location.reload();
    else if (first) keepWhatIsShown();
  });
  serviceWorker.startMessages();
  try {
    registration = await serviceWorker.register("/sw.js", { updateViaCache: "none" });
  } catch {
    return; // a private window, or a browser that forbids it: everything works with a network
  }
  if (!registration) return; // blocked without a word, as automated browsers do
  offerNewRelease(registration);
  const flush = () => navigator.onLine && post({ type: "flush" });
  addEventListener("online", flush);
  store.on("connection", () => store.connection === "live" && waiting > 0 && flush());
  store.on("user", () => {
    if (!store.user) return;
    flush();
    post({ type: "keep", addresses: ["/api/v1/dashboard/watchlists"] });
    readFromNotification();
    readOnSignals();
    countOnIcon();
  });
  addEventListener("sectionchange", readFromNotification);
  addEventListener("pagechange", readOnSignals);
  document.addEventListener("visibilitychange", () => document.hidden || countOnIcon());
  post({ type: "queue" });
}

/**
 * Changes something now or, without a network, as soon as there is one. For changes that may be made
 * twice and on an older state: what is refused later is told then, by its `label`.
 *
 * @param {"POST" | "PUT" | "PATCH" | "DELETE"} method
 * @param {string} path
 * @param {object | undefined} body
 * @param {string} label what the change is, for the reader: "Remove BTC from Majors"
 * @returns {Promise<{queued: boolean, data?: any}>}
 * @throws {ApiError}
 */
export async function queued(method, path, body, label) {
  // Behind others that wait it has to wait too: their order is what the reader did.
  if (waiting === 0 || navigator.onLine) {
    try {
      return { queued: false, data: await change(method, path, body) };
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 0) throw error;
      if (!navigator.serviceWorker?.controller) throw error;
    }
  }
  const { done } = await ask({ type: "enqueue", change: { method, path, body, label } });
  if (!done) throw new ApiError(0, "You are offline, and this could not be noted for later.");
  return { queued: true };
}

/** @param {ServiceWorkerRegistration} known */
function offerNewRelease(known) {
  const offer = (/** @type {ServiceWorker} */ worker) =>
    showAppNotice("release", {
      text: "A new version is ready.",
      action: {
        label: "Reload",
        run: () => {
          wanted = true;
          worker.postMessage({ type: "take-over" });
        },
      },
    });
  if (known.waiting && navigator.serviceWorker.controller) offer(known.waiting);
  known.addEventListener("updatefound", () => {
    const worker = known.installing;
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed" && navigator.serviceWorker.controller) offer(worker);
    });
  });
  setInterval(() => document.hidden || known.update().catch(() => {}), UPDATE_EVERY_MS);
}

/** What was loaded before there was a service worker is to be there without a network, too. */
function keepWhatIsShown() {
  const addresses = performance
    .getEntriesByType("resource")
    .map(({ name }) => name)
    .filter((name) => KEPT.test(new URL(name).pathname));
  post({ type: "keep", addresses: [...new Set(addresses)] });
}

/** @param {any} message of the service worker */
function receive(message) {
  if (message?.type === "open") navigate(message.url);
  if (message?.type === "queue") showQueue(message);
  if (message?.type === "kept") store.setConnection("offline"); // the stream tells when it is back
}

/** @param {{waiting: number, refused: {label: string, why: string}[], sent: boolean}} told */
function showQueue({ waiting: count, refused, sent }) {
  const before = waiting;
  waiting = count;
  const many = count === 1 ? "1 change waits" : `${count} changes wait`;
  showAppNotice("queue", count > 0 ? { text: `${many} for a connection.`, icon: "clock" } : null);
  if (sent && before > count) dispatchEvent(new Event("queuesent"));
  for (const { label, why } of refused) {
    showAppNotice(`refused:${label}`, { text: `${label} was not done: ${why}`, icon: "source_trouble", wrong: true });
  }
}

/** Marks as read what a notification led to (sw.js adds its signals to the address). */
function readFromNotification() {
  if (!store.user) return;
  const read = new URLSearchParams(location.search).get("read");
  if (read === null) return;
  setQuery({ read: null });
  markRead(read.split(","));
}

/** The page of signals shows all that a reader was notified of. */
function readOnSignals() {
  const notified = "Notification" in window && Notification.permission === "granted";
  if (store.user && notified && location.pathname === "/signals") markRead();
}

/**
 * @param {string[]} [signals] all when left out
 */
export async function markRead(signals) {
  try {
    await queued("POST", "/api/v1/push/read", signals ? { signal_ids: signals } : {}, "Mark signals as read");
  } catch {
    return; // they stay unread
  }
  countOnIcon();
}

/** @param {object} message */
function post(message) {
  registration?.active?.postMessage(message);
}

/**
 * @param {object} message
 * @returns {Promise<{done: boolean}>}
 */
function ask(message) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    setTimeout(() => resolve({ done: false }), WORKER_MS);
    navigator.serviceWorker.controller?.postMessage(message, [port2]);
  });
}
