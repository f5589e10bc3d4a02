import { formatChange, formatCompact, formatPlain } from "../format.js";
import { directionOf } from "../parts/change.js";
import { outsideLink } from "../dom.js";
import { Native } from "./native.js";
import { html } from "./preact.js";
import { Freshness } from "./times.js";

/** How a value in a unit of readings is written (units: common/readings.py). */
const WRITE = {
  USD: formatCompact,
  "%": (/** @type {number} */ value) => `${formatPlain(value)} %`,
};

/**
 * @param {number | null | undefined} value
 * @param {string} unit
 */
export function writeIn(value, unit) {
  if (value === null || value === undefined) return "–";
  const write = WRITE[/** @type {"USD"} */ (unit)];
  return write ? write(value) : `${formatPlain(value)} ${unit}`;
}

/** A change in percent, by sign and colour. @param {{of: number | null | undefined}} properties */
export function Change({ of: percent }) {
  const known = typeof percent === "number";
  return html`<span class="change" data-direction=${directionOf(known ? percent : null)}>
    ${formatChange(known ? percent : null)}
  </span>`;
}

/**
 * Whose data a panel shows, and how old it is.
 *
 * @param {object} properties
 * @param {{rows: {source: string, observed_at: string}[], attribution: Record<string, {text: string, url: string}>}} properties.of
 * @param {number} [properties.after] seconds until it is old
 */
export function Provenance({ of: readings, after }) {
  const newest = readings.rows.map((row) => row.observed_at).sort().at(-1) ?? null;
  return html`<span class="provenance panel-note">
    ${Object.entries(readings.attribution).map(
      ([source, { text, url }]) =>
        html`<${Native} key=${source} class="inline" make=${() => outsideLink(url, text)} />`,
    )}
    <${Freshness} at=${newest} after=${after} />
  </span>`;
}

/**
 * A panel with a title and what it holds.
 *
 * @param {{title: string, note?: any, children?: any, class?: string}} properties
 */
export function Panel({ title, note, children, class: className = "" }) {
  return html`<section class=${`panel ${className}`} aria-label=${title}>
    <div class="panel-head"><h2 class="panel-title">${title}</h2>${note}</div>
    ${children}
  </section>`;
}

/**
 * Rows with a bar each, for comparing sizes.
 *
 * @param {object} properties
 * @param {{key: string, name: any, value: number, text: string, more?: any}[]} properties.rows
 */
export function BarList({ rows }) {
  const largest = Math.max(...rows.map(({ value }) => value), 0) || 1;
  return html`<ul class="bar-list">
    ${rows.map(
      ({ key, name, value, text, more }) =>
        html`<li key=${key} class="bar-row">
          <span class="bar-name">${name}</span>
          <meter class="bar" min="0" max=${largest} value=${value} aria-hidden="true"></meter>
          <span class="bar-value">${text}</span>
          <span class="bar-more">${more}</span>
        </li>`,
    )}
  </ul>`;
}
