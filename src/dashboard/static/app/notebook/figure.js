import uPlot from "../../vendor/uplot.mjs";
import { chartColours } from "../chart/look.js";
import { fill, h } from "../dom.js";
import { themeChanges } from "../theme.js";
import { amount, asTable, categories, inWords, marksList, place } from "./figure-words.js";

/**
 * @typedef {object} Series
 * @property {string} label
 * @property {"line" | "bar" | "points"} kind
 * @property {(number | string)[]} x
 * @property {(number | null)[]} y
 *
 * @typedef {object} Figure what `cryptointel.plot` tells
 * @property {string} title
 * @property {string} unit
 * @property {"time" | "number" | "category"} axis times are epoch seconds
 * @property {Series[]} series
 * @property {{x: number | string, label: string}[]} marks
 */

const HEIGHT = 300;
const HEIGHT_NARROW = 240;
const NARROW = 520;
const AXIS = 64; // pixels for the numbers beside the chart
const LETTER = 6.5; // pixels
const LONGEST_NAME = 20;
const short = new Intl.NumberFormat(undefined, { notation: "compact", maximumSignificantDigits: 5 });

/**
 * @param {Figure} figure
 * @param {AbortSignal} lifetime
 * @returns {HTMLElement} the chart, with what it shows in words and as a table
 */
export function figureElement(figure, lifetime) {
  const place = h("div", { class: "figure-chart", role: "img", "aria-label": inWords(figure) });
  const element = h(
    "figure",
    { class: "figure" },
    figure.title && h("figcaption", { class: "figure-title" }, figure.title),
    place,
    figure.marks.length > 0 && marksList(figure),
    asTable(figure),
  );
  /** @type {uPlot | null} */
  let chart = null;
  const draw = () => {
    chart?.destroy();
    fill(place);
    chart = new uPlot(options(figure, place.clientWidth), aligned(figure), place);
  };
  const watch = new ResizeObserver(() => {
    if (!chart) return draw();
    chart.setSize({ width: place.clientWidth, height: height(figure, place.clientWidth) });
  });
  watch.observe(place);
  themeChanges.addEventListener("change", draw, { signal: lifetime });
  lifetime.addEventListener("abort", () => {
    watch.disconnect();
    chart?.destroy();
  });
  return element;
}

/**
 * @param {Figure} figure
 * @param {number} width
 */
function height(figure, width) {
  const { size = 0 } = room(categories(figure), width);
  return size + (width < NARROW ? HEIGHT_NARROW : HEIGHT);
}

/**
 * One row of x for all series. What another series alone has is undefined in it, which is drawn
 * through; null is a gap.
 *
 * @param {Figure} figure
 */
function aligned(figure) {
  const names = new Map(categories(figure).map((name, place) => [name, place]));
  /** @param {Series} one */
  const table = ({ x, y }) => [x.map((at) => (names.size ? names.get(String(at)) : at)), y];
  return uPlot.join(figure.series.map(table));
}

/**
 * @param {Figure} figure
 * @param {number} width
 */
function options(figure, width) {
  const colours = chartColours();
  const palette = [colours.line, colours.up, colours.down, colours.crosshair, colours.volume];
  const names = categories(figure);
  const axis = {
    stroke: colours.text,
    grid: { stroke: colours.grid, width: 1 },
    ticks: { show: false },
    font: `11px ${getComputedStyle(document.body).fontFamily}`,
  };
  return {
    width,
    height: height(figure, width),
    scales: {
      x: { time: figure.axis === "time", range: figure.axis === "category" ? around : undefined },
      y: { range: figure.series.some(({ kind }) => kind === "bar") ? fromZero : undefined },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        ...(names.length > 0 && {
          splits: () => names.map((_, place) => place),
          values: () => names.map((name) => cut(name)),
          ...room(names, width),
        }),
      },
      {
        ...axis,
        size: AXIS,
        values: (/** @type {any} */ _, /** @type {number[]} */ values) =>
          values.map((value) => short.format(value)),
      },
    ],
    legend: { live: true },
    cursor: { y: false },
    hooks: { draw: [(/** @type {any} */ chart) => drawMarks(chart, figure, colours)] },
    series: [
      { label: { time: "Time", number: "x", category: "Name" }[figure.axis], value: (_, at) => place(figure, names, at) },
      ...figure.series.map((one, number) => look(one, palette[number % palette.length], figure)),
    ],
  };
}

/**
 * @param {Series} series
 * @param {string} colour
 * @param {Figure} figure
 */
function look({ label, kind }, colour, { unit }) {
  return {
    label: unit ? `${label}, ${unit}` : label,
    stroke: colour,
    width: kind === "bar" ? 0 : 1.5,
    points: { show: kind === "points", size: 7, fill: colour },
    value: (/** @type {any} */ _, /** @type {number | null} */ value) =>
      value === null ? "–" : amount.format(value),
    ...(kind === "bar" && { fill: colour, paths: uPlot.paths.bars({ size: [0.6, 48] }) }),
    ...(kind === "points" && { paths: () => null }),
  };
}

/**
 * Names that do not fit side by side stand aslant.
 *
 * @param {string[]} names
 * @param {number} width
 * @returns {{rotate?: number, size?: number}} of the axis
 */
function room(names, width) {
  if (names.length === 0) return {};
  const longest = Math.max(...names.map((name) => cut(name).length)) * LETTER;
  if (longest < (width - AXIS) / names.length) return {};
  return { rotate: -50, size: 24 + longest * 0.75 };
}

/** @param {string} name */
function cut(name) {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
}

/** Half a category of room at both ends. @type {(chart: any, least: number, most: number) => number[]} */
const around = (_, least, most) => [least - 0.5, most + 0.5];

/** Bars stand on zero. @type {(chart: any, least: number, most: number) => number[]} */
const fromZero = (_, least, most) => [Math.min(0, least * 1.05), Math.max(0, most * 1.05)];

/**
 * @param {any} chart
 * @param {Figure} figure
 * @param {ReturnType<typeof chartColours>} colours
 */
function drawMarks(chart, figure, colours) {
  const { ctx, bbox } = chart;
  const names = categories(figure);
  ctx.save();
  ctx.strokeStyle = colours.down;
  ctx.fillStyle = colours.down;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  for (const { x } of figure.marks) {
    const at = names.length ? names.indexOf(String(x)) : Number(x);
    const left = Math.round(chart.valToPos(at, "x", true));
    if (left < bbox.left || left > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(left, bbox.top);
    ctx.lineTo(left, bbox.top + bbox.height);
    ctx.stroke();
    const size = 5 * devicePixelRatio;
    ctx.beginPath();
    ctx.moveTo(left - size, bbox.top);
    ctx.lineTo(left + size, bbox.top);
    ctx.lineTo(left, bbox.top + size);
    ctx.fill();
  }
  ctx.restore();
}
