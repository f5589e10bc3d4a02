import { formatCount, formatRate } from "../format.js";
import { html, useId } from "../ui/preact.js";

const SIZE = 260;
const MARGIN = { left: 44, right: 14, top: 14, bottom: 40 };
const TICKS = [0, 0.25, 0.5, 0.75, 1];
const [WIDTH, HEIGHT] = [MARGIN.left + SIZE + MARGIN.right, MARGIN.top + SIZE + MARGIN.bottom];

/** @param {number} p 0..1 */
const x = (p) => MARGIN.left + p * SIZE;
/** @param {number} p 0..1 */
const y = (p) => MARGIN.top + (1 - p) * SIZE;

/**
 * What was said against what came: a point for each band of probabilities, as large as its count,
 * with its 95 % interval. On the diagonal a probability is what it says. The table beside it holds
 * the same.
 *
 * @param {{bins: {p: number, share: number, n: number, interval: [number, number]}[], base: number, name: string}} properties
 */
export function CalibrationPlot({ bins, base, name }) {
  const id = useId();
  const most = Math.max(...bins.map(({ n }) => n), 1);
  return html`<svg class="calibration-plot" viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-labelledby=${id}>
    <title id=${id}>${`Calibration of ${name}: ${bins.map(({ p, share }) => `said ${formatRate(p)}, came ${formatRate(share)}`).join("; ")}`}</title>
    ${TICKS.map((tick) => html`<g key=${tick} class="plot-tick">
      <line class="plot-grid" x1=${x(0)} x2=${x(1)} y1=${y(tick)} y2=${y(tick)} />
      <text x=${x(0) - 8} y=${y(tick) + 4} text-anchor="end">${formatRate(tick)}</text>
      <text x=${x(tick)} y=${y(0) + 18} text-anchor="middle">${formatRate(tick)}</text>
    </g>`)}
    <line class="plot-diagonal" x1=${x(0)} y1=${y(0)} x2=${x(1)} y2=${y(1)} />
    <line class="plot-base" x1=${x(0)} x2=${x(1)} y1=${y(base)} y2=${y(base)} />
    ${bins.map(({ p, share, n, interval: [low, high] }) => html`<g key=${p} class="plot-point">
      <line x1=${x(p)} x2=${x(p)} y1=${y(low)} y2=${y(high)} />
      <line x1=${x(p) - 5} x2=${x(p) + 5} y1=${y(low)} y2=${y(low)} />
      <line x1=${x(p) - 5} x2=${x(p) + 5} y1=${y(high)} y2=${y(high)} />
      <circle cx=${x(p)} cy=${y(share)} r=${4 + 6 * Math.sqrt(n / most)} />
      <text class="plot-count" x=${x(p)} y=${y(high) - 5} text-anchor="middle">${formatCount(n)}</text>
    </g>`)}
    <text class="plot-label" x=${x(0.5)} y=${HEIGHT - 4} text-anchor="middle">Probability that was given</text>
    <text class="plot-label" transform=${`translate(11 ${y(0.5)}) rotate(-90)`} text-anchor="middle">Came true</text>
  </svg>`;
}

/** What the marks of the plots mean. */
export function PlotKey() {
  return html`<ul class="plot-key">
    <li><span class="plot-key-point" aria-hidden="true"></span>Share that came true, its 95 % interval, and above it the number of signals</li>
    <li><span class="plot-key-diagonal" aria-hidden="true"></span>Where an honest probability lies</li>
    <li><span class="plot-key-base" aria-hidden="true"></span>Base rate: how often it happens anyway</li>
  </ul>`;
}
