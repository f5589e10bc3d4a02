import { formatCount, formatDate, formatDuration, formatPlain, formatRate, formatShare, parseTime } from "../format.js";
import { Icon } from "../ui/icon.js";
import { html } from "../ui/preact.js";
import { Age } from "../ui/times.js";
import { CalibrationPlot } from "./calibration-plot.js";
import { typeIcon, typeLabel } from "./signal-types.js";
import { sentenceOf, skillOf, VERDICTS, verdictOf } from "./track-verdict.js";

/**
 * The record of one type of signal, which fired at least once, by one horizon.
 *
 * @param {{about: any, records: any[], recent: any[], reasons: any[], horizon: number}} properties
 */
export function TrackType({ about, records, recent, reasons, horizon }) {
  const record = records.find((one) => one.horizon_seconds === horizon);
  const label = typeLabel(about.type);
  const id = `record-${about.type}`;
  return html`<section class="panel track-type" aria-labelledby=${id} data-type=${about.type}>
    <div class="panel-head">
      <h2 class="panel-title track-title" id=${id}><${Icon} name=${typeIcon(about.type)} />${label}</h2>
      ${record && html`<${VerdictChip} record=${record} />`}
    </div>
    <p class="quiet">Counts as a hit within ${formatDuration(horizon)}: ${about.claim}.</p>
    ${record && html`<${Record} record=${record} label=${label} />`}
    <${Foot} about=${about} record=${record} reasons=${reasons}
      now=${recent.find((one) => one.horizon_seconds === horizon)} />
  </section>`;
}

/** @param {{record: any}} properties */
export function VerdictChip({ record }) {
  const { text, tone } = VERDICTS[verdictOf(record)];
  return html`<span class="chip" data-tone=${tone}>${text}</span>`;
}

/** @param {{record: any, label: string}} properties */
function Record({ record, label }) {
  const { report, calibration } = record;
  return html`
    <p class="track-sentence">${sentenceOf(record)}</p>
    <p class="panel-note">${skillOf(record)}</p>
    ${report.n > 0 && html`<div class="track-detail">
      <${CalibrationPlot} bins=${report.reliability} base=${calibration.base_rate} name=${label} />
      <div class="track-tables">
        <${RateTable} title="By the probability that was given" first="Given"
          rows=${report.reliability.map((/** @type {any} */ bin) => ({ ...bin, name: formatRate(bin.p), key: bin.p }))} />
        <${RateTable} title="By strength, in thresholds" first="Strength"
          rows=${report.bands.map((/** @type {any} */ band, /** @type {number} */ place) => ({
            ...band,
            name: strength(band.low, report.bands[place + 1]?.low),
            key: band.low,
          }))} />
      </div>
    </div>`}
  `;
}

/** @param {{title: string, first: string, rows: any[]}} properties */
function RateTable({ title, first, rows }) {
  return html`<table class="table track-table">
    <caption>${title}</caption>
    <thead><tr>
      <th scope="col">${first}</th><th scope="col" class="number">Came true</th>
      <th scope="col" class="number">95 % interval</th><th scope="col" class="number">n</th>
    </tr></thead>
    <tbody>${rows.map(({ key, name, share, interval, n }) => html`<tr key=${key}>
      <th scope="row">${name}</th>
      <td class="number">${formatRate(share)}</td>
      <td class="number quiet">${formatRate(interval[0])} – ${formatRate(interval[1])}</td>
      <td class="number">${formatCount(n)}</td>
    </tr>`)}</tbody>
  </table>`;
}

/** @param {{about: any, record: any, now: any, reasons: any[]}} properties */
function Foot({ about, record, now, reasons }) {
  const first = parseTime(about.started_at);
  const why = reasons.map(({ reason, n }) => `${reason ?? "unknown"} (${formatCount(n)})`).join("; ");
  return html`<dl class="track-foot">
    <div><dt>Since</dt><dd>${first ? formatDate(first) : "–"}</dd></div>
    <div><dt>Newest signal</dt><dd><${Age} at=${about.last_at} /></dd></div>
    ${record && html`
      <div><dt>Judged</dt><dd>${formatCount(record.report.n)} on ${formatCount(record.report.days)} days, worth ${formatPlain(record.report.n_effective)} independent ones</dd></div>
      <div><dt>Calibrated</dt><dd>version ${formatCount(record.version)}, <${Age} at=${record.made_at} /></dd></div>
    `}
    ${now && html`
      <div><dt>Waiting to be judged</dt><dd>${formatCount(now.pending)}</dd></div>
      <div><dt>Could not be judged</dt><dd>${formatCount(now.unjudgeable)} in 30 days${why && `: ${why}`}</dd></div>
    `}
  </dl>`;
}

/**
 * @param {number} low
 * @param {number | undefined} next
 */
function strength(low, next) {
  return next ? `${formatPlain(low)} to ${formatPlain(next)}` : `${formatPlain(low)} and more`;
}

/**
 * Every type by every horizon: hit rate, base rate, count and verdict.
 *
 * @param {{types: any[], records: any[], horizons: number[]}} properties
 */
export function Glance({ types, records, horizons }) {
  return html`<div class="table-place" tabindex="0" role="region" aria-label="All types by horizon">
    <table class="table track-glance">
      <caption class="visually-hidden">Hit rate by type and horizon, beside the base rate</caption>
      <thead><tr>
        <th scope="col">Type</th>
        ${horizons.map((horizon) => html`<th key=${horizon} scope="col">Within ${formatDuration(horizon)}</th>`)}
      </tr></thead>
      <tbody>${types.map(({ type }) => html`<tr key=${type}>
        <th scope="row"><a class="track-link" href=${`#record-${type}`}><${Icon} name=${typeIcon(type)} />${typeLabel(type)}</a></th>
        ${horizons.map((horizon) => html`<td key=${horizon}><${Cell}
          record=${records.find((one) => one.type === type && one.horizon_seconds === horizon)} /></td>`)}
      </tr>`)}</tbody>
    </table>
  </div>`;
}

/** @param {{record: any}} properties */
function Cell({ record }) {
  if (!record || record.report.n === 0) return html`<span class="quiet">none judged</span>`;
  const { report, calibration } = record;
  const known = verdictOf(record) !== "unknown";
  return html`<span class="track-cell">
    <span class="track-rate" data-known=${String(known)}>${formatRate(report.share)}</span>
    <${VerdictChip} record=${record} />
    <span class="quiet">against ${formatShare(100 * calibration.base_rate)}, n ${formatCount(report.n)}</span>
  </span>`;
}
