/** @import { Market } from "./model.js" */
/** @import { State } from "./state.js" */
import { h, oncePerFrame, setText } from "../dom.js";
import { formatCount } from "../format.js";
import { COLUMNS } from "./columns.js";
import { Rows } from "./rows.js";

const NAME_WIDTH = 196;
const NARROW_NAME_WIDTH = 132;
const RANK_WIDTH = 52;
const narrow = matchMedia("(max-width: 719px)");

/**
 * Thousands of rows of which only those in sight exist: a grid with a head and a first column that
 * stay, and rows of one height that are used again as the reader scrolls.
 *
 * @param {AbortSignal} lifetime
 * @param {(key: string) => void} sort the head of a column was pressed
 */
export function screenerTable(lifetime, sort) {
  const head = h("div", { class: "screener-head", role: "row", "aria-rowindex": "1" });
  const rows = new Rows();
  const body = h("div", { class: "screener-body", role: "rowgroup" });
  const grid = h(
    "div",
    { class: "screener-grid", role: "grid", "aria-label": "Assets" },
    h("div", { class: "screener-heads", role: "rowgroup" }, head),
    body,
  );
  const place = h("div", { class: "screener-place", tabindex: "-1" }, grid);
  /** @type {Market | null} */
  let market = null;
  let shownColumns = "";

  const renew = () => rows.show(place.scrollTop, place.clientHeight);
  const renewSoon = oncePerFrame(renew);
  place.addEventListener("scroll", renewSoon, { passive: true, signal: lifetime });
  grid.addEventListener("keydown", (event) => rows.move(event, place), { signal: lifetime });
  grid.addEventListener("focusin", (event) => rows.focused(event), { signal: lifetime });
  const observer = new ResizeObserver(() => {
    // A name that stays in sight is a layer of its own, which costs: only where it is needed.
    grid.toggleAttribute("data-wide", place.scrollWidth > place.clientWidth);
    renewSoon();
  });
  observer.observe(place);
  observer.observe(grid);
  lifetime.addEventListener("abort", () => observer.disconnect());
  addEventListener("clock", () => rows.renew(), { signal: lifetime });

  /** @param {string[]} keys */
  const chooseColumns = (keys) => {
    const nameWidth = narrow.matches ? NARROW_NAME_WIDTH : NAME_WIDTH;
    const wanted = `${keys.join(" ")} ${nameWidth}`;
    if (wanted === shownColumns) return;
    shownColumns = wanted;
    const columns = COLUMNS.filter(({ key }) => keys.includes(key));
    const widths = [
      ...(narrow.matches ? [] : [`${RANK_WIDTH}px`]),
      narrow.matches ? `${nameWidth}px` : `minmax(${nameWidth}px, 1.6fr)`,
      ...columns.map(({ width }) => `minmax(${width}px, 1fr)`),
    ];
    grid.style.setProperty("--screener-columns", widths.join(" "));
    const least = columns.reduce((sum, { width }) => sum + width, nameWidth + (narrow.matches ? 0 : RANK_WIDTH));
    grid.style.minWidth = `${least}px`;
    head.replaceChildren(
      ...(narrow.matches ? [] : [headCell("rank", "#", "Rank by market cap", true, sort)]),
      headCell("name", "Asset", "Name", true, sort),
      ...columns.map(({ key, label, title, sorts }) => headCell(key, label, title, sorts, sort)),
    );
    grid.setAttribute("aria-colcount", String(head.children.length));
    rows.make(columns, !narrow.matches, body);
  };

  return {
    element: place,
    /**
     * @param {Market} told
     * @param {State} state
     * @param {Int32Array} order
     * @param {boolean} fromTop whether it is another list now
     */
    update(told, state, order, fromTop) {
      market = told;
      chooseColumns(state.columns);
      for (const cell of head.children) {
        const { key } = /** @type {HTMLElement} */ (cell).dataset;
        if (key === state.sort) cell.setAttribute("aria-sort", state.order);
        else cell.removeAttribute("aria-sort");
      }
      grid.setAttribute("aria-rowcount", String(order.length + 1));
      rows.take(market, order);
      if (fromTop) place.scrollTop = 0;
      renew();
      rows.renew();
    },
    /** What is in sight was told anew. */
    renew: () => rows.renew(),
  };
}

/**
 * @param {string} key
 * @param {string} label
 * @param {string} title
 * @param {boolean} sorts
 * @param {(key: string) => void} sort
 */
function headCell(key, label, title, sorts, sort) {
  const inside = sorts
    ? h(
        "button",
        { class: "screener-sort", type: "button", on: { click: () => sort(key) } },
        label,
        h("span", { class: "screener-arrow", "aria-hidden": "true" }),
      )
    : label;
  return h("div", { class: "screener-cell", role: "columnheader", title, data: { key } }, inside);
}

/**
 * @param {HTMLElement} place
 * @param {number} shown
 * @param {number} all
 */
export function tellCount(place, shown, all) {
  setText(place, shown === all ? `${formatCount(all)} assets` : `${formatCount(shown)} of ${formatCount(all)} assets`);
}
