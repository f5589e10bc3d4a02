/** @import { PriceChart } from "./price-chart.js" */

export const KEYS =
  "Left and right arrows go from bar to bar, with Shift ten at a time. Home and End go to the first" +
  " and the last bar, plus and minus zoom, Enter opens the signal at the bar.";
const STEP_FAST = 10;
const ZOOM = 1.4;
const FEWEST_BARS = 6; // that zooming in leaves

/**
 * Lets the keyboard do what the pointer does on a chart.
 *
 * @param {HTMLElement} canvas has the focus
 * @param {() => PriceChart | null} chart
 * @param {(text: "bar" | "range") => void} moved something was shown that a reader may want to hear
 */
export function steerByKeys(canvas, chart, moved) {
  canvas.addEventListener("keydown", (event) => {
    const shown = chart();
    if (!shown || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? STEP_FAST : 1;
    /** @type {Record<string, () => void>} */
    const moves = {
      ArrowLeft: () => stepBy(shown, -step),
      ArrowRight: () => stepBy(shown, step),
      Home: () => stepBy(shown, -Infinity),
      End: () => stepBy(shown, Infinity),
      "+": () => zoom(shown, 1 / ZOOM),
      "=": () => zoom(shown, 1 / ZOOM),
      "-": () => zoom(shown, ZOOM),
      Enter: () => shown.chooseAtCursor(),
      Escape: () => shown.clearCursor(),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
    moved(event.key.length === 1 ? "range" : "bar");
  });
}

/**
 * @param {PriceChart} chart
 * @param {number} count of bars to go forward, negative to go back; infinite for an end
 */
function stepBy(chart, count) {
  const last = chart.bars.length - 1;
  const from = chart.cursor ?? last + (count < 0 ? 1 : 0);
  chart.pointAtIndex(Math.min(Math.max(from + count, 0), last));
}

/**
 * @param {PriceChart} chart
 * @param {number} factor of the bars in view; above 1 shows more of them
 */
function zoom(chart, factor) {
  const { bars, scale, cursor } = chart;
  const range = scale.getVisibleLogicalRange();
  if (!range) return;
  const middle = cursor ?? (range.from + range.to) / 2;
  const half = Math.max(((range.to - range.from) * factor) / 2, FEWEST_BARS / 2);
  const from = Math.max(middle - half, -FEWEST_BARS);
  const to = Math.min(middle + half, bars.length - 1 + FEWEST_BARS);
  scale.setVisibleLogicalRange({ from, to });
  // The crosshair stays where it is in pixels, which is another bar now.
  if (cursor !== null) requestAnimationFrame(() => chart.pointAtIndex(cursor));
}
