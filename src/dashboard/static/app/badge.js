import { get } from "./api.js";
import { store } from "./store.js";

/** Shows on the app's icon how many signals the reader was notified of and has not read. */
export async function countOnIcon() {
  if (!("setAppBadge" in navigator) || !store.user) return;
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const state = await get("/api/v1/push").catch(() => null);
  if (!state?.preferences.badges) return;
  const done = state.unread > 0 ? navigator.setAppBadge(state.unread) : navigator.clearAppBadge();
  await done.catch(() => {});
}
