import { signOut } from "./api.js";
import { showAppNotice } from "./parts/app-notice.js";
import { store } from "./store.js";

const LATER = "sign-out-later";

/** Notes that the reader wants to be signed out, when the server could not be told. */
export function signOutLater() {
  localStorage.setItem(LATER, "yes");
}

/** Signs out whoever wanted it before, now and whenever there is a network again. */
export async function finishLeaving() {
  addEventListener("online", leave);
  await leave();
}

async function leave() {
  if (localStorage.getItem(LATER) === null) return;
  try {
    await signOut();
  } catch {
    return; // it stays noted
  }
  localStorage.removeItem(LATER);
  showAppNotice("signout", null);
  await store.loadUser();
}
