/** @import { Signal } from "../types.js" */
/** @import { Card } from "./signal-card.js" */
import { arrange, h, keepFocus, setText } from "../dom.js";
import { assetBadge } from "./asset-badge.js";
import { signalCard } from "./signal-card.js";

/**
 * Signals as events: those that share an event are one item with its reasons, the newest on top.
 * The order on the page is the order in the document.
 *
 * @param {{linkAsset?: boolean, opened?: (signal: Signal) => void}} [options]
 */
export function eventList({ linkAsset = true, opened } = {}) {
  const list = h("ol", { class: "signal-list" });
  /** @type {Map<string, Card>} */
  let cards = new Map();
  /** @type {Map<string, ReturnType<typeof eventItem>>} */
  let items = new Map();

  return {
    element: list,
    /**
     * @param {Signal[]} signals newest first; the others are forgotten
     * @param {Signal[]} [shown] those of them that are to be seen; all unless told
     */
    show(signals, shown = signals) {
      cards = new Map(
        signals.map((signal) => [signal.id, cards.get(signal.id) ?? signalCard(signal, opened)]),
      );
      for (const signal of signals) cards.get(signal.id)?.update(signal);
      const events = Map.groupBy(shown, (signal) => signal.event_id ?? signal.id);
      items = new Map(
        [...events].map(([id, [newest]]) => [id, items.get(id) ?? eventItem(newest, linkAsset)]),
      );
      keepFocus(() => {
        for (const [id, reasons] of events) {
          items.get(id)?.show(
            reasons.flatMap((signal) => cards.get(signal.id) ?? []),
            reasons.every((signal) => Boolean(signal.ended_at)),
          );
        }
        arrange(list, [...items.values()].map((item) => item.element));
      });
    },
    /** @param {string} id of a signal that has just come */
    markFresh(id) {
      const card = cards.get(id);
      if (card) card.element.dataset.fresh = "";
    },
    /**
     * @param {string} id of the signal whose evidence is to be seen
     * @returns {boolean} whether it is in the list
     */
    open(id) {
      cards.get(id)?.open();
      return cards.has(id);
    },
  };
}

/**
 * @param {Signal} signal any of the event
 * @param {boolean} linkAsset
 */
function eventItem(signal, linkAsset) {
  const asset = linkAsset ? assetName(signal) : null;
  const count = h("span", { class: "event-count" });
  const head = h("p", { class: "event-head" }, count);
  const element = h("li", { class: "event" });
  return {
    element,
    /**
     * @param {Card[]} reasons newest first
     * @param {boolean} over
     */
    show(reasons, over) {
      const several = reasons.length > 1;
      element.toggleAttribute("data-several", several);
      element.toggleAttribute("data-ended", over);
      setText(count, `${reasons.length} reasons, one event`);
      if (asset) (several ? head : reasons[0].head).prepend(asset);
      arrange(element, [...(several ? [head] : []), ...reasons.map((card) => card.element)]);
    },
  };
}

/**
 * @param {Signal} signal
 * @returns {HTMLElement} a link where the asset has a page: the market and a protocol have none
 */
function assetName({ asset_id, symbol, name }) {
  const hasPage = asset_id !== "market" && !asset_id.includes(":");
  const href = hasPage ? `/asset/${encodeURIComponent(asset_id)}` : null;
  return h(
    hasPage ? "a" : "span",
    { class: "signal-asset", href, title: name },
    assetBadge(symbol),
    h("span", { class: "signal-symbol" }, symbol),
  );
}
