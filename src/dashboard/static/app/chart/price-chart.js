/** @import { Point, Signal } from "../types.js" */
import {
  AreaSeries,
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
} from "/vendor/lightweight-charts.mjs";
import { formatCompact, formatPrice } from "../format.js";
import { assetDirection } from "../parts/signal-types.js";
import { barOfSignal, smallestStep, toBars } from "./bars.js";
import { chartColours, chartLook, LOCAL_TIMES } from "./look.js";

const DAY_SECONDS = 86_400;
/** Shares of the pane; the legend stands in the upper one. */
const PRICE_MARGINS = { top: 0.16, bottom: 0.08 };
/** Pixels left free after the last bar, for its mark and the last label of the axis. */
const FREE_AT_END = 32;

/**
 * Price above, rolling 24 h volume below, signals as marks on the price.
 */
export class PriceChart {
  /** @type {Point[]} */
  #points = [];
  /** @type {Signal[]} */
  #signals = [];
  /** @type {import("./bars.js").Bar[]} */
  #bars = [];
  #style = "line";
  #seconds = 900;
  #days = 1;
  // Untyped: the library's types brand times and enumerations that JavaScript has as plain values.
  /** @type {any} */
  price;
  /** @type {any} */
  marks;

  /**
   * @param {HTMLElement} container
   * @param {object} handlers
   * @param {(bar: import("./bars.js").Bar | undefined, signal: Signal | undefined) => void} handlers.point
   *   the bar under the crosshair, else the last one; the signal under the pointer
   * @param {(signal: Signal) => void} handlers.choose a mark was clicked
   */
  constructor(container, { point, choose }) {
    this.point = point;
    const { timeFormatter, tickMarkFormatter } = LOCAL_TIMES;
    this.chart = /** @type {any} */ (createChart)(container, {
      ...chartLook(chartColours()),
      autoSize: true,
      localization: { timeFormatter },
      timeScale: { timeVisible: true, borderVisible: false, tickMarkFormatter },
      rightPriceScale: { borderVisible: false, entireTextOnly: true, scaleMargins: PRICE_MARGINS },
      handleScroll: { vertTouchDrag: false },
    });
    this.volume = this.chart.addSeries(
      HistogramSeries,
      {
        priceFormat: { type: "custom", formatter: formatCompact },
        priceLineVisible: false,
        lastValueVisible: false,
      },
      1,
    );
    this.chart.panes()[0].setStretchFactor(4);
    this.chart.panes()[1].setStretchFactor(1);
    this.#addPriceSeries();
    this.chart.subscribeCrosshairMove((/** @type {any} */ event) => this.#follow(event));
    this.chart.subscribeClick((/** @type {any} */ event) => {
      const signal = this.#signalById(event.hoveredObjectId);
      if (signal) choose(signal);
    });
  }

  /** @param {Point[]} points ascending; what was appended after the last of them stays */
  setPoints(points) {
    const first = this.#points.length === 0;
    const last = points.at(-1)?.[0] ?? 0;
    this.#points = [...points, ...this.#points.filter(([at]) => at > last)];
    this.#draw();
    if (first) this.showDays(this.#days);
  }

  /** @param {Point} point replaces the last one when it has the same time */
  append(point) {
    const last = this.#points.at(-1);
    if (last && point[0] < last[0]) return;
    this.#points =
      last?.[0] === point[0] ? [...this.#points.slice(0, -1), point] : [...this.#points, point];
    this.#draw();
  }

  /** @param {Signal[]} signals */
  setSignals(signals) {
    this.#signals = signals;
    this.#drawSignals();
  }

  /** @param {string} style "line" or "candles" */
  setStyle(style) {
    this.#style = style;
    const former = this.price;
    this.#addPriceSeries();
    // Only now: a pane without a series is removed, and the volume would move up.
    this.chart.removeSeries(former);
    this.#draw();
  }

  /** @param {number} seconds length of a bar */
  setInterval(seconds) {
    this.#seconds = seconds;
    this.#draw();
    this.showDays(this.#days);
  }

  /** @param {number} days up to the newest bar */
  showDays(days) {
    this.#days = days;
    const last = this.#bars.at(-1);
    if (!last) return;
    const since = last.time - days * DAY_SECONDS;
    const from = this.#bars.findIndex((bar) => bar.time >= since);
    const to = this.#bars.length - 1;
    const scale = this.chart.timeScale();
    const free = ((to - from) * FREE_AT_END) / Math.max(scale.width() - FREE_AT_END, FREE_AT_END);
    scale.setVisibleLogicalRange({ from, to: to + free });
  }

  /**
   * Puts the crosshair on a signal, scrolling there when it is out of view.
   *
   * @param {Signal} signal
   */
  pointAt(signal) {
    const bar = barOfSignal(signal, this.#bars);
    if (!bar) return;
    const index = this.#bars.indexOf(bar);
    const scale = this.chart.timeScale();
    const range = scale.getVisibleLogicalRange();
    if (range && (index < range.from || index > range.to)) {
      const half = (range.to - range.from) / 2;
      scale.setVisibleLogicalRange({ from: index - half, to: index + half });
    }
    this.chart.setCrosshairPosition(bar.close, bar.time, this.price);
    this.point(bar, signal);
  }

  /** Repaints in the colours of the theme. */
  repaint() {
    this.chart.applyOptions(chartLook(chartColours()));
    this.price.applyOptions(this.#priceLook());
    this.#draw();
  }

  remove() {
    this.chart.remove();
  }

  #addPriceSeries() {
    this.price = this.chart.addSeries(
      this.#style === "line" ? AreaSeries : CandlestickSeries,
      this.#priceLook(),
    );
    this.marks = createSeriesMarkers(this.price, []);
  }

  #priceLook() {
    const colours = chartColours();
    const minMove = smallestStep(this.#bars.at(-1)?.close ?? 1);
    const shared = { priceFormat: { type: "custom", formatter: formatPrice, minMove } };
    if (this.#style === "line") {
      return {
        ...shared,
        lineColor: colours.line,
        lineWidth: 2,
        topColor: colours.area,
        bottomColor: colours.areaEnd,
      };
    }
    const { up, down } = colours;
    return {
      ...shared,
      upColor: up,
      wickUpColor: up,
      downColor: down,
      wickDownColor: down,
      borderVisible: false,
    };
  }

  #draw() {
    const { volume: color } = chartColours();
    this.#bars = toBars(this.#points, this.#seconds);
    this.price.applyOptions(this.#priceLook());
    this.price.setData(
      this.#style === "line"
        ? this.#bars.map(({ time, close }) => ({ time, value: close }))
        : this.#bars,
    );
    this.volume.setData(
      this.#bars.map(({ time, volume }) =>
        volume === null ? { time } : { time, value: volume, color },
      ),
    );
    this.#drawSignals();
    this.point(this.#bars.at(-1), undefined);
  }

  #drawSignals() {
    const colours = chartColours();
    const marks = this.#signals.flatMap((signal) => {
      const bar = barOfSignal(signal, this.#bars);
      return bar ? [{ id: signal.id, time: bar.time, ...markLook(signal, colours) }] : [];
    });
    this.marks.setMarkers(marks.sort((a, b) => a.time - b.time));
  }

  /** @param {any} event */
  #follow(event) {
    const bar =
      event.time === undefined ? undefined : this.#bars.find(({ time }) => time === event.time);
    this.point(bar ?? this.#bars.at(-1), this.#signalById(event.hoveredObjectId));
  }

  /** @param {unknown} id */
  #signalById(id) {
    return this.#signals.find((signal) => signal.id === id);
  }
}

/**
 * @param {Signal} signal
 * @param {ReturnType<typeof chartColours>} colours
 */
function markLook(signal, colours) {
  const direction = assetDirection(signal);
  if (direction === "up") return { position: "belowBar", shape: "arrowUp", color: colours.up };
  if (direction === "down")
    return { position: "aboveBar", shape: "arrowDown", color: colours.down };
  return { position: "aboveBar", shape: "circle", color: colours.flat };
}
