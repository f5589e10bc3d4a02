/** @import { State } from "./state.js" */
import { get } from "../api.js";
import { formatCompact } from "../format.js";
import { html, useEffect, useRef, useState } from "../ui/preact.js";
import { useUser } from "../ui/store.js";
import { COLUMNS, FIRST_COLUMNS } from "./columns.js";
import { countFilters } from "./state.js";

const CAPS = [1e7, 1e8, 1e9, 1e10];
const VOLUMES = [1e5, 1e6, 1e7, 1e8, 1e9];
const wide = matchMedia("(min-width: 720px)");

const NONE = {
  min_cap: null,
  min_volume: null,
  min_change: null,
  max_change: null,
  watchlist: null,
  signals: null,
};

/** @typedef {(changes: Record<string, string | null>) => void} Set */

/** Everything that narrows the list. @param {{state: State, set: Set}} properties */
export function Filters({ state, set }) {
  const count = countFilters(state);
  return html`<details class="filters" open=${wide.matches || count > 0}>
    <summary class="button filters-summary">Filters${count > 0 && ` (${count})`}</summary>
    <div class="filters-row">
      <${Least} label="Market cap" name="min_cap" steps=${CAPS} value=${state.leastCap} set=${set} />
      <${Least} label="24 h volume" name="min_volume" steps=${VOLUMES} value=${state.leastVolume} set=${set} />
      <fieldset class="filter filter-range">
        <legend>24 h change, %</legend>
        <${Bound} label="At least" name="min_change" value=${state.leastChange} set=${set} />
        <span aria-hidden="true">to</span>
        <${Bound} label="At most" name="max_change" value=${state.mostChange} set=${set} />
      </fieldset>
      <${Watchlists} value=${state.watchlist} set=${set} />
      <label class="filter-check">
        <input
          type="checkbox"
          checked=${state.signalled}
          onChange=${(/** @type {any} */ event) => set({ signals: event.target.checked ? "now" : null })}
        />
        Signal now
      </label>
      ${count > 0 &&
      html`<button
        class="button"
        type="button"
        onClick=${() => set(NONE)}
      >Clear</button>`}
    </div>
  </details>`;
}

/** @param {{text: string, set: Set}} properties */
export function TextFilter({ text, set }) {
  return html`<input
    class="input filter-text"
    type="search"
    placeholder="Filter by name or symbol"
    aria-label="Filter by name or symbol"
    value=${text}
    onInput=${(/** @type {any} */ event) => set({ q: event.target.value || null })}
  />`;
}

/** @param {{label: string, name: string, steps: number[], value: number | null, set: Set}} properties */
function Least({ label, name, steps, value, set }) {
  const choices = value !== null && !steps.includes(value) ? [...steps, value].sort((a, b) => a - b) : steps;
  return html`<label class="filter">
    ${label}
    <select
      class="input"
      value=${value ?? ""}
      onChange=${(/** @type {any} */ event) => set({ [name]: event.target.value || null })}
    >
      <option value="">Any</option>
      ${choices.map((step) => html`<option key=${step} value=${step}>${formatCompact(step)} or more</option>`)}
    </select>
  </label>`;
}

/** @param {{label: string, name: string, value: number | null, set: Set}} properties */
function Bound({ label, name, value, set }) {
  return html`<input
    class="input filter-bound"
    type="number"
    step="any"
    aria-label=${label}
    placeholder=${label}
    value=${value ?? ""}
    onChange=${(/** @type {any} */ event) => set({ [name]: event.target.value || null })}
  />`;
}

/** @param {{value: string | null, set: Set}} properties */
function Watchlists({ value, set }) {
  const { user } = useUser();
  const [lists, setLists] = useState(/** @type {any[]} */ ([]));
  useEffect(() => {
    if (user) get("/api/v1/watchlists").then(setLists, () => {});
    else setLists([]);
  }, [user]);
  if (lists.length === 0) return null;
  return html`<label class="filter">
    Watchlist
    <select
      class="input"
      value=${value ?? ""}
      onChange=${(/** @type {any} */ event) => set({ watchlist: event.target.value || null })}
    >
      <option value="">Any</option>
      ${lists.map((list) => html`<option key=${list.watchlist_id} value=${list.watchlist_id}>${list.name}</option>`)}
    </select>
  </label>`;
}

/** Which columns are shown. @param {{chosen: string[], set: Set}} properties */
export function Chooser({ chosen, set }) {
  const place = useRef(/** @type {any} */ (null));
  const choose = (/** @type {string} */ key, /** @type {boolean} */ shown) => {
    const keys = COLUMNS.map((column) => column.key).filter((one) => (one === key ? shown : chosen.includes(one)));
    const first = keys.join() === FIRST_COLUMNS.join();
    if (keys.length > 0) set({ columns: first ? null : keys.join(",") });
  };
  useEffect(() => {
    const close = (/** @type {Event} */ event) => {
      if (!place.current.contains(event.target)) place.current.open = false;
    };
    document.addEventListener("pointerdown", close);
    return () => document.removeEventListener("pointerdown", close);
  }, []);
  return html`<details
    class="chooser"
    ref=${place}
    onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Escape") return;
      place.current.open = false;
      place.current.firstElementChild.focus();
    }}
  >
    <summary class="button">Columns</summary>
    <fieldset class="chooser-list">
      <legend class="visually-hidden">Columns shown</legend>
      ${COLUMNS.map(
        ({ key, label, title }) => html`<label key=${key} class="chooser-choice" title=${title}>
          <input
            type="checkbox"
            checked=${chosen.includes(key)}
            disabled=${chosen.length === 1 && chosen[0] === key}
            onChange=${(/** @type {any} */ event) => choose(key, event.target.checked)}
          />
          ${label}
        </label>`,
      )}
    </fieldset>
  </details>`;
}
