import { formatCompact, formatPlain } from "../format.js";
import { Panel, Provenance } from "../ui/figures.js";
import { Empty, useQuery } from "../ui/page.js";
import { html, useState } from "../ui/preact.js";

const OUTLIER = 100; // percent a year: hardly ever paid for a year
const STEP = 25;
const LEAST = [
  { value: "", label: "Any size" },
  { value: "1000000", label: "$1M and more" },
  { value: "10000000", label: "$10M and more" },
  { value: "100000000", label: "$100M and more" },
];
/** @type {Record<string, (row: any) => number>} */
const ORDERS = {
  tvl: (row) => Number(row.figures.tvl ?? 0),
  apy: (row) => row.value,
};

/** A screener of yields; its filters are in the address. @param {{readings: any}} properties */
export function Yields({ readings }) {
  const [query, setQuery] = useQuery();
  const [shown, setShown] = useState(STEP);
  const chain = query.get("chain") ?? "";
  const least = query.get("least") ?? "";
  const order = query.get("order") === "apy" ? "apy" : "tvl";
  const search = (query.get("pool") ?? "").toLowerCase();
  const chains = [...new Set(readings.rows.map((/** @type {any} */ row) => row.about.chain ?? ""))].filter(Boolean).sort();
  const rows = readings.rows
    .filter((/** @type {any} */ row) => !chain || row.about.chain === chain)
    .filter((/** @type {any} */ row) => !least || ORDERS.tvl(row) >= Number(least))
    .filter((/** @type {any} */ row) => `${row.name} ${row.about.project ?? ""}`.toLowerCase().includes(search))
    .sort((/** @type {any} */ a, /** @type {any} */ b) => ORDERS[order](b) - ORDERS[order](a));
  const choose = (/** @type {string} */ name) => (/** @type {any} */ event) => {
    setShown(STEP);
    setQuery({ [name]: event.target.value });
  };

  return html`<${Panel} title="Yields" note=${html`<${Provenance} of=${readings} />`}>
    <div class="toolbar yields-filters">
      <input class="input" type="search" placeholder="Pool or project" aria-label="Pool or project"
        value=${query.get("pool") ?? ""} onInput=${choose("pool")} />
      <select class="input" aria-label="Chain" value=${chain} onChange=${choose("chain")}>
        <option value="">All chains</option>
        ${chains.map((name) => html`<option key=${name} value=${name}>${name}</option>`)}
      </select>
      <select class="input" aria-label="Least value locked" value=${least} onChange=${choose("least")}>
        ${LEAST.map(({ value, label }) => html`<option key=${value} value=${value}>${label}</option>`)}
      </select>
      <select class="input" aria-label="Order" value=${order} onChange=${choose("order")}>
        <option value="tvl">Largest first</option>
        <option value="apy">Highest yield first</option>
      </select>
    </div>
    ${rows.length === 0
      ? html`<${Empty} title="No pool like this" text="Loosen a filter." />`
      : html`<div class="table-place" tabindex="0" role="group" aria-label="Yields">
          <table class="table">
            <thead>
              <tr>
                <th scope="col">Pool</th>
                <th scope="col">Chain</th>
                <th scope="col" class="number">A year</th>
                <th scope="col" class="number">of it rewards</th>
                <th scope="col" class="number">Mean of 30 d</th>
                <th scope="col" class="number">Locked</th>
              </tr>
            </thead>
            <tbody>
              ${rows.slice(0, shown).map((/** @type {any} */ row) => html`<${Row} key=${row.key} row=${row} />`)}
            </tbody>
          </table>
        </div>`}
    ${rows.length > shown &&
    html`<button class="button panel-more" type="button" onClick=${() => setShown(shown + 4 * STEP)}>
      Show more of ${rows.length}
    </button>`}
  <//>`;
}

/** @param {{row: any}} properties */
function Row({ row }) {
  const { apy_reward: rewards, apy_mean_30d: mean, tvl } = row.figures;
  return html`<tr>
    <td>${row.name} <span class="quiet">${row.about.project}</span></td>
    <td>${row.about.chain}</td>
    <td class="number">
      ${percent(row.value)}
      ${row.value > OUTLIER &&
      html` <span class="chip" data-tone="warn" title="Yields this high are rarely paid for a year.">unusual</span>`}
    </td>
    <td class="number">${percent(rewards)}</td>
    <td class="number">${percent(mean)}</td>
    <td class="number">${formatCompact(tvl)}</td>
  </tr>`;
}

/** @param {number | null | undefined} value */
function percent(value) {
  return typeof value === "number" ? `${formatPlain(value)} %` : "–";
}
