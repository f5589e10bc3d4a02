import { formatCompact, formatPrice } from "../format.js";
import { PeriodChoice, usePeriod } from "../parts/chart-period.js";
import { Missing } from "../parts/missing.js";
import { Yields } from "../parts/yields.js";
import { BarList, Change, Panel, Provenance } from "../ui/figures.js";
import { LineChart } from "../ui/line-chart.js";
import { PageHead, Skeleton, useView, View } from "../ui/page.js";
import { html, useMemo, useState } from "../ui/preact.js";
import { Age } from "../ui/times.js";

const SHOWN = 12;
const PEG_WITHIN = 0.005;

function Defi() {
  const days = usePeriod();
  const view = useView("defi", { days });
  return html`
    <${PageHead} title="DeFi" lead="Where value is locked, what moves through exchanges without a company, and what it earns.">
      <${PeriodChoice} days=${days} />
    <//>
    <${View} of=${view} skeleton=${html`<${Skeleton} rows=${8} />`}>
      ${(/** @type {any} */ data) => html`<${Panels} data=${data} />`}
    <//>
  `;
}

/** @param {{data: any}} properties */
function Panels({ data }) {
  const volume = useMemo(
    () => data.lines.filter((/** @type {any} */ one) => one.kind === "dex_volume"),
    [data],
  );
  const chains = useMemo(
    () => data.lines.filter((/** @type {any} */ one) => one.kind === "chain_tvl"),
    [data],
  );
  return html`
    ${data.outflows.length > 0 && html`<${Outflows} signals=${data.outflows} />`}
    <div class="grid-2">
      <${Figures} title="Value locked by protocol" readings=${data.tvl} />
      <${Figures} title="Value locked by chain" readings=${data.chains}>
        ${chains.length > 0 &&
        html`<${LineChart} label="Value locked by chain over time" lines=${chains} write=${formatCompact} />`}
      <//>
      <${Figures} title="Volume of decentralised exchanges, 24 h" readings=${data.dex_volume} without="all">
        ${volume.length > 0 &&
        html`<${LineChart} label="Volume of all decentralised exchanges" lines=${volume} write=${formatCompact} />`}
      <//>
      <${Stablecoins} readings=${data.stablecoins} />
    </div>
    <${Yields} readings=${data.yields} />
  `;
}

/** @param {any} properties */
function Figures({ title, readings, without, children }) {
  const [all, setAll] = useState(false);
  const rows = readings.rows.filter((/** @type {any} */ row) => row.key !== without);
  if (rows.length === 0) return html`<${Missing} title=${title} />`;
  const shown = all ? rows : rows.slice(0, SHOWN);
  return html`<${Panel} title=${title} note=${html`<${Provenance} of=${readings} />`}>
    ${children}
    <${BarList}
      rows=${shown.map((/** @type {any} */ row) => ({
        key: row.key,
        name: row.name,
        value: row.value,
        text: formatCompact(row.value),
        more: html`<${Change} of=${row.figures.change_1d} />`,
      }))}
    />
    ${rows.length > SHOWN &&
    html`<button class="button panel-more" type="button" aria-expanded=${String(all)} onClick=${() => setAll(!all)}>
      ${all ? "Show fewer" : `Show all ${rows.length}`}
    </button>`}
  <//>`;
}

/** @param {{readings: any}} properties */
function Stablecoins({ readings }) {
  if (readings.rows.length === 0) return html`<${Missing} title="Stablecoins" />`;
  return html`<${Panel} title="Stablecoins" note=${html`<${Provenance} of=${readings} />`}>
    <div class="table-place" tabindex="0" role="group" aria-label="Stablecoins">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Coin</th>
            <th scope="col" class="number">Price</th>
            <th scope="col">Peg</th>
            <th scope="col" class="number">In circulation</th>
            <th scope="col" class="number">A week ago</th>
          </tr>
        </thead>
        <tbody>
          ${readings.rows.map((/** @type {any} */ row) => html`<${Stablecoin} key=${row.key} row=${row} />`)}
        </tbody>
      </table>
    </div>
  <//>`;
}

/** @param {{row: any}} properties */
function Stablecoin({ row }) {
  const { price, prev_week: before } = row.figures;
  const pegged = row.about.peg === undefined || row.about.peg === "peggedUSD";
  const off = typeof price === "number" ? price - 1 : null;
  const holds = off !== null && Math.abs(off) <= PEG_WITHIN;
  return html`<tr>
    <td>${row.name}</td>
    <td class="number">${formatPrice(price)}</td>
    <td>
      ${pegged && off !== null &&
      html`<span class="chip" data-tone=${holds ? "good" : "bad"}>${holds ? "holds" : `${(off * 100).toFixed(1)} % off`}</span>`}
    </td>
    <td class="number">${formatCompact(row.value)}</td>
    <td class="number"><${Change} of=${before ? 100 * (row.value / before - 1) : null} /></td>
  </tr>`;
}

/** @param {{signals: any[]}} properties */
function Outflows({ signals }) {
  return html`<${Panel} title="Outflows that fired a signal">
    <ul class="plain-list">
      ${signals.slice(0, 5).map(
        (signal) => html`<li key=${signal.id}>
          <a href=${`/signals?id=${encodeURIComponent(signal.id)}`}>${signal.name}</a>
          <span> ${signal.explanation} </span>
          <span class="quiet"><${Age} at=${signal.created_at} /></span>
        </li>`,
      )}
    </ul>
  <//>`;
}

export default { title: "DeFi", Page: Defi };
