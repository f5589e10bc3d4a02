import { formatCompact, formatCount, formatPlain, formatPrice } from "../format.js";
import { PeriodChoice, usePeriod } from "../parts/chart-period.js";
import { Missing } from "../parts/missing.js";
import { Change, Panel, Provenance, writeIn } from "../ui/figures.js";
import { LineChart } from "../ui/line-chart.js";
import { PageHead, Skeleton, useView, View } from "../ui/page.js";
import { html, useMemo } from "../ui/preact.js";
import { Freshness } from "../ui/times.js";

/** What stands beside a network's number, in the order it is told. @type {Record<string, [string, string][]>} */
const BESIDE = {
  bitcoin_fee: [["fastest", "next block"], ["hour", "within an hour"], ["economy", "no hurry"]],
  gas_price: [["safe", "slow"], ["fast", "fast"], ["base_fee", "base fee"]],
  bitcoin_difficulty: [["previous_change", "% the last time"], ["remaining_blocks", "blocks to go"]],
};
/** @type {Record<string, string>} */
const NAMES = {
  bitcoin_fee: "Bitcoin fee, half an hour",
  bitcoin_mempool: "Bitcoin, waiting for a block",
  bitcoin_difficulty: "Bitcoin difficulty, next change",
  gas_price: "Ethereum gas",
};

function OnChain() {
  const days = usePeriod();
  const view = useView("on-chain", { days });
  return html`
    <${PageHead} title="On-chain and NFT" lead="What using a network costs, what waits, and what collections trade at.">
      <${PeriodChoice} days=${days} />
    <//>
    <${View} of=${view} skeleton=${html`<${Skeleton} rows=${8} />`}>
      ${(/** @type {any} */ data) => html`
        <${Network} readings=${data.network} lines=${data.lines} />
        <${Collections} readings=${data.nft} />
        <div class="grid-2">
          <${Searched} readings=${data.trending} />
          <${Promoted} readings=${data.promoted} />
        </div>
      `}
    <//>
  `;
}

/** @param {{readings: any, lines: any[]}} properties */
function Network({ readings, lines }) {
  if (readings.rows.length === 0) return html`<${Missing} title="Networks" />`;
  const first = (/** @type {any} */ row, /** @type {number} */ at) =>
    readings.rows.findIndex((/** @type {any} */ other) => other.kind === row.kind) === at;
  const cards = Object.keys(NAMES).flatMap((kind) =>
    readings.rows.filter((/** @type {any} */ row, /** @type {number} */ at) => row.kind === kind && first(row, at)),
  );
  const others = readings.rows.filter((/** @type {any} */ row) => !(row.kind in NAMES));
  return html`
    <section class="networks" aria-label="Networks">
      ${cards.map((row) => html`<${Card} key=${row.kind} row=${row} readings=${readings} lines=${lines} />`)}
    </section>
    ${others.length > 0 && html`<${Counts} rows=${others} readings=${readings} />`}
  `;
}

/** @param {{row: any, readings: any, lines: any[]}} properties */
function Card({ row, readings, lines }) {
  const line = useMemo(
    () => lines.filter((one) => one.kind === row.kind && one.source === row.source),
    [lines, row.kind, row.source],
  );
  const told = { rows: [row], attribution: { [row.source]: readings.attribution[row.source] } };
  return html`<${Panel} title=${NAMES[row.kind]} note=${html`<${Provenance} of=${told} />`}>
    <p class="network-value">${writeIn(row.value, row.unit)}</p>
    <p class="panel-note">
      ${(BESIDE[row.kind] ?? [])
        .filter(([name]) => row.figures[name] !== undefined)
        .map(([name, label]) => `${formatPlain(row.figures[name])} ${label}`)
        .join(" · ")}
    </p>
    ${line.length > 0 &&
    html`<${LineChart} label=${NAMES[row.kind]} lines=${line} height=${120} write=${formatPlain} />`}
  <//>`;
}

/** @param {{rows: any[], readings: any}} properties */
function Counts({ rows, readings }) {
  return html`<${Panel} title="Heights and supply">
    <div class="table-place" tabindex="0" role="group" aria-label="Heights and supply">
      <table class="table">
        <tbody>
          ${rows.map(
            (row) => html`<tr key=${`${row.kind} ${row.key} ${row.source}`}>
              <th scope="row">${row.name}</th>
              <td class="number">${formatCount(row.value)} ${row.unit}</td>
              <td>
                <${Provenance}
                  of=${{ rows: [row], attribution: { [row.source]: readings.attribution[row.source] } }}
                />
              </td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  <//>`;
}

/** @param {{readings: any}} properties */
function Collections({ readings }) {
  if (readings.rows.length === 0) return html`<${Missing} title="NFT collections" />`;
  return html`<${Panel} title="NFT collections" note=${html`<${Provenance} of=${readings} />`}>
    <div class="table-place" tabindex="0" role="group" aria-label="NFT collections">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Collection</th>
            <th scope="col" class="number">Floor</th>
            <th scope="col" class="number">24 h</th>
            <th scope="col" class="number">Volume, 24 h</th>
            <th scope="col" class="number">Market cap</th>
          </tr>
        </thead>
        <tbody>
          ${readings.rows.map(
            (/** @type {any} */ row) => html`<tr key=${row.key}>
              <td>${row.name}</td>
              <td class="number">
                ${formatCompact(row.value)}
                <span class="quiet"> ${formatPlain(row.figures.floor_native)} ${row.about.native_symbol}</span>
              </td>
              <td class="number"><${Change} of=${row.figures.change_24h} /></td>
              <td class="number">${formatCompact(row.figures.volume_24h)}</td>
              <td class="number">${formatCompact(row.figures.market_cap)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  <//>`;
}

/** @param {{readings: any}} properties */
function Searched({ readings }) {
  if (readings.rows.length === 0) return html`<${Missing} title="What people search for" />`;
  return html`<${Panel} title="What people search for" note=${html`<${Provenance} of=${readings} />`}>
    <ol class="ranked">
      ${readings.rows.map(
        (/** @type {any} */ row) => html`<li key=${row.key} class="ranked-row">
          <span class="quiet">${formatCount(row.value)}</span>
          ${row.about.asset_id
            ? html`<a href=${`/asset/${encodeURIComponent(row.about.asset_id)}`}>${row.name}</a>`
            : html`<span>${row.name}</span>`}
          <span class="quiet">${formatPrice(row.figures.price)}</span>
          <${Change} of=${row.figures.change_24h} />
        </li>`,
      )}
    </ol>
  <//>`;
}

/** @param {{readings: any}} properties */
function Promoted({ readings }) {
  if (readings.rows.length === 0) return html`<${Missing} title="Paid placements" />`;
  return html`<${Panel} title="Paid placements" note=${html`<${Provenance} of=${readings} />`}>
    <p class="panel-note">
      <span class="chip" data-tone="warn">Advertising</span> Somebody paid so that these tokens are
      seen. That says nothing good of them.
    </p>
    <ul class="ranked">
      ${readings.rows.slice(0, 10).map(
        (/** @type {any} */ row) => html`<li key=${row.key} class="ranked-row">
          <span class="quiet">${row.about.chain}</span>
          <span class="promoted-name" title=${row.name}>${row.name}</span>
          <span class="quiet">${formatCount(row.value)} boosts</span>
          <${Freshness} at=${row.observed_at} />
        </li>`,
      )}
    </ul>
  <//>`;
}

export default { title: "On-chain and NFT", Page: OnChain };
