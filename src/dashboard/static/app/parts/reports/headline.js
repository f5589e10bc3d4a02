import { formatCompact, formatCount, formatPlain, formatRate, formatShare, formatSigned } from "../../format.js";
import { html } from "../../ui/preact.js";
import { Change } from "./change.js";
import { MarketPath } from "./market-path.js";
import { Source } from "./source.js";

const HOURS_4 = 14_400;

/** The five numbers that a period comes down to, and the market's way through it. @param {{report: any}} properties */
export function Headline({ report }) {
  const { market, fear_greed: mood, signals, sentiment: tone } = report;
  const judged = judgedOf(report.track_record);
  return html`<section class="report-section" aria-labelledby="report-market">
    <h2 class="report-title" id="report-market">Market</h2>
    <dl class="report-kpis">
      <div class="report-kpi"><dt>All of the market</dt>
        <dd>${formatCompact(market?.total_market_cap)} ${market && html`<${Change} of=${market.change} />`}</dd>
        <dd class="report-note">${market ? html`<${Source} of=${market} />` : "Nobody told it in this period."}</dd></div>
      <div class="report-kpi"><dt>Bitcoin's share</dt>
        <dd>${formatShare(market?.btc_dominance)}</dd>
        <dd class="report-note">${market && market.btc_dominance_change !== null ? `${formatSigned(market.btc_dominance_change)} points in the period` : "–"}</dd></div>
      <div class="report-kpi"><dt>Fear and greed</dt>
        <dd>${mood ? html`${formatPlain(mood.value)} <span class="quiet">${mood.label ?? ""}</span>` : "–"}</dd>
        <dd class="report-note">${mood ? html`${mood.value_before === null ? "" : `${formatPlain(mood.value_before)} before · `}<${Source} of=${mood} />` : "Nobody told it."}</dd></div>
      <div class="report-kpi"><dt>Tone of the news</dt>
        <dd>${tone.tone === null ? "–" : formatSigned(tone.tone)}</dd>
        <dd class="report-note">${tone.n ? `${formatCount(tone.n)} stories, from −1 to 1${tone.tone_before === null ? "" : `; ${formatSigned(tone.tone_before)} before`}` : "No story has a tone."}</dd></div>
      <div class="report-kpi"><dt>Signals</dt>
        <dd>${formatCount(signals.n)}</dd>
        <dd class="report-note">${judged.n
          ? `${formatCount(judged.hits)} of ${formatCount(judged.n)} right after 4 h${judged.base === null ? "" : ` (${formatRate(judged.hits / judged.n)}; by chance ${formatRate(judged.base)})`}`
          : "None was judged after 4 h yet."}</dd></div>
    </dl>
    ${market && market.path.length > 1 && html`<${MarketPath} path=${market.path} source=${market.source} />`}
  </section>`;
}

/**
 * What came of the period's signals within four hours, and how often chance would have done it.
 *
 * @param {any[]} rows
 */
function judgedOf(rows) {
  const some = rows.filter((row) => row.horizon_seconds === HOURS_4 && row.of_period.n > 0);
  const n = some.reduce((sum, { of_period: one }) => sum + one.n, 0);
  const hits = some.reduce((sum, { of_period: one }) => sum + one.hits, 0);
  const based = some.filter(({ of_period: one }) => one.base_rate !== null);
  const weight = based.reduce((sum, { of_period: one }) => sum + one.n, 0);
  const expected = based.reduce((sum, { of_period: one }) => sum + one.n * one.base_rate, 0);
  return { n, hits, base: weight ? expected / weight : null };
}

/** Links to the reports before and after. @param {{previous: string | null, following: string | null}} properties */
export function Beside({ previous, following }) {
  return html`<nav class="report-beside" aria-label="Reports beside this one">
    ${previous ? html`<a class="button" href=${previous} rel="prev">The one before</a>` : html`<span></span>`}
    <a class="button" href="/reports">All reports</a>
    ${following ? html`<a class="button" href=${following} rel="next">The one after</a>` : html`<span></span>`}
  </nav>`;
}
