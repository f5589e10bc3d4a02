import { formatCount, formatUtcDay } from "../format.js";
import { html } from "../ui/preact.js";

const HEIGHT = 120;
const GAP = 0.25; // of the place of a bar

/**
 * How much there was on each day, and which part of it went wrong.
 *
 * @param {object} properties
 * @param {string} properties.label
 * @param {{day: string, value: number, wrong: number}[]} properties.days every day, the oldest first
 * @param {string} properties.unit of the values, in the plural
 */
export function DayBars({ label, days, unit }) {
  const most = Math.max(1, ...days.map(({ value }) => value));
  const sum = days.reduce((all, { value }) => all + value, 0);
  const size = (/** @type {number} */ value) => (value / most) * HEIGHT;
  return html`<figure class="day-bars">
    <p class="day-bars-most" aria-hidden="true">${formatCount(most)}</p>
      <svg class="day-bars-plot" viewBox=${`0 0 ${days.length} ${HEIGHT}`} preserveAspectRatio="none"
        role="img" aria-label=${`${label}: ${formatCount(sum)} ${unit} in ${days.length} days, at most ${formatCount(most)} a day`}>
        ${days.map(
          ({ day, value, wrong }, at) => html`<g key=${day}>
            <title>${`${formatUtcDay(day)}: ${formatCount(value)} ${unit}, ${formatCount(wrong)} refused or failed`}</title>
            <rect class="day-bars-place" x=${at} y="0" width="1" height=${HEIGHT} />
            <rect class="day-bars-value" x=${at + GAP / 2} y=${HEIGHT - size(value)} width=${1 - GAP} height=${size(value)} />
            <rect class="day-bars-wrong" x=${at + GAP / 2} y=${HEIGHT - size(wrong)} width=${1 - GAP} height=${size(wrong)} />
          </g>`,
        )}
      </svg>
    <figcaption class="day-bars-dates">
      <span>${days.length ? formatUtcDay(days[0].day) : ""}</span>
      <span class="day-bars-key"><i class="day-bars-mark"></i>requests <i class="day-bars-mark" data-wrong></i>of them refused or failed</span>
      <span>${days.length ? formatUtcDay(days[days.length - 1].day) : ""}</span>
    </figcaption>
  </figure>`;
}

/**
 * @param {{day: string, requests: number, errors: number}[]} told those with any, in any order
 * @param {number} count how many days, today the last
 * @param {Date} today
 */
export function everyDay(told, count, today) {
  const known = new Map(told.map((one) => [one.day, one]));
  return Array.from({ length: count }, (_, at) => {
    const day = new Date(today.getTime() - (count - 1 - at) * 86_400_000).toISOString().slice(0, 10);
    const one = known.get(day);
    return { day, value: one?.requests ?? 0, wrong: one?.errors ?? 0 };
  });
}
