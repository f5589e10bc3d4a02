/**
 * Web Push: shows what was sent (signals/delivery/push_text.py says what that is), counts what was not
 * read on the app's icon, and opens what a click asks for.
 */
/* exported openPushed, showPush */

const ICON = "/icons/icon-192.png";
const BADGE = "/icons/badge-96.png";

/** @param {PushMessageData | null} data */
async function showPush(data) {
  const told = read(data);
  if (Number.isInteger(told.badge)) await badge(told.badge);
  await self.registration.showNotification(told.title, {
    body: told.body,
    tag: told.tag, // the same again replaces what is shown
    icon: ICON,
    badge: BADGE,
    timestamp: Date.parse(told.at ?? "") || undefined,
    data: { url: told.url, signals: told.signal_ids ?? [], kind: told.kind },
  });
}

/** @param {PushMessageData | null} data */
function read(data) {
  try {
    const told = data?.json();
    if (typeof told?.title === "string") return told;
  } catch {
    // A browser withdraws a subscription whose pushes show nothing.
  }
  return { title: "CryptoIntel", body: "There is news.", tag: "unreadable", url: "/signals" };
}

/** @param {number} count */
async function badge(count) {
  const { navigator } = self;
  const done = count > 0 ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.();
  await done?.catch(() => {});
}

/** @param {any} event */
async function openPushed(event) {
  const { notification } = event;
  notification.close();
  const { url = "/", signals = [] } = notification.data ?? {};
  const address = new URL(url, location.origin);
  if (address.origin !== location.origin) return;
  // The page marks it as read: it has the session's token (offline.js).
  if (signals.length > 0) address.searchParams.set("read", signals.join(","));
  const pages = await self.clients.matchAll({ type: "window" });
  const open = pages.find((one) => one.focused) ?? pages[0];
  if (!open) {
    await self.clients.openWindow(address.href);
    return;
  }
  await open.focus().catch(() => {});
  open.postMessage({ type: "open", url: address.pathname + address.search });
}
