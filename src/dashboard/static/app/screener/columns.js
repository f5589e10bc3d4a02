/** @import { Market } from "./model.js" */
import { h, setText } from "../dom.js";
import { formatAge, formatCompact, formatCount, formatPrice, formatShare, formatUtc } from "../format.js";
import { changeValue, directionArrow, setChange } from "../parts/change.js";
import { typeIcon, typeLabel } from "../parts/signal-types.js";
import { setSparkline, sparkline } from "../parts/sparkline.js";
import { icon } from "../icons.js";

/**
 * @typedef {object} Column
 * @property {string} key
 * @property {string} label
 * @property {string} title
 * @property {number} width px
 * @property {boolean} sorts
 * @property {(cell: HTMLElement) => void} create makes what `update` changes
 * @property {(cell: HTMLElement, market: Market, row: number) => void} update
 */

const LOWEST = 35; // the code of the lowest price in a trend

/** @type {Column[]} */
export const COLUMNS = [
  {
    key: "price",
    label: "Price",
    title: "US dollars, agreed by its sources",
    width: 112,
    sorts: true,
    create: () => {},
    update: (cell, market, row) => {
      setText(cell, formatPrice(known(market.numbers.price[row])));
      cell.dataset.field = "price";
      cell.dataset.value = String(market.numbers.price[row]);
    },
  },
  changeColumn("change_1h", "1 h"),
  changeColumn("change_24h", "24 h"),
  changeColumn("change_7d", "7 d"),
  textColumn("volume_24h", "24 h volume", "US dollars traded within 24 hours", 108, formatCompact),
  textColumn("turnover", "Volume / cap", "24 h volume as a share of market cap", 104, (value) =>
    formatShare(value === null ? null : 100 * value),
  ),
  textColumn("market_cap", "Market cap", "US dollars", 108, formatCompact),
  {
    key: "trend",
    label: "Last 24 h",
    title: "Price of the last 24 hours, by two hours",
    width: 120,
    sorts: false,
    create: (cell) => cell.append(sparkline()),
    update: (cell, market, row) => setSparkline(/** @type {any} */ (cell.firstElementChild), heights(market.trend[row])),
  },
  textColumn("sources", "Sources", "How many sources agreed on the price", 84, formatCount),
  {
    key: "observed",
    label: "Age",
    title: "When the price was observed",
    width: 108,
    sorts: true,
    create: () => {},
    update: (cell, market, row) => {
      const at = new Date(market.numbers.observed[row]);
      setText(cell, Number.isNaN(at.getTime()) ? "–" : formatAge(at));
      cell.title = Number.isNaN(at.getTime()) ? "" : `${formatUtc(at)}, ${market.source[row]}`;
    },
  },
  {
    key: "signals",
    label: "Signals, 24 h",
    title: "How many signals fired within 24 hours, and the newest",
    width: 176,
    sorts: true,
    create: () => {},
    update: updateSignals,
  },
];
/** What is shown unless the address says otherwise; on a narrow screen the day comes first. */
export const FIRST_COLUMNS = [
  "price",
  ...(matchMedia("(max-width: 719px)").matches ? [] : ["change_1h"]),
  "change_24h",
  "change_7d",
  "volume_24h",
  "market_cap",
  "trend",
  "signals",
];

/**
 * @param {"change_1h" | "change_24h" | "change_7d"} key
 * @param {string} label
 * @returns {Column}
 */
function changeColumn(key, label) {
  return {
    key,
    label,
    title: `Change over ${label}`,
    width: 92,
    sorts: true,
    create: (cell) => cell.append(changeValue(null)),
    update: (cell, market, row) => setChange(/** @type {any} */ (cell.firstElementChild), known(market.numbers[key][row])),
  };
}

/**
 * @param {string} key
 * @param {string} label
 * @param {string} title
 * @param {number} width
 * @param {(value: number | null) => string} write
 * @returns {Column}
 */
function textColumn(key, label, title, width, write) {
  return {
    key,
    label,
    title,
    width,
    sorts: true,
    create: () => {},
    update: (cell, market, row) => setText(cell, write(known(market.numbers[key][row]))),
  };
}

/** @param {number} value */
const known = (value) => (Number.isNaN(value) ? null : value);

/**
 * @param {string} trend
 * @returns {(number | null)[]}
 */
export const heights = (trend) =>
  Array.from(trend, (one) => (one === " " ? null : one.charCodeAt(0) - LOWEST));

/**
 * @param {HTMLElement} cell
 * @param {Market} market
 * @param {number} row
 */
function updateSignals(cell, market, row) {
  const fired = market.fired.get(market.asset_id[row]);
  const shown = fired ? `${fired.signal_id} ${fired.signals_24h} ${fired.lasting}` : "";
  if (cell.dataset.shown === shown) return;
  cell.dataset.shown = shown;
  cell.title = fired?.explanation ?? "";
  cell.toggleAttribute("data-lasting", Boolean(fired?.lasting));
  cell.replaceChildren();
  if (!fired) return;
  cell.append(
    icon(typeIcon(fired.type)),
    h("span", { class: "screener-type" }, typeLabel(fired.type)),
    directionArrow(fired.type === "source_trouble" ? null : fired.direction) ?? "",
    fired.signals_24h > 1 ? h("span", { class: "screener-more" }, `+${fired.signals_24h - 1}`) : "",
  );
}
