/** @import { AssetView, Point, Signal } from "../types.js" */
import { fill, h } from "../dom.js";
import { formatCompact, formatDayAndClock, formatPrice } from "../format.js";
import { choiceGroup } from "../parts/choice-group.js";
import { emptyState } from "../parts/notices.js";
import { themeChanges } from "../theme.js";

const RANGES = [
  { value: "1", label: "24h", title: "Last 24 hours" },
  { value: "3", label: "3d", title: "Last 3 days" },
  { value: "7", label: "7d", title: "Last 7 days" },
];
const INTERVALS = [
  { value: "900", label: "15m", title: "One bar per 15 minutes" },
  { value: "3600", label: "1h", title: "One bar per hour" },
];
const STYLES = [
  { value: "line", label: "Line" },
  { value: "candles", label: "Candles" },
];

/**
 * The chart with its controls and legend. The library is loaded when the first chart is shown.
 *
 * @param {AbortSignal} lifetime
 * @param {(signal: Signal) => void} choose a signal was chosen on the chart
 */
export function chartPanel(lifetime, choose) {
  const legend = h("div", { class: "chart-legend" });
  const canvas = h("div", { class: "chart-canvas", role: "img", "aria-label": "Price chart" });
  const frame = h("div", { class: "chart-frame" }, legend, canvas);
  let style = "line";
  /** @type {import("./price-chart.js").PriceChart | null} */
  let chart = null;
  /** @type {Signal[]} */
  let marked = [];

  const element = h(
    "section",
    { class: "chart panel", "aria-label": "Price and volume" },
    h(
      "div",
      { class: "chart-controls" },
      choiceGroup({
        label: "Range",
        choices: RANGES,
        chosen: "1",
        choose: (days) => chart?.showDays(Number(days)),
      }),
      choiceGroup({
        label: "Interval",
        choices: INTERVALS,
        chosen: "900",
        choose: (s) => chart?.setInterval(Number(s)),
      }),
      choiceGroup({
        label: "Style",
        choices: STYLES,
        chosen: style,
        choose: (chosen) => {
          style = chosen;
          chart?.setStyle(chosen);
        },
      }),
    ),
    frame,
  );

  /**
   * @param {import("./bars.js").Bar | undefined} bar
   * @param {Signal | undefined} signal
   */
  const tell = (bar, signal) => {
    if (!bar) return fill(legend);
    const prices =
      style === "line"
        ? [part("Price", formatPrice(bar.close))]
        : [
            part("O", formatPrice(bar.open)),
            part("H", formatPrice(bar.high)),
            part("L", formatPrice(bar.low)),
            part("C", formatPrice(bar.close)),
          ];
    fill(
      legend,
      h("span", { class: "legend-time" }, formatDayAndClock(new Date(bar.time * 1000))),
      prices,
      part("24 h volume", formatCompact(bar.volume)),
      signal && h("span", { class: "legend-signal" }, signal.explanation),
    );
  };

  /** @param {typeof import("./price-chart.js").PriceChart} PriceChart */
  const draw = (PriceChart) => {
    fill(frame, legend, canvas);
    const drawn = new PriceChart(canvas, { point: tell, choose });
    themeChanges.addEventListener("change", () => drawn.repaint(), { signal: lifetime });
    lifetime.addEventListener("abort", () => drawn.remove());
    return drawn;
  };

  return {
    element,
    /** @param {AssetView} view */
    async show({ asset, points }) {
      if (points.length < 2) {
        fill(
          frame,
          emptyState({ title: "No history yet", text: "The chart begins with the second tick." }),
        );
        return;
      }
      const library = await import("./price-chart.js").catch(() => null);
      if (lifetime.aborted) return;
      if (!library) {
        fill(
          frame,
          emptyState({ title: "The chart could not be loaded", text: "Reload the page." }),
        );
        return;
      }
      chart ??= draw(library.PriceChart);
      chart.setSignals(marked);
      chart.setPoints(points);
      canvas.setAttribute("aria-label", summary(asset.name, points));
    },
    /** @param {Point} point */
    append: (point) => chart?.append(point),
    /** @param {Signal[]} signals */
    setSignals: (signals) => {
      marked = signals;
      chart?.setSignals(signals);
    },
    /** @param {Signal} signal */
    pointAt: (signal) => chart?.pointAt(signal),
  };
}

/**
 * @param {string} label
 * @param {string} value
 */
function part(label, value) {
  return h(
    "span",
    { class: "legend-part" },
    h("span", { class: "legend-label" }, label),
    " ",
    value,
  );
}

/**
 * @param {string} name
 * @param {Point[]} points
 * @returns {string} the chart in a sentence, for who cannot see it
 */
function summary(name, points) {
  const prices = points.flatMap(([, price]) => (price === null ? [] : [price]));
  const low = formatPrice(Math.min(...prices));
  const high = formatPrice(Math.max(...prices));
  const [from, to] = [points[0], points[points.length - 1]].map(([at]) => new Date(at * 1000));
  const times = `${formatDayAndClock(from)} to ${formatDayAndClock(to)}`;
  return `Price chart of ${name}, ${times}: between ${low} and ${high}, last ${formatPrice(prices.at(-1))}.`;
}
