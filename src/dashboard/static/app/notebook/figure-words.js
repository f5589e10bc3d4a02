import { h } from "../dom.js";
import { formatDayAndClock } from "../format.js";
import { dataTable } from "./table.js";

/** @import { Figure } from "./figure.js" */

const MOST_ROWS = 200;
export const amount = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 8 });

/** @param {Figure} figure */
export function categories({ axis, series }) {
  return axis === "category" ? [...new Set(series.flatMap(({ x }) => x.map(String)))] : [];
}

/**
 * @param {Figure} figure
 * @param {string[]} names
 * @param {number | null} at
 */
export function place({ axis }, names, at) {
  if (at === null) return "–";
  if (axis === "category") return names[at] ?? "–";
  return axis === "time" ? formatDayAndClock(new Date(at * 1000)) : amount.format(at);
}

/** @param {Figure} figure */
export function marksList(figure) {
  const names = categories(figure);
  return h(
    "details",
    { class: "figure-more" },
    h("summary", {}, `${amount.format(figure.marks.length)} marked`),
    h(
      "ul",
      { class: "figure-marks" },
      figure.marks.slice(0, MOST_ROWS).map(({ x, label }) =>
        h("li", {}, h("span", { class: "figure-place" }, written(figure, names, x)), ` ${label}`),
      ),
    ),
  );
}

/** @param {Figure} figure */
export function asTable(figure) {
  const rows = figure.series.flatMap(({ label, x, y }) =>
    x.map((at, place) => [label, written(figure, [], at), y[place]]),
  );
  return h(
    "details",
    { class: "figure-more" },
    h("summary", {}, "As a table"),
    dataTable({ columns: ["series", "x", "y"], rows: rows.slice(0, MOST_ROWS), total: rows.length }),
  );
}

/**
 * @param {Figure} figure
 * @param {string[]} names
 * @param {number | string} x
 */
function written(figure, names, x) {
  return typeof x === "number" ? place(figure, names, x) : x;
}

/**
 * @param {Figure} figure
 * @returns {string} what a chart shows, for who does not see it
 */
export function inWords(figure) {
  const told = figure.series.map(({ label, y }) => {
    const values = y.filter((value) => value !== null);
    if (values.length === 0) return `${label}: nothing`;
    const [least, most] = values.reduce(
      ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
      [Infinity, -Infinity],
    );
    return `${label}: ${values.length} values from ${amount.format(least)} to ${amount.format(most)}`;
  });
  return [figure.title || "Chart", ...told].join("; ");
}
