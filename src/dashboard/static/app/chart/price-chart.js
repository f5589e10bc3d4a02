/** @import { Candles, Signal } from "../types.js" */
/** @import { Bar, Tick } from "./bars.js" */
import {
  AreaSeries,
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
} from "../../vendor/lightweight-charts.mjs";
import { formatCompact, formatPrice } from "../format.js";
import { barOf, extendBars, smallestStep, toBars } from "./bars.js";
import { chartColours, chartLook, LOCAL_TIMES, priceLook } from "./look.js";
import { marksOf } from "./marks.js";

const DAY_SECONDS = 86_400;
/** Shares of the pane; the legend stands in the upper one. */
const PRICE_MARGINS = { top: 0.16, bottom: 0.08 };
/** Pixels left free after the last bar, for its mark and the last label of the axis. */
const FREE_AT_END = 32;
const TICKS_KEPT = 100;

/**
 * Price above, rolling 24 h volume below, signals as marks on the price.
 */
export class PriceChart {
  /** @type {Signal[]} */
  #signals = [];
  /** @type {Bar[]} */
  bars = [];
  /** @type {Tick[]} */
  #ticks = [];
  #style = "line";
  #seconds = 900;
  #days = 1;
  /** @type {number | null} index of the bar that the keyboard is at */
  cursor = null;
  // Untyped: the library's types brand times and enumerations that JavaScript has as plain values.
  /** @type {any} */
  price;
  /** @type {any} */
  marks;

  /**
   * @param {HTMLElement} container
   * @param {object} handlers
   * @param {(bar: Bar | undefined, signal: Signal | undefined) => void} handlers.point the bar under
   *   the crosshair, else the last one; the signal under the pointer
   * @param {(signal: Signal) => void} handlers.choose a mark was clicked
   * @param {() => void} handlers.moved other bars are in view, or the same elsewhere
   */
  constructor(container, { point, choose, moved }) {
    this.point = point;
    this.choose = choose;
    const { timeFormatter, tickMarkFormatter } = LOCAL_TIMES;
    this.chart = /** @type {any} */ (createChart)(container, {
      ...chartLook(chartColours()),
      autoSize: true,
      localization: { timeFormatter },
      timeScale: { timeVisible: true, borderVisible: false, tickMarkFormatter },
      rightPriceScale: { borderVisible: false, entireTextOnly: true, scaleMargins: PRICE_MARGINS },
      handleScroll: { vertTouchDrag: false },
    });
    this.scale = this.chart.timeScale();
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
    this.scale.subscribeVisibleLogicalRangeChange(moved);
    this.scale.subscribeSizeChange(moved);
  }

  /** @param {Candles} candles what came by `append` after the last of them stays */
  setCandles({ bars, window_seconds: seconds, observed_at }) {
    const known = Date.parse(observed_at ?? "") / 1000 || 0;
    if (seconds !== this.#seconds) this.cursor = null;
    this.#seconds = seconds;
    this.bars = toBars(bars);
    this.#ticks = this.#ticks.filter(([at]) => at > known);
    for (const tick of this.#ticks) extendBars(this.bars, seconds, tick);
    this.#draw();
  }

  /** @param {Tick} tick */
  append(tick) {
    this.#ticks = [...this.#ticks, tick].slice(-TICKS_KEPT);
    extendBars(this.bars, this.#seconds, tick);
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

  /** @param {number} days up to the newest bar */
  showDays(days) {
    this.#days = days;
    const last = this.bars.at(-1);
    if (!last) return;
    const since = last.time - days * DAY_SECONDS;
    const from = this.bars.findIndex((bar) => bar.time >= since);
    const to = this.bars.length - 1;
    const width = Math.max(this.scale.width() - FREE_AT_END, FREE_AT_END);
    this.scale.setVisibleLogicalRange({ from, to: to + ((to - from) * FREE_AT_END) / width });
  }

  clearCursor() {
    this.cursor = null;
    this.chart.clearCrosshairPosition();
    this.point(this.bars.at(-1), undefined);
  }

  /** Opens the signal of the bar that the keyboard is at. */
  chooseAtCursor() {
    const signal = this.cursor === null ? undefined : this.#signalIn(this.bars[this.cursor]);
    if (signal) this.choose(signal);
  }

  /**
   * Puts the crosshair on a signal, scrolling there when it is out of view.
   *
   * @param {Signal} signal
   */
  pointAt(signal) {
    const bar = barOf(signal.created_at, this.bars);
    if (bar) this.pointAtIndex(this.bars.indexOf(bar), signal);
  }

  /**
   * @param {string} moment ISO 8601
   * @returns {number | null} where its bar stands, in pixels from the left; null outside the view
   */
  placeOf(moment) {
    const bar = barOf(moment, this.bars);
    const at = bar && this.scale.timeToCoordinate(bar.time);
    return typeof at === "number" && at >= 0 && at <= this.scale.width() ? at : null;
  }

  /** Repaints in the colours of the theme. */
  repaint() {
    const colours = chartColours();
    this.chart.applyOptions(chartLook(colours));
    this.price.applyOptions(priceLook(this.#style, colours));
    this.#draw();
  }

  remove() {
    this.chart.remove();
  }

  /**
   * @param {number} index
   * @param {Signal} [signal]
   */
  pointAtIndex(index, signal) {
    const bar = this.bars[index];
    if (!bar) return;
    this.cursor = index;
    const range = this.scale.getVisibleLogicalRange();
    if (range && (index < range.from || index > range.to)) {
      const half = (range.to - range.from) / 2;
      this.scale.setVisibleLogicalRange({ from: index - half, to: index + half });
    }
    this.chart.setCrosshairPosition(bar.close, bar.time, this.price);
    this.point(bar, signal ?? this.#signalIn(bar));
  }

  #addPriceSeries() {
    this.price = this.chart.addSeries(
      this.#style === "line" ? AreaSeries : CandlestickSeries,
      priceLook(this.#style, chartColours()),
    );
    this.marks = createSeriesMarkers(this.price, []);
  }

  #draw() {
    const { volume: color } = chartColours();
    const minMove = smallestStep(this.bars.at(-1)?.close ?? 1);
    this.price.applyOptions({ priceFormat: { type: "custom", formatter: formatPrice, minMove } });
    this.price.setData(
      this.#style === "line"
        ? this.bars.map(({ time, close }) => ({ time, value: close }))
        : this.bars,
    );
    this.volume.setData(
      this.bars.map(({ time, volume }) =>
        volume === null ? { time } : { time, value: volume, color },
      ),
    );
    this.#drawSignals();
    this.point(this.bars.at(-1), undefined);
  }

  #drawSignals() {
    this.marks.setMarkers(marksOf(this.#signals, this.bars, chartColours()));
  }

  /** @param {any} event */
  #follow(event) {
    const index = this.bars.findIndex(({ time }) => time === event.time);
    if (event.sourceEvent) this.cursor = index < 0 ? null : index;
    this.point(this.bars[index] ?? this.bars.at(-1), this.#signalById(event.hoveredObjectId));
  }

  /** @param {unknown} id */
  #signalById(id) {
    return this.#signals.find((signal) => signal.id === id);
  }

  /** @param {Bar | undefined} bar */
  #signalIn(bar) {
    return this.#signals.find((signal) => barOf(signal.created_at, this.bars) === bar);
  }
}
