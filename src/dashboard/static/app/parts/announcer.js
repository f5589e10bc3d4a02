/** @import { Signal } from "../types.js" */
import { setText } from "../dom.js";
import { store } from "../store.js";

const GATHER_MS = 500;

/**
 * Reads new signals and changes of the connection to screen readers. The signals of a tick come
 * together and are told together: a live region keeps only its last text.
 *
 * @param {HTMLElement} region a polite live region
 */
export function announceSignals(region) {
  /** @type {Signal[]} */
  let gathered = [];
  const tell = () => {
    const [first] = gathered;
    const symbols = [...new Set(gathered.map((signal) => signal.symbol))].join(", ");
    const one = `New signal: ${first.explanation}`;
    setText(region, gathered.length === 1 ? one : `${gathered.length} new signals: ${symbols}`);
    gathered = [];
  };
  store.on("signal", (signal) => {
    if (gathered.length === 0) setTimeout(tell, GATHER_MS);
    gathered.push(signal);
  });

  let wasLost = false;
  store.on("connection", () => {
    if (store.connection === "offline") setText(region, "Connection lost. Data may be old.");
    if (store.connection === "live" && wasLost) setText(region, "Live again.");
    wasLost = store.connection === "offline";
  });
}
