/** @import { BeyondNumber } from "../types.js" */
import { fill, h, outsideLink, setText } from "../dom.js";
import { formatCompact, formatPlain } from "../format.js";
import { store } from "../store.js";
import { freshness, setFreshness } from "./time.js";

const HOUR = 3600;
const LABELS = {
  chain_tvl: "Value locked in DeFi",
  dex_volume: "DEX volume, 24 h",
  bitcoin_fee: "Bitcoin fee",
  gas_price: "Ethereum gas",
};

/**
 * Four numbers that are no prices, each with its age and its source; those that are missing are
 * left out, and the whole strip is when all of them are.
 *
 * @param {AbortSignal} lifetime
 * @returns {HTMLElement}
 */
export function beyondStrip(lifetime) {
  const numbers = Object.entries(LABELS).map(([kind, label]) => beyondNumber(kind, label));
  const strip = h(
    "section",
    { class: "beyond", "aria-labelledby": "beyond-title", "aria-busy": "true" },
    h("h2", { class: "beyond-title", id: "beyond-title" }, "Beyond prices"),
    h(
      "dl",
      { class: "beyond-list" },
      numbers.map((number) => number.element),
    ),
  );
  const update = () => {
    if (store.status === "loading") return;
    strip.removeAttribute("aria-busy");
    const told = new Map(store.beyond.map((one) => [one.kind, one]));
    for (const number of numbers) number.update(told.get(number.kind));
    strip.hidden = !numbers.some(({ kind }) => told.has(kind));
  };
  for (const event of ["overview", "overview-failed"]) store.on(event, update, lifetime);
  update();
  return strip;
}

/**
 * @param {string} kind
 * @param {string} label
 */
function beyondNumber(kind, label) {
  const value = h("dd", { class: "beyond-value" });
  const observed = freshness(null, 3 * HOUR); // each is asked for every hour or oftener
  const source = h("dd", { class: "beyond-source" });
  const element = h(
    "div",
    { class: "beyond-number", data: { kind } },
    h("dt", { class: "beyond-label" }, label),
    value,
    h("dd", { class: "beyond-age" }, observed),
    source,
  );
  let linked = "";

  /** @param {BeyondNumber | undefined} told */
  const update = (told) => {
    element.hidden = !told;
    if (!told) return;
    showValue(value, told);
    setFreshness(observed, told.observed_at);
    // Left alone when it is the same: the reader may have the focus on it.
    if (linked !== told.source) fill(source, outsideLink(told.attribution_url, told.attribution));
    linked = told.source;
  };
  return { kind, element, update };
}

/**
 * @param {HTMLElement} place
 * @param {BeyondNumber} told
 */
function showValue(place, { value, unit }) {
  const written = unit === "USD" ? formatCompact(value) : formatPlain(value);
  const beside = unit === "USD" ? null : unit;
  const text = beside ? `${written} ${beside}` : written;
  if (place.textContent === text) return;
  if (!beside) return setText(place, text);
  fill(place, `${written} `, h("span", { class: "beyond-unit" }, beside));
}
