/** @import { Row } from "./market-columns.js" */
import { h } from "../dom.js";
import { store } from "../store.js";
import { COLUMNS } from "./market-columns.js";

/**
 * The table's body: one element per asset, patched in place and moved, never built twice.
 */
export class MarketRows {
  /** @type {Map<string, HTMLTableRowElement>} */
  #elements = new Map();
  body = h("tbody", {});

  /** @param {Row[]} rows all of them */
  patch(rows) {
    for (const row of rows) {
      const known = this.#elements.get(row.asset.asset_id);
      const element = known ?? this.#create(row);
      COLUMNS.forEach((column, index) => {
        column.update(/** @type {HTMLElement} */ (element.children[index]), row);
      });
    }
  }

  /** @param {Row} row */
  #create(row) {
    const element = h("tr", { data: { asset: row.asset.asset_id } });
    for (const column of COLUMNS) {
      const cell = h(column.key === "name" ? "th" : "td", {
        class: `cell cell-${column.key}`,
        scope: column.key === "name" && "row",
      });
      column.create(cell, row);
      element.append(cell);
    }
    this.#elements.set(row.asset.asset_id, element);
    return element;
  }

  /**
   * Shows exactly these rows in this order, moving only what is out of place.
   *
   * @param {Row[]} rows
   */
  arrange(rows) {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    const wanted = new Set(rows.map((row) => row.asset.asset_id));
    for (const [id, element] of this.#elements) if (!wanted.has(id)) element.remove();
    /** @type {Element | null} */
    let place = this.body.firstElementChild;
    for (const row of rows) {
      const element = /** @type {HTMLElement} */ (this.#elements.get(row.asset.asset_id));
      if (element === place) place = place.nextElementSibling;
      else this.body.insertBefore(element, place);
    }
    if (focused && focused !== document.activeElement && this.body.contains(focused)) {
      focused.focus({ preventScroll: true });
    }
  }
}

/** @returns {Row[]} every asset, ranked by market cap */
export function currentRows() {
  const lastSignals = new Map();
  for (const signal of store.signals) {
    if (!lastSignals.has(signal.asset_id)) lastSignals.set(signal.asset_id, signal);
  }
  return [...store.assets.values()]
    .sort((a, b) => (b.market_cap ?? -1) - (a.market_cap ?? -1))
    .map((asset, index) => ({
      asset,
      rank: index + 1,
      lastSignal: lastSignals.get(asset.asset_id),
    }));
}

/**
 * @param {Row[]} rows
 * @param {{key: string, order: "ascending" | "descending"}} sort
 * @returns {Row[]} what is not known comes last in either order; ties keep their rank
 */
export function sortRows(rows, { key, order }) {
  const sortBy = COLUMNS.find((column) => column.key === key)?.sortBy;
  if (!sortBy) return rows;
  const sign = order === "ascending" ? 1 : -1;
  return [...rows].sort((a, b) => {
    const left = sortBy(a);
    const right = sortBy(b);
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    if (typeof left === "string") return sign * left.localeCompare(String(right));
    return sign * (left - Number(right));
  });
}
