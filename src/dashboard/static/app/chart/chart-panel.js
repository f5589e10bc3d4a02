/** @import { AssetView, Candles, NewsItem, Signal } from "../types.js" */
/** @import { Bar, Tick } from "./bars.js" */
import { fill, h, setText } from "../dom.js";
import { formatCompact, formatDayAndClock, formatPrice, formatUtcDay } from "../format.js";
import { choiceGroup } from "../parts/choice-group.js";
import { emptyState } from "../parts/notices.js";
import { themeChanges } from "../theme.js";
import { KEYS, steerByKeys } from "./keys.js";
import { newsLane } from "./news-lane.js";

const INTERVALS = [
  { value: "15m", label: "15m", title: "One bar per 15 minutes" },
  { value: "1h", label: "1h", title: "One bar per hour" },
  { value: "1d", label: "1d", title: "One bar per day, of UTC" },
];
/** Days that may be shown of each interval; the first unless told. @type {Record<string, number[]>} */
const RANGES = { "15m": [1, 3, 7], "1h": [7, 14, 30], "1d": [30, 90, 365] };
const STYLES = [
  { value: "line", label: "Line" },
  { value: "candles", label: "Candles" },
];

/**
 * @param {string | null} interval
 * @param {string | null} range days
 * @returns {{interval: string, days: number}} what of it there is
 */
export function chartChoice(interval, range) {
  const known = interval && interval in RANGES ? interval : "15m";
  const days = Number(range);
  return { interval: known, days: RANGES[known].includes(days) ? days : RANGES[known][0] };
}

/**
 * The chart with its controls and legend. The library is loaded when the first chart is shown.
 *
 * @param {AbortSignal} lifetime
 * @param {object} handlers
 * @param {(signal: Signal) => void} handlers.choose a signal was chosen on the chart
 * @param {(story: NewsItem) => void} handlers.read a story was
 * @param {(changes: {interval?: string, range?: string | null}) => void} handlers.ask for other bars
 * @param {{interval: string, days: number}} first
 */
export function chartPanel(lifetime, { choose, read, ask }, first) {
  const legend = h("div", { class: "chart-legend" });
  const told = h("span", { class: "visually-hidden", role: "status" });
  const help = h("span", { class: "visually-hidden", id: "chart-keys" }, KEYS);
  const canvas = h("div", {
    class: "chart-canvas",
    role: "application",
    tabindex: 0,
    "aria-label": "Price chart",
    "aria-roledescription": "chart",
    "aria-describedby": help.id,
  });
  const lane = newsLane((moment) => chart?.placeOf(moment) ?? null, read);
  const frame = h("div", { class: "chart-frame" }, legend, canvas);
  const ranges = h("div", { class: "chart-ranges" });
  let style = "line";
  let wanted = first;
  let drawn = "";
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
        label: "Interval",
        choices: INTERVALS,
        chosen: first.interval,
        choose: (interval) => ask({ interval, range: null }),
      }),
      ranges,
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
    lane.element,
    help,
    told,
  );
  steerByKeys(canvas, () => chart, (what) => {
    setText(told, what === "bar" ? (legend.textContent ?? "") : "Zoomed");
  });

  /**
   * @param {Bar | undefined} bar
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
      h("span", { class: "legend-time" }, beginOf(bar, drawn)),
      prices,
      part("24 h volume", formatCompact(bar.volume)),
      signal && h("span", { class: "legend-signal" }, signal.explanation),
    );
  };

  /** @param {typeof import("./price-chart.js").PriceChart} PriceChart */
  const draw = (PriceChart) => {
    fill(frame, legend, canvas);
    const made = new PriceChart(canvas, { point: tell, choose, moved: lane.moved });
    themeChanges.addEventListener("change", () => made.repaint(), { signal: lifetime });
    lifetime.addEventListener("abort", () => made.remove());
    return made;
  };

  const showRanges = () => {
    const choices = RANGES[wanted.interval].map((days) => ({
      value: String(days),
      label: days === 1 ? "24h" : days === 365 ? "1y" : `${days}d`,
      title: days === 1 ? "Last 24 hours" : `Last ${days} days`,
    }));
    const chosen = String(wanted.days);
    fill(ranges, choiceGroup({ label: "Range", choices, chosen, choose: (range) => ask({ range }) }));
  };

  showRanges();
  return {
    element,
    /** @param {{interval: string, days: number}} now what the address asks for */
    want(now) {
      const same = now.interval === wanted.interval;
      wanted = now;
      frame.toggleAttribute("aria-busy", !same);
      if (!same) showRanges();
      if (same) chart?.showDays(now.days);
    },
    /** @param {AssetView} view */
    async show({ asset, candles, news }) {
      if (!candles || candles.bars.length < 2) {
        const text = "The chart begins with its second bar.";
        return fill(frame, emptyState({ title: "No history yet", text }));
      }
      const library = await import("./price-chart.js").catch(() => null);
      if (lifetime.aborted) return;
      if (!library) {
        const title = "The chart could not be loaded";
        return fill(frame, emptyState({ title, text: "Reload the page." }));
      }
      if (!chart || !canvas.isConnected) {
        chart?.remove();
        chart = draw(library.PriceChart);
        if (style !== "line") chart.setStyle(style);
      }
      const other = drawn !== candles.interval;
      drawn = candles.interval;
      chart.setSignals(marked);
      chart.setCandles(candles);
      if (other) chart.showDays(wanted.days);
      frame.removeAttribute("aria-busy");
      lane.show(news);
      canvas.setAttribute("aria-label", summary(asset.name, candles));
    },
    /** @param {Tick} tick */
    append: (tick) => chart?.append(tick),
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
 * @param {Bar} bar
 * @param {string} interval
 */
function beginOf({ time }, interval) {
  const date = new Date(time * 1000);
  // A day of UTC is called by its date there, whatever time it begins at here.
  if (interval === "1d") return `${formatUtcDay(date.toISOString().slice(0, 10))} UTC`;
  return formatDayAndClock(date);
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
 * @param {Candles} candles
 * @returns {string} the chart in a sentence, for who cannot see it
 */
function summary(name, { bars }) {
  const low = formatPrice(Math.min(...bars.map((bar) => bar[3])));
  const high = formatPrice(Math.max(...bars.map((bar) => bar[2])));
  const [from, to] = [bars[0], bars[bars.length - 1]].map(([at]) => new Date(at * 1000));
  const times = `${formatDayAndClock(from)} to ${formatDayAndClock(to)}`;
  const last = formatPrice(bars[bars.length - 1][4]);
  return `Price chart of ${name}, ${times}: between ${low} and ${high}, last ${last}.`;
}
