import { h } from "../dom.js";
import { store } from "../store.js";
import { eventList } from "./event-list.js";
import { mutes } from "./mutes.js";
import { emptyState } from "./notices.js";

const EVENTS = 8;

/**
 * The newest events, each with its reason in one sentence and how far to believe it.
 *
 * @param {AbortSignal} lifetime
 * @returns {HTMLElement}
 */
export function freshSignals(lifetime) {
  const events = eventList();
  const nothing = h("div", {});
  const show = () => {
    if (store.status !== "ready") return;
    const shown = newestEvents();
    events.show(shown);
    nothing.replaceChildren(
      ...(shown.length
        ? []
        : [
            emptyState({
              title: "No signals",
              text: "Nothing unusual was measured. Signals appear here the moment they fire.",
            }),
          ]),
    );
  };
  for (const event of ["overview", "ended"]) store.on(event, show, lifetime);
  store.on(
    "signal",
    (signal) => {
      show();
      events.markFresh(signal.id);
    },
    lifetime,
  );
  mutes.addEventListener("change", show, { signal: lifetime });
  show();
  return h("div", { class: "fresh-frame" }, events.element, nothing);
}

/** @returns {import("../types.js").Signal[]} all signals of the newest events */
function newestEvents() {
  /** @type {Set<string>} */
  const events = new Set();
  return store.signals.filter((signal) => {
    if (mutes.hides(signal)) return false;
    const event = signal.event_id ?? signal.id;
    if (events.size < EVENTS) events.add(event);
    return events.has(event);
  });
}
