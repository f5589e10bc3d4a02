import { chartColours } from "../chart/look.js";
import { formatDayAndClock } from "../format.js";
import { themeChanges } from "../theme.js";
import { html, useEffect, useRef, useState } from "./preact.js";

/** @type {Promise<any> | null} */
let library = null;

/** @returns {Promise<any>} uPlot, with its stylesheet; fetched when the first chart is shown */
function charts() {
  library ??= Promise.all([import("../../vendor/uplot.mjs"), stylesheet()]).then(
    ([{ default: uPlot }]) => uPlot,
  );
  return library;
}

function stylesheet() {
  return new Promise((resolve) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL("../../vendor/uplot.css", import.meta.url).href;
    link.addEventListener("load", resolve);
    link.addEventListener("error", resolve);
    document.head.append(link);
  });
}

/**
 * Lines over time. What they say is told in words too: `label` names the chart, and the last value
 * of each line stands in its legend.
 *
 * @param {object} properties
 * @param {string} properties.label
 * @param {{name: string, points: [number, number | null][], colour?: "line" | "up" | "down" | "flat"}[]} properties.lines
 *   points are [epoch seconds, value], the oldest first
 * @param {(value: number) => string} properties.write how a value is written
 * @param {number} [properties.height]
 * @param {[number, number]} [properties.range] of the values, when it is fixed
 */
export function LineChart({ label, lines, write, height = 200, range }) {
  const place = useRef(/** @type {any} */ (null));
  const [failed, setFailed] = useState(false);
  const said = lines
    .filter(({ points }) => points.length > 0)
    .map(({ name, points }) => `${name} ${write(/** @type {number} */ (points.at(-1)?.[1]))}`)
    .join(", ");

  const drawable = lines.some(({ points }) => points.length > 1);

  useEffect(() => {
    if (!drawable) return;
    const room = place.current;
    let chart = /** @type {any} */ (null);
    let gone = false;
    const draw = async () => {
      const uPlot = await charts().catch(() => null);
      if (gone) return;
      if (!uPlot) return setFailed(true);
      chart?.destroy();
      chart = new uPlot(
        options({ lines, write, height, range, width: room.clientWidth }),
        joined(uPlot, lines),
        room,
      );
    };
    draw();
    themeChanges.addEventListener("change", draw);
    const sizes = new ResizeObserver(() =>
      chart?.setSize({ width: room.clientWidth, height }),
    );
    sizes.observe(room);
    return () => {
      gone = true;
      sizes.disconnect();
      themeChanges.removeEventListener("change", draw);
      chart?.destroy();
    };
  }, [lines, height]);

  if (!drawable) {
    return html`<p class="panel-note">A line is drawn here once there are two values.</p>`;
  }
  if (failed) return html`<p class="panel-note">The chart could not be loaded. ${said}</p>`;
  return html`<div class="line-chart">
    <div ref=${place} role="img" aria-label=${`${label}. Now: ${said}`}></div>
  </div>`;
}

/** @param {any} given */
function options({ lines, write, height, range, width }) {
  const colours = chartColours();
  const axis = {
    stroke: colours.text,
    font: "12px system-ui, sans-serif",
    grid: { stroke: colours.grid, width: 1 },
    ticks: { show: false },
  };
  const few = lines.length === 1;
  return {
    width,
    height,
    legend: { show: !few, live: false },
    cursor: { points: { size: 6 }, y: false },
    scales: { x: { time: true }, y: range ? { range } : {} },
    axes: [
      { ...axis, space: 72 },
      { ...axis, size: 64, values: (/** @type {any} */ _, /** @type {number[]} */ all) => all.map(write) },
    ],
    series: [
      { value: (/** @type {any} */ _, /** @type {number} */ at) => at && formatDayAndClock(new Date(at * 1000)) },
      ...lines.map((/** @type {any} */ { name, colour = "line" }, /** @type {number} */ index) => ({
        label: name,
        stroke: few ? colours[/** @type {"line"} */ (colour)] : hue(index),
        fill: few ? colours.area : undefined,
        width: 1.5,
        spanGaps: true,
        points: { show: false },
        value: (/** @type {any} */ _, /** @type {number} */ value) => write(value),
      })),
    ],
    padding: [8, 20, 0, 0],
    plugins: [tooltip(write)],
  };
}

/** @param {number} index of a line among several: hues apart, told by the legend as well */
function hue(index) {
  return `hsl(${(215 + index * 67) % 360} 60% 55%)`;
}

/**
 * @param {any} uPlot
 * @param {any[]} lines
 * @returns {any[]} the times of all lines, and each line's values at them
 */
function joined(uPlot, lines) {
  const tables = lines.map(({ points }) => [
    points.map((/** @type {any} */ [time]) => time),
    points.map((/** @type {any} */ [, value]) => value),
  ]);
  return tables.length === 1 ? tables[0] : uPlot.join(tables);
}

/**
 * What is under the pointer, written beside it.
 *
 * @param {(value: number) => string} write
 */
function tooltip(write) {
  const box = document.createElement("div");
  box.className = "chart-tooltip";
  box.hidden = true;
  return {
    hooks: {
      init: (/** @type {any} */ chart) => chart.over.append(box),
      setCursor: (/** @type {any} */ chart) => {
        const { idx, left } = chart.cursor;
        box.hidden = idx === null || idx === undefined || left < 0;
        if (box.hidden) return;
        const values = chart.series
          .slice(1)
          .map((/** @type {any} */ one, /** @type {number} */ at) => [one.label, chart.data[at + 1][idx]])
          .filter((/** @type {any[]} */ [, value]) => value !== null && value !== undefined)
          .map((/** @type {any[]} */ [name, value]) =>
            chart.series.length > 2 ? `${name} ${write(value)}` : write(value),
          );
        box.textContent = [formatDayAndClock(new Date(chart.data[0][idx] * 1000)), ...values].join("\n");
        const right = left > chart.over.clientWidth / 2;
        box.style.left = right ? "auto" : `${left + 10}px`;
        box.style.right = right ? `${chart.over.clientWidth - left + 10}px` : "auto";
      },
    },
  };
}
