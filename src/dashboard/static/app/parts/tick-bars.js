import { formatClock, formatCount, parseTime } from "../format.js";
import { html } from "../ui/preact.js";

const QUARTER_MS = 900_000;
const PLACES = 96; // quarters of an hour in a day
const HEIGHT = 48;

/**
 * A bar for each quarter of an hour of the last day: its tick, or none.
 *
 * @param {{ticks: {tick: string, ok: number, degraded: number, stored: number, slowest_ms: number}[]}} properties the oldest first
 */
export function TickBars({ ticks }) {
  const last = parseTime(ticks.at(-1)?.tick)?.getTime();
  if (!last) return html`<p class="panel-note">No tick was collected in the last day.</p>`;
  const end = Math.floor(last / QUARTER_MS);
  const known = new Map(ticks.map((one) => [Math.floor(Date.parse(one.tick) / QUARTER_MS), one]));
  const places = Array.from({ length: PLACES }, (_, at) => end - PLACES + 1 + at);
  const first = Math.min(...known.keys());
  const whole = ticks.filter(({ degraded }) => degraded === 0).length;
  const missing = places.filter((place) => place >= first && !known.has(place)).length;
  const said = `${whole} of ${ticks.length} ticks without a source in trouble, ${missing} missing`;
  return html`<figure class="tick-bars">
    <svg class="tick-bars-plot" viewBox=${`0 0 ${PLACES} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label=${said}>
      ${places.map((place, at) => {
        const tick = known.get(place);
        const state = tick ? (tick.degraded ? "degraded" : "ok") : place < first ? "before" : "missing";
        return html`<g key=${place}><title>${title(place, tick, state)}</title>
          <rect x=${at + 0.1} y="0" width="0.8" height=${HEIGHT} data-state=${state} /></g>`;
      })}
    </svg>
    <figcaption class="tick-bars-dates"><span>${formatClock(new Date((end - PLACES + 1) * QUARTER_MS))}</span>
      <span>${said}</span><span>${formatClock(new Date(end * QUARTER_MS))}</span></figcaption>
  </figure>`;
}

/**
 * @param {number} place
 * @param {any} tick
 * @param {string} state
 */
function title(place, tick, state) {
  const at = formatClock(new Date(place * QUARTER_MS));
  if (!tick) return `${at}: ${state === "before" ? "before the first tick" : "no tick"}`;
  return `${at}: ${formatCount(tick.ok)} sources ok, ${formatCount(tick.degraded)} degraded, ${formatCount(tick.stored)} rows, slowest ${formatCount(tick.slowest_ms)} ms`;
}
