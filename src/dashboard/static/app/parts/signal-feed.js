import { h } from "../dom.js";
import { store } from "../store.js";
import { choiceGroup } from "./choice-group.js";
import { eventList } from "./event-list.js";
import { emptyState } from "./notices.js";
import { SIGNAL_TYPES, typeShortLabel } from "./signal-types.js";

const SKELETON_CARDS = 5;
const SIGNALS_SHOWN = 100;

/** Outlives the page, like the table's view. */
let shownType = "all";

/**
 * Signals as they fire, newest first.
 *
 * @param {AbortSignal} lifetime
 * @returns {HTMLElement}
 */
export function signalFeed(lifetime) {
  const events = eventList();
  const list = events.element;
  const nothing = h("div", {});

  const show = () => {
    const loading = store.status === "loading";
    list.setAttribute("aria-busy", String(loading));
    if (loading) return list.replaceChildren(...skeletonCards());
    const signals = store.signals.slice(0, SIGNALS_SHOWN);
    const shown = signals.filter(({ type }) => shownType === "all" || type === shownType);
    events.show(signals, shown);
    const empty = store.status === "failed" ? failed : noSignals;
    nothing.replaceChildren(...(shown.length ? [] : [empty()]));
  };

  for (const event of ["overview", "overview-failed", "ended"]) store.on(event, show, lifetime);
  store.on(
    "signal",
    (signal) => {
      show();
      events.markFresh(signal.id);
    },
    lifetime,
  );
  show();
  return h(
    "section",
    { class: "feed", "aria-labelledby": "signals-title" },
    h(
      "div",
      { class: "section-head" },
      h("h2", { class: "section-title", id: "signals-title" }, "Signals"),
      choiceGroup({
        label: "Signals shown",
        choices: [
          { value: "all", label: "All" },
          ...SIGNAL_TYPES.map((type) => ({ value: type, label: typeShortLabel(type) })),
        ],
        chosen: shownType,
        choose: (value) => {
          shownType = value;
          show();
        },
      }),
    ),
    h("div", { class: "feed-frame" }, list, nothing),
  );
}

function noSignals() {
  return emptyState({
    title: "No signals",
    text: "Nothing unusual was measured. Signals appear here the moment they fire.",
  });
}

function failed() {
  return emptyState({ title: "Signals could not be loaded", text: store.failure?.message ?? "" });
}

function skeletonCards() {
  return Array.from({ length: SKELETON_CARDS }, () =>
    h(
      "li",
      { class: "event", "aria-hidden": "true" },
      h(
        "div",
        { class: "signal" },
        ["short", "long", "long"].map((size) => h("span", { class: `skeleton skeleton-${size}` })),
      ),
    ),
  );
}
