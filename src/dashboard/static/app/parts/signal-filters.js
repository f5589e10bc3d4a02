/** @import { Signal } from "../types.js" */
import { store } from "../store.js";
import { html, useId } from "../ui/preact.js";
import { useStore } from "../ui/store.js";
import { hasProbability } from "./confidence.js";
import { SIGNAL_TYPES, typeLabel } from "./signal-types.js";

/** Parameters of the address and of the view alike, and what they may be. */
const CHOICES = [
  {
    name: "type",
    label: "Type",
    choices: [["", "All types"], ...SIGNAL_TYPES.map((type) => [type, typeLabel(type)])],
  },
  {
    name: "verdict",
    label: "Track record",
    choices: [
      ["", "Any"],
      ["edge", "Beats the base rate"],
      ["no_edge", "No edge"],
      ["unknown", "Too few judged"],
    ],
  },
  {
    name: "min_confidence",
    label: "Confidence",
    choices: [["", "Any"], ["0.25", "25 % or more"], ["0.5", "50 % or more"], ["0.75", "75 % or more"]],
  },
  {
    name: "direction",
    label: "Direction",
    choices: [["", "Either way"], ["up", "Up"], ["down", "Down"]],
  },
  { name: "state", label: "State", choices: [["", "Any"], ["open", "Still open"], ["ended", "Over"]] },
  {
    name: "hours",
    label: "Period",
    choices: [["", "All"], ["24", "Last 24 hours"], ["168", "Last 7 days"], ["720", "Last 30 days"]],
  },
];
const NAMES = [...CHOICES.map(({ name }) => name), "symbol"];

/**
 * @param {URLSearchParams} query
 * @returns {Record<string, string | null>} what the address asks for; what there is not is left out
 */
export function filtersOf(query) {
  const found = CHOICES.flatMap(({ name, choices }) => {
    const value = query.get(name);
    return value && choices.some(([choice]) => choice === value) ? [[name, value]] : [];
  });
  const symbol = query.get("symbol")?.trim().slice(0, 80);
  return Object.fromEntries(symbol ? [...found, ["symbol", symbol]] : found);
}

/**
 * Whether a signal passes the filters, as the view decides; the stream's are always recent.
 *
 * @param {Record<string, string | null>} filters
 * @param {Signal} signal
 */
export function passesFilters(filters, signal) {
  const { calibration } = signal.metadata;
  const verdict = !hasProbability(calibration) ? "unknown" : calibration.edge ? "edge" : "no_edge";
  const symbol = filters.symbol?.toLowerCase();
  return (
    (!filters.type || signal.type === filters.type) &&
    (!filters.verdict || verdict === filters.verdict) &&
    (!filters.min_confidence || (signal.confidence_score ?? -1) >= Number(filters.min_confidence)) &&
    (!filters.direction || signal.metadata.direction === filters.direction) &&
    (!filters.state || (filters.state === "ended") === Boolean(signal.ended_at)) &&
    (!symbol || [signal.asset_id, signal.symbol.toLowerCase()].includes(symbol))
  );
}

/**
 * @param {{filters: Record<string, string | null>, setQuery: (changes: Record<string, string | null>) => void}} properties
 */
export function SignalFilters({ filters, setQuery }) {
  const id = useId();
  const assets = useStore(["overview"], () => [...store.assets.values()].slice(0, 250));
  const count = Object.keys(filters).length;
  const clear = () => setQuery(Object.fromEntries(NAMES.map((name) => [name, null])));
  return html`<details class="filters" open=${matchMedia("(min-width: 1000px)").matches}>
    <summary class="filters-summary">Filters${count > 0 && html`<span class="chip">${count}</span>`}</summary>
    <form class="filters-form" onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
      <div class="form-row">
        <label for=${`${id}-symbol`}>Asset</label>
        <input class="input" id=${`${id}-symbol`} type="search" list=${`${id}-assets`} placeholder="BTC, bitcoin, market"
          value=${filters.symbol ?? ""} autocomplete="off" spellcheck="false" maxlength="80"
          onChange=${(/** @type {any} */ event) => setQuery({ symbol: event.target.value.trim() })} />
        <datalist id=${`${id}-assets`}>
          ${assets.map((asset) => html`<option key=${asset.asset_id} value=${asset.symbol}>${asset.name}</option>`)}
        </datalist>
      </div>
      ${CHOICES.map(({ name, label, choices }) => html`<div class="form-row" key=${name}>
        <label for=${`${id}-${name}`}>${label}</label>
        <select class="input" id=${`${id}-${name}`} value=${filters[name] ?? ""}
          onChange=${(/** @type {any} */ event) => setQuery({ [name]: event.target.value })}>
          ${choices.map(([value, text]) => html`<option key=${value} value=${value}>${text}</option>`)}
        </select>
      </div>`)}
      <button class="button" type="button" disabled=${count === 0} onClick=${clear}>Clear filters</button>
    </form>
  </details>`;
}
