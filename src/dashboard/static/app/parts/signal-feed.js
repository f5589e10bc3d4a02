/** @import { Signal } from "../types.js" */
import { h } from "../dom.js";
import { store } from "../store.js";
import { choiceGroup } from "./choice-group.js";
import { emptyState } from "./notices.js";
import { signalCard } from "./signal-card.js";
import { SIGNAL_TYPES, typeShortLabel } from "./signal-types.js";

const SKELETON_CARDS = 5;
const CARDS_KEPT = 100;

/** Outlives the page, like the table's view. */
let shownType = "all";

/**
 * Signals as they fire, newest first.
 *
 * @param {AbortSignal} lifetime
 * @returns {HTMLElement}
 */
export function signalFeed(lifetime) {
  const list = h("ol", { class: "signal-list", "aria-busy": "true" });
  const nothing = h("div", {});

  const filter = () => {
    let shown = 0;
    for (const card of /** @type {HTMLCollectionOf<HTMLElement>} */ (list.children)) {
      const keep = shownType === "all" || card.dataset.signalType === shownType;
      card.hidden = !keep;
      if (keep) shown += 1;
    }
    nothing.replaceChildren(...(shown ? [] : [store.status === "failed" ? failed() : noSignals()]));
  };
  const showAll = () => {
    if (store.status === "loading") return list.replaceChildren(...skeletonCards());
    list.removeAttribute("aria-busy");
    const known = new Map(
      [...list.children].map((card) => [/** @type {HTMLElement} */ (card).dataset.signal, card]),
    );
    // A card that is there already stays: its evidence may be open and being read.
    list.replaceChildren(
      ...store.signals
        .slice(0, CARDS_KEPT)
        .map((signal) => known.get(signal.id) ?? signalCard(signal)),
    );
    filter();
  };
  /** @param {Signal} signal */
  const prepend = (signal) => {
    const card = signalCard(signal);
    card.dataset.fresh = "";
    list.prepend(card);
    if (list.children.length > CARDS_KEPT) list.lastElementChild?.remove();
    filter();
  };

  store.on("overview", showAll, lifetime);
  store.on("overview-failed", showAll, lifetime);
  store.on("signal", prepend, lifetime);
  showAll();
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
          filter();
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
      { class: "signal", "aria-hidden": "true" },
      ["short", "long", "long"].map((size) => h("span", { class: `skeleton skeleton-${size}` })),
    ),
  );
}
