/** This browser and Web Push: whether it can, whether it does, and saying so to the server. */
import { change } from "./api.js";
import { isApple, installState } from "./install.js";

const WORKER_MS = 10_000;

/** @returns {"possible" | "install-first" | "denied" | "impossible"} */
export function pushState() {
  if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) {
    return isApple() && installState() !== "installed" ? "install-first" : "impossible";
  }
  return Notification.permission === "denied" ? "denied" : "possible";
}

/** @returns {Promise<PushSubscription | null>} how this browser is reached now */
export async function subscription() {
  if (pushState() !== "possible") return null;
  const registration = await navigator.serviceWorker.getRegistration("/");
  return (await registration?.pushManager.getSubscription()) ?? null;
}

/**
 * Asks the reader for leave, the browser for an address, and the server to use it.
 *
 * @param {string} publicKey
 * @returns {Promise<any>} the device as the server knows it
 * @throws {Error} whose text says what to do
 */
export async function subscribe(publicKey) {
  if ((await Notification.requestPermission()) !== "granted") {
    throw new Error("The browser does not allow notifications of this site. Allow them in its settings.");
  }
  const registration = await soon(navigator.serviceWorker.ready);
  const wanted = { userVisibleOnly: true, applicationServerKey: bytes(publicKey) };
  let made;
  try {
    made = await registration.pushManager.subscribe(wanted);
  } catch {
    // An address that was made with another key of the server's is in the way.
    await (await registration.pushManager.getSubscription())?.unsubscribe();
    made = await registration.pushManager.subscribe(wanted).catch(() => {
      throw new Error("The browser's push service cannot be reached, or it has none.");
    });
  }
  const { endpoint, keys } = made.toJSON();
  return change("POST", "/api/v1/push/subscriptions", {
    endpoint,
    p256dh: keys?.p256dh,
    auth: keys?.auth,
    device: deviceName(),
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC",
  });
}

/** @returns {Promise<void>} ends it on this browser; the server is told by removing the device */
export async function unsubscribe() {
  await (await subscription())?.unsubscribe();
}

/** @returns {string} what the reader knows this browser by */
export function deviceName() {
  const { userAgent } = navigator;
  const browsers = [
    ["Edg/", "Edge"], ["OPR/", "Opera"], ["SamsungBrowser", "Samsung Internet"],
    ["Firefox", "Firefox"], ["FxiOS", "Firefox"], ["CriOS", "Chrome"], ["Chrome", "Chrome"], ["Safari", "Safari"],
  ];
  const systems = [
    ["iPhone", "iPhone"], ["iPad", "iPad"], ["Android", "Android"], ["Windows", "Windows"],
    ["CrOS", "ChromeOS"], ["Macintosh", "Mac"], ["Linux", "Linux"],
  ];
  const named = (/** @type {string[][]} */ list) => list.find(([sign]) => userAgent.includes(sign))?.[1];
  return `${named(browsers) ?? "A browser"} on ${named(systems) ?? "a device"}`;
}

/** @param {string} text base64url */
function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
function soon(promise) {
  const late = new Promise((_, reject) =>
    setTimeout(() => reject(new Error("The app is still being set up. Try again in a moment.")), WORKER_MS),
  );
  return /** @type {Promise<T>} */ (Promise.race([promise, late]));
}
