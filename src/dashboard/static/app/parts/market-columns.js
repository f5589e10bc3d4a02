/** @import { Asset, Signal } from "../types.js" */
import { h, setText } from "../dom.js";
import { formatCompact, formatPrice } from "../format.js";
import { icon } from "../icons.js";
import { store } from "../store.js";
import { assetBadge } from "./asset-badge.js";
import { changeValue, directionArrow, setChange } from "./change.js";
import { assetDirection, typeIcon, typeLabel } from "./signal-types.js";
import { setSparkline, sparkline } from "./sparkline.js";
import { age, setStaleChip, staleChip } from "./time.js";

const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * @typedef {object} Row
 * @property {Asset} asset
 * @property {number} rank by market cap, from 1
 * @property {Signal | undefined} lastSignal
 *
 * @typedef {object} Column
 * @property {string} key
 * @property {string} label
 * @property {string} [title]
 * @property {(row: Row) => string | number | null} [sortBy] absent: the column cannot be sorted
 * @property {"ascending" | "descending"} [firstOrder]
 * @property {boolean} [text] aligned left
 * @property {(cell: HTMLElement, row: Row) => void} create
 * @property {(cell: HTMLElement, row: Row) => void} update
 */

/** @type {Column[]} */
export const COLUMNS = [
  {
    key: "rank",
    label: "#",
    title: "Rank by market cap",
    sortBy: (row) => row.rank,
    firstOrder: "ascending",
    create: () => {},
    update: (cell, row) => setText(cell, String(row.rank)),
  },
  {
    key: "name",
    label: "Asset",
    sortBy: (row) => row.asset.name.toLocaleLowerCase(),
    firstOrder: "ascending",
    text: true,
    create: createName,
    update: () => {},
  },
  {
    key: "price",
    label: "Price",
    sortBy: (row) => row.asset.price,
    create: (cell, row) =>
      cell.append(h("span", { class: "price-text" }), staleChip(row.asset.observed_at)),
    update: updatePrice,
  },
  changeColumn("change_1h", "1 h"),
  changeColumn("change_24h", "24 h"),
  moneyColumn("volume_24h", "24 h volume"),
  moneyColumn("market_cap", "Market cap"),
  {
    key: "trend",
    label: "Last 24 h",
    create: (cell) => cell.append(sparkline()),
    update: (cell, row) => {
      const line = /** @type {SVGElement} */ (cell.firstElementChild);
      setSparkline(line, store.sparklines.get(row.asset.asset_id));
    },
  },
  {
    key: "signal",
    label: "Last signal",
    sortBy: (row) => row.lastSignal?.created_at ?? null,
    create: () => {},
    update: updateSignal,
  },
];

/**
 * @param {"change_1h" | "change_24h"} key
 * @param {string} label
 * @returns {Column}
 */
function changeColumn(key, label) {
  return {
    key,
    label,
    sortBy: (row) => row.asset[key],
    create: (cell, row) => cell.append(changeValue(row.asset[key])),
    update: (cell, row) =>
      setChange(/** @type {HTMLElement} */ (cell.firstElementChild), row.asset[key]),
  };
}

/**
 * @param {"volume_24h" | "market_cap"} key
 * @param {string} label
 * @returns {Column}
 */
function moneyColumn(key, label) {
  return {
    key,
    label,
    sortBy: (row) => row.asset[key],
    create: () => {},
    update: (cell, row) => setText(cell, formatCompact(row.asset[key])),
  };
}

/**
 * @param {HTMLElement} cell
 * @param {Row} row
 */
function createName(cell, { asset }) {
  cell.append(
    h(
      "a",
      { class: "row-link", href: `/asset/${encodeURIComponent(asset.asset_id)}` },
      assetBadge(asset.symbol),
      h(
        "span",
        { class: "asset-label" },
        h("span", { class: "asset-name" }, asset.name),
        h("span", { class: "asset-symbol" }, asset.symbol),
      ),
    ),
  );
}

/**
 * @param {HTMLElement} cell
 * @param {Row} row
 */
function updatePrice(cell, { asset }) {
  const before = cell.dataset.value === undefined ? null : Number(cell.dataset.value);
  setStaleChip(/** @type {HTMLElement} */ (cell.lastElementChild), asset.observed_at);
  setText(/** @type {HTMLElement} */ (cell.firstElementChild), formatPrice(asset.price));
  cell.dataset.field = "price";
  if (asset.price === null) {
    delete cell.dataset.value;
    return;
  }
  cell.dataset.value = String(asset.price);
  if (before !== null && before !== asset.price) flash(cell, asset.price > before ? "up" : "down");
}

/**
 * @param {HTMLElement} cell
 * @param {"up" | "down"} direction
 */
function flash(cell, direction) {
  if (reducedMotion.matches) return;
  cell.dataset.flash = direction;
  cell.addEventListener("animationend", () => delete cell.dataset.flash, { once: true });
}

/**
 * @param {HTMLElement} cell
 * @param {Row} row
 */
function updateSignal(cell, { lastSignal }) {
  if (cell.dataset.shown === (lastSignal?.id ?? "")) return;
  cell.dataset.shown = lastSignal?.id ?? "";
  cell.replaceChildren();
  if (!lastSignal) return;
  cell.append(
    h(
      "span",
      { class: "last-signal" },
      icon(typeIcon(lastSignal.type)),
      h("span", { class: "visually-hidden" }, typeLabel(lastSignal.type)),
      directionArrow(assetDirection(lastSignal)),
      age(lastSignal.created_at),
    ),
  );
}
