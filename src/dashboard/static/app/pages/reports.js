import { formatCompact, formatCount, formatRate, parseTime } from "../format.js";
import { html } from "../ui/preact.js";
import { Empty, PageHead, useView, View } from "../ui/page.js";
import { useUser } from "../ui/store.js";
import { Change } from "../parts/reports/change.js";
import { PeriodForm } from "../parts/reports/period-form.js";
import { periodName, reportHref } from "../parts/reports/period.js";
import { Age } from "../ui/times.js";

/** The days and weeks that were told, and a way to ask for any other period. */
function Reports() {
  const view = useView("reports", {}, { live: ["tick"] });
  const { user } = useUser();
  return html`
    <${PageHead} title="Reports"
      lead="What moved, what fired, and how right it was. A day is told ten minutes after it ends (UTC), a week on Monday; what was told is kept as it was." />
    <section class="panel" aria-labelledby="any-period">
      <div class="panel-head"><h2 class="panel-title" id="any-period">Any period</h2></div>
      <${PeriodForm} earliest=${view.data?.stored_since ?? null} signedIn=${Boolean(user)} />
    </section>
    <${View} of=${view} isEmpty=${(/** @type {any} */ data) => !data.daily.length && !data.weekly.length}
      empty=${html`<${Empty} title="No report yet"
        text="The first one is made ten minutes after the first day of data has ended." />`}>
      ${(/** @type {any} */ data) => html`
        <${Told} title="Days" rows=${data.daily} />
        <${Told} title="Weeks" rows=${data.weekly} />`}
    <//>
  `;
}

/** @param {{title: string, rows: any[]}} properties */
function Told({ title, rows }) {
  if (rows.length === 0) return null;
  const id = `told-${title.toLowerCase()}`;
  return html`<section class="panel" aria-labelledby=${id}>
    <div class="panel-head"><h2 class="panel-title" id=${id}>${title}</h2></div>
    <div class="table-place" tabindex="0" role="region" aria-label=${`${title} that were told`}>
      <table class="table reports-table">
        <thead><tr>
          <th scope="col">Period</th>
          <th scope="col" class="number">Market</th>
          <th scope="col">Rose most</th>
          <th scope="col">Fell most</th>
          <th scope="col" class="number">Signals</th>
          <th scope="col" class="number" title="Of the signals of the period, what they claim came true within 4 hours, as far as was known when it was told">Right after 4 h</th>
          <th scope="col">Told</th>
        </tr></thead>
        <tbody>${rows.map((row) => html`<${Row} key=${row.since} row=${row} />`)}</tbody>
      </table>
    </div>
  </section>`;
}

/** @param {{row: any}} properties */
function Row({ row }) {
  const first = /** @type {Date} */ (parseTime(row.since));
  const until = new Date(+first + (row.period === "weekly" ? 7 : 1) * 86_400_000).toISOString();
  return html`<tr>
    <th scope="row"><a class="report-link" href=${reportHref(row.period, row.since)}>
      ${periodName({ kind: row.period, since: row.since, until })}</a></th>
    <td class="number"><span class="quiet report-cap" title=${row.source ? `Source: ${row.source}` : null}>${formatCompact(row.total_market_cap)}</span>${" "}<${Change} of=${row.change} /></td>
    <td><${Move} of=${row.best} /></td>
    <td><${Move} of=${row.worst} /></td>
    <td class="number">${formatCount(row.signals)}</td>
    <td class="number">${row.judged ? html`${formatRate(row.hits / row.judged)} <span class="quiet">of ${formatCount(row.judged)}</span>` : html`<span class="quiet">none judged</span>`}</td>
    <td><${Age} at=${row.made_at} /></td>
  </tr>`;
}

/** @param {{of: {symbol: string, change: number} | null}} properties */
function Move({ of }) {
  if (!of) return html`<span class="quiet">–</span>`;
  return html`<span class="report-symbol">${of.symbol}</span> <${Change} of=${of.change} />`;
}

export default { title: "Reports", Page: Reports };
