import { formatCompact, formatDayAndClock } from "../../format.js";
import { html } from "../../ui/preact.js";

const WIDTH = 960;
const HEIGHT = 150;
const MARGIN = 6;

/**
 * The value of the whole market through the period, as a line that prints as sharply as it shows.
 *
 * @param {{path: [number, number][], source: string}} properties epoch seconds and US dollars
 */
export function MarketPath({ path, source }) {
  const values = path.map(([, value]) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const [start, end] = [path[0][0], path[path.length - 1][0]];
  const line = path
    .map(([at, value], index) => {
      const x = MARGIN + ((at - start) / (end - start || 1)) * (WIDTH - 2 * MARGIN);
      const y = HEIGHT - MARGIN - ((value - low) / (high - low || 1)) * (HEIGHT - 2 * MARGIN);
      return `${index ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join("");
  const says = `The whole market went from ${formatCompact(values[0])} to ${formatCompact(values[values.length - 1])}, between ${formatCompact(low)} and ${formatCompact(high)}.`;
  return html`<figure class="report-path">
    <div class="report-path-frame">
      <span class="report-path-label" data-end="high">${formatCompact(high)}</span>
      <span class="report-path-label" data-end="low">${formatCompact(low)}</span>
      <svg viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label=${says}>
        <path class="report-path-area" d=${`${line}L${WIDTH - MARGIN} ${HEIGHT}L${MARGIN} ${HEIGHT}Z`} />
        <path class="report-path-line" d=${line} />
      </svg>
    </div>
    <figcaption class="report-path-foot">
      <span>${formatDayAndClock(new Date(start * 1000))}</span>
      <span>Value of the whole market, by ${source}</span>
      <span>${formatDayAndClock(new Date(end * 1000))}</span>
    </figcaption>
  </figure>`;
}
