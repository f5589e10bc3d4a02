import { h } from "../dom.js";
import { formatCount, formatDayAndClock, formatDuration, formatSigned } from "../format.js";
import { time } from "./time.js";

const STRONG = 0.7;
const WEAK = 0.3;

/**
 * How an asset moved with the largest others.
 *
 * @param {any} correlation of the view
 */
export function companionsPanel({ with: rows, window_seconds, as_of }) {
  const known = rows.filter((/** @type {any} */ row) => row.correlation !== null);
  if (known.length === 0) {
    const text = "Too few hours of prices so far: a day of them is needed.";
    return h("p", { class: "panel-note" }, text);
  }
  return h(
    "div",
    { class: "companions" },
    h("p", { class: "companions-text" }, sentence(known)),
    h(
      "table",
      { class: "table companions-table", "aria-label": "Correlation" },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "col" }, "With"),
          h("th", { scope: "col", class: "number" }, "r"),
          h("th", { scope: "col" }, h("span", { class: "visually-hidden" }, "From -1 to 1")),
          h("th", { scope: "col", class: "number" }, "Hours"),
        ),
      ),
      h("tbody", {}, known.map(row)),
    ),
    h(
      "p",
      { class: "panel-note" },
      `Pearson's r of hourly returns over ${formatDuration(window_seconds)}, price of record, until `,
      time(as_of, formatDayAndClock),
    ),
  );
}

/** @param {any} other */
function row({ asset_id, symbol, name, correlation, n }) {
  const level = h("span", { class: "r-level", data: { direction: correlation < 0 ? "down" : "up" } });
  level.style.left = `${50 * (1 + Math.min(correlation, 0))}%`;
  level.style.width = `${50 * Math.abs(correlation)}%`;
  return h(
    "tr",
    {},
    h(
      "th",
      { scope: "row" },
      h("a", { class: "table-link", href: `/asset/${encodeURIComponent(asset_id)}`, title: name }, symbol),
    ),
    h("td", { class: "number" }, formatSigned(correlation)),
    h("td", { class: "r-cell" }, h("span", { class: "r-bar", "aria-hidden": "true" }, level)),
    h("td", { class: "number quiet" }, formatCount(n)),
  );
}

/** @param {any[]} rows */
function sentence(rows) {
  const [most] = [...rows].sort((a, b) => b.correlation - a.correlation);
  const mean = rows.reduce((sum, { correlation }) => sum + correlation, 0) / rows.length;
  const how =
    mean >= STRONG
      ? "Moves with the market"
      : mean >= WEAK
        ? "Moves partly with the market"
        : "Moves mostly by itself";
  return `${how}; closest to ${most.symbol}.`;
}
