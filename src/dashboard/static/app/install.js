/**
 * Installing the app: the browser offers it (Chromium), or the reader does it from the browser's own
 * menu (Safari on iPhone and iPad, where notifications need it).
 */

/** @type {any} the browser's offer, until it is used */
let offer = null;

/** Keeps the browser's offer for where the page makes it. Tells `installchange` of the window. */
export function startInstall() {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offer = event;
    dispatchEvent(new Event("installchange"));
  });
  addEventListener("appinstalled", () => {
    offer = null;
    dispatchEvent(new Event("installchange"));
  });
}

/** @returns {"installed" | "offered" | "by-hand" | "none"} */
export function installState() {
  const alone = matchMedia("(display-mode: standalone)").matches;
  if (alone || /** @type {any} */ (navigator).standalone === true) return "installed";
  if (offer) return "offered";
  return isApple() ? "by-hand" : "none";
}

/** @returns {Promise<boolean>} whether the reader took the offer */
export async function install() {
  const asked = offer;
  if (!asked) return false;
  offer = null;
  asked.prompt();
  const { outcome } = await asked.userChoice;
  dispatchEvent(new Event("installchange"));
  return outcome === "accepted";
}

/** An iPhone or iPad; the latter says it is a Mac, but has a touch screen. */
export function isApple() {
  const { userAgent, maxTouchPoints } = navigator;
  return /iPhone|iPad/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
}
