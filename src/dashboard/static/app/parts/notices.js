import { h } from "../dom.js";
import { formatAge, isStale, parseTime } from "../format.js";
import { icon } from "../icons.js";
import { store } from "../store.js";

/**
 * @param {{title: string, text: string, action?: {label: string, run: () => void}}} content
 * @returns {HTMLElement} a quiet block for "nothing here", "failed" and "not found"
 */
export function emptyState({ title, text, action }) {
  return h(
    "div",
    { class: "empty-state" },
    h("p", { class: "empty-title" }, title),
    h("p", { class: "empty-text" }, text),
    action &&
      h("button", { class: "button", type: "button", on: { click: action.run } }, action.label),
  );
}

/**
 * A bar above the page while what it shows is old or cannot be renewed.
 *
 * @param {AbortSignal} lifetime
 * @returns {HTMLElement}
 */
export function freshnessNotice(lifetime) {
  const text = h("span", {});
  const notice = h("p", { class: "notice notice-stale", hidden: true }, icon("clock"), text);
  const update = () => {
    const told = store.status === "ready" ? freshnessText() : "";
    notice.hidden = told === "";
    text.textContent = told;
  };
  for (const event of ["overview", "overview-failed", "tick", "connection"]) {
    store.on(event, update, lifetime);
  }
  addEventListener("clock", update, { signal: lifetime });
  update();
  return notice;
}

/** @returns {string} empty when all is fresh */
function freshnessText() {
  const tick = parseTime(store.tick);
  const since = tick ? ` Last data ${formatAge(tick)}.` : "";
  if (store.connection === "offline") {
    const reason = navigator.onLine ? "CryptoIntel cannot be reached." : "You are offline.";
    return `${reason} Prices and signals do not update.${since}`;
  }
  if (tick && isStale(tick))
    return `No new data arrives.${since} Prices are shown as they were then.`;
  return "";
}
