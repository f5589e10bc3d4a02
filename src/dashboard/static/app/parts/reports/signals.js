import { formatCount, formatDayAndClock, formatDuration, formatRate } from "../../format.js";
import { html, useState } from "../../ui/preact.js";
import { Moment } from "../../ui/times.js";
import { typeLabel, typeShortLabel } from "../signal-types.js";
import { Section, Table } from "./section.js";

const SHOWN_AT_FIRST = 8; // on the screen; paper has all

/** The signals of the period, the most confident first, with what came of them. @param {{signals: any}} properties */
export function Signals({ signals }) {
  const [all, setAll] = useState(false);
  const few = !all && signals.rows.length > SHOWN_AT_FIRST;
  const counts = Object.entries(signals.by_type)
    .map(([type, n]) => `${formatCount(n)} ${typeShortLabel(/** @type {any} */ (type)).toLowerCase()}`)
    .join(", ");
  const shown = signals.rows.length < signals.n ? ` The ${signals.rows.length} of the highest confidence are told.` : "";
  return html`<${Section} title="Signals" note=${signals.n ? `${formatCount(signals.n)} fired: ${counts}.${shown}` : ""}>
    <div class="report-signals" data-few=${few ? "" : null}>
    <${Table} head=${["At", "Signal", "#Confidence", "What came of it"]}
      empty="Nothing unusual was measured in this period."
      rows=${signals.rows.map((/** @type {any} */ row) => [
        row.id,
        html`<span class="report-when"><${Moment} at=${row.created_at} write=${formatDayAndClock} /></span>`,
        html`<strong>${row.symbol}</strong> · ${typeLabel(row.type)}<br /><span class="report-says">${row.explanation}</span>`,
        row.confidence_score === null
          ? html`<span class="quiet" title="Too few signals like it were judged">none yet</span>`
          : formatRate(row.confidence_score),
        html`<ul class="report-outcomes">${row.outcomes.map((/** @type {any} */ one) => html`<${Outcome} key=${one.horizon_seconds} of=${one} />`)}</ul>`,
      ])} />
    </div>
    ${few && html`<button class="button report-all" type="button" onClick=${() => setAll(true)}>Show all ${signals.rows.length}</button>`}
  <//>`;
}

/** @param {{of: any}} properties */
function Outcome({ of: { horizon_seconds, judged_at, hit, base_rate } }) {
  const [tone, says] = !judged_at
    ? [null, "open"]
    : hit === null
      ? [null, "cannot be told"]
      : hit
        ? ["good", "came true"]
        : ["bad", "did not"];
  const chance = base_rate === null ? "" : ` · by chance ${formatRate(base_rate)}`;
  return html`<li class="chip" data-tone=${tone}>${formatDuration(horizon_seconds)}: ${says}${chance}</li>`;
}

/** How right each detector was in the period, beside what was known of it by then. @param {{rows: any[]}} properties */
export function TrackRecord({ rows }) {
  const told = rows.filter((row) => row.of_period.n > 0 || row.calibration?.n);
  return html`<${Section} title="How right the signals were"
    note="Judged from stored prices, and held against how often chance does the same.">
    <${Table} head=${["Detector", "Within", "#Right in the period", "#By chance", "Known by then", "Verdict"]}
      empty="No signal was judged yet."
      rows=${told.map((row) => [
        `${row.type} ${row.horizon_seconds}`,
        typeLabel(row.type),
        formatDuration(row.horizon_seconds),
        row.of_period.n
          ? html`${formatRate(row.of_period.rate)} <span class="quiet">${formatCount(row.of_period.hits)} of ${formatCount(row.of_period.n)}</span>`
          : html`<span class="quiet">none judged</span>`,
        formatRate(row.of_period.base_rate),
        known(row.calibration),
        verdict(row.calibration),
      ])} />
  <//>`;
}

/** @param {any} calibration */
function known(calibration) {
  if (!calibration || calibration.rate === null) return html`<span class="quiet">nothing yet</span>`;
  const [low, high] = calibration.interval ?? [null, null];
  const interval = low === null ? "" : ` (${formatRate(low)} to ${formatRate(high)})`;
  return html`${formatRate(calibration.rate)}${interval} <span class="quiet">of ${formatCount(calibration.n)}; by chance ${formatRate(calibration.base_rate)}</span>`;
}

/** @param {any} calibration */
function verdict(calibration) {
  if (!calibration || calibration.rate === null) return "–";
  return calibration.edge
    ? html`<span class="chip" data-tone="good">edge</span>`
    : html`<span class="chip">no edge</span>`;
}
