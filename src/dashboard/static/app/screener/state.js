import { COLUMNS, FIRST_COLUMNS } from "./columns.js";

/**
 * @typedef {object} State what the address says: a link to it shows the same rows
 * @property {string} sort a column's key, or "rank"
 * @property {"ascending" | "descending"} order
 * @property {string[]} columns
 * @property {string} text
 * @property {number | null} leastCap US dollars
 * @property {number | null} leastVolume US dollars
 * @property {number | null} leastChange percent within 24 hours
 * @property {number | null} mostChange
 * @property {boolean} signalled only what has a signal that lasts
 * @property {string | null} watchlist
 */

const FIRST_ORDER = { rank: "ascending", name: "ascending" };

/**
 * @param {string} key
 * @returns {"ascending" | "descending"} the order that a click on its head begins with
 */
export const firstOrder = (key) => /** @type {any} */ (FIRST_ORDER)[key] ?? "descending";

/**
 * @param {URLSearchParams} query what makes no sense in it is passed over
 * @returns {State}
 */
export function readState(query) {
  const sortable = ["rank", "name", ...COLUMNS.filter(({ sorts }) => sorts).map(({ key }) => key)];
  const asked = query.get("sort") ?? "rank";
  const sort = sortable.includes(asked) ? asked : "rank";
  const order = query.get("order");
  const named = (query.get("columns") ?? "").split(",");
  const columns = COLUMNS.map(({ key }) => key).filter((key) => named.includes(key));
  return {
    sort,
    order: order === "asc" ? "ascending" : order === "desc" ? "descending" : firstOrder(sort),
    columns: columns.length ? columns : FIRST_COLUMNS,
    text: query.get("q") ?? "",
    leastCap: numberIn(query, "min_cap"),
    leastVolume: numberIn(query, "min_volume"),
    leastChange: numberIn(query, "min_change"),
    mostChange: numberIn(query, "max_change"),
    signalled: query.get("signals") === "now",
    watchlist: query.get("watchlist"),
  };
}

/**
 * @param {URLSearchParams} query
 * @param {string} name
 */
function numberIn(query, name) {
  const text = query.get(name);
  return text !== null && text !== "" && Number.isFinite(Number(text)) ? Number(text) : null;
}

/**
 * @param {string} key of the column whose head was clicked
 * @param {State} state
 * @returns {Record<string, string | null>} how the address changes
 */
export function sortedBy(key, { sort, order }) {
  const first = firstOrder(key);
  const other = first === "ascending" ? "descending" : "ascending";
  const next = sort === key && order === first ? other : first;
  const plain = key === "rank" && next === "ascending";
  return {
    sort: plain ? null : key,
    order: plain || next === first ? null : next === "ascending" ? "asc" : "desc",
  };
}

/** @param {State} state @returns {number} of filters that leave something out */
export function countFilters(state) {
  return [state.leastCap, state.leastVolume, state.leastChange, state.mostChange, state.watchlist]
    .filter((value) => value !== null).length + (state.signalled ? 1 : 0);
}
