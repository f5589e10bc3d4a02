/** @import { Row } from "./market-columns.js" */
import { h, oncePerFrame, setText } from "../dom.js";
import { formatCount } from "../format.js";
import { store } from "../store.js";
import { directionOf } from "./change.js";
import { choiceGroup } from "./choice-group.js";
import { COLUMNS } from "./market-columns.js";
import { currentRows, MarketRows, sortRows } from "./market-rows.js";
import { emptyState } from "./notices.js";

const SKELETON_ROWS = 12;
const ORDERS = [
  ["rank:ascending", "Market cap"],
  ["change_24h:descending", "24 h gainers"],
  ["change_24h:ascending", "24 h losers"],
  ["change_1h:descending", "1 h gainers"],
  ["change_1h:ascending", "1 h losers"],
  ["volume_24h:descending", "Volume"],
  ["signal:descending", "Last signal"],
  ["name:ascending", "Name"],
];

/** @type {Record<string, {label: string, keep: (row: Row) => boolean}>} */
const SHOWN = {
  all: { label: "All", keep: () => true },
  up: { label: "Gainers", keep: (row) => directionOf(row.asset.change_24h) === "up" },
  down: { label: "Losers", keep: (row) => directionOf(row.asset.change_24h) === "down" },
  signals: { label: "With signals", keep: (row) => row.lastSignal !== undefined },
};

/** The reader's view outlives the page, so that "back" returns to the same table. */
const view = {
  sort: { key: "rank", order: /** @type {"ascending" | "descending"} */ ("ascending") },
  shown: "all",
  text: "",
};

/**
 * @param {AbortSignal} lifetime
 * @returns {HTMLElement}
 */
export function marketTable(lifetime) {
  const rows = new MarketRows();
  const headers = new Map(COLUMNS.map((column) => [column.key, headerCell(column, sortByHeader)]));
  const count = h("p", { class: "table-count", role: "status" });
  const nothing = h("div", {});
  const orders = orderSelect(setSort);
  const head = h("thead", {}, h("tr", {}, [...headers.values()]));
  const table = h(
    "table",
    { class: "market-table", "aria-busy": "true" },
    h("caption", { class: "visually-hidden" }, "Assets with price, change, volume and last signal"),
    head,
    rows.body,
  );

  /** @param {string} key */
  function sortByHeader(key) {
    const column = COLUMNS.find((candidate) => candidate.key === key);
    const first = column?.firstOrder ?? "descending";
    const other = first === "ascending" ? "descending" : "ascending";
    setSort(key, view.sort.key === key && view.sort.order === first ? other : first);
  }
  /**
   * @param {string} key
   * @param {"ascending" | "descending"} order
   */
  function setSort(key, order) {
    view.sort = { key, order };
    arrange();
  }
  function arrange() {
    for (const [key, header] of headers) {
      if (key === view.sort.key) header.setAttribute("aria-sort", view.sort.order);
      else header.removeAttribute("aria-sort");
    }
    orders.value = `${view.sort.key}:${view.sort.order}`;
    if (store.status !== "ready") return;
    const kept = currentRows().filter(
      (row) => SHOWN[view.shown].keep(row) && matches(row, view.text),
    );
    rows.arrange(sortRows(kept, view.sort));
    setText(count, `${formatCount(kept.length)} assets`);
    nothing.replaceChildren(...(kept.length ? [] : [nothingToShow()]));
  }
  function update() {
    if (store.status === "failed") {
      rows.body.replaceChildren();
      table.hidden = true;
      nothing.replaceChildren(failed());
      return;
    }
    table.hidden = false;
    if (store.status === "ready") {
      if (table.hasAttribute("aria-busy")) rows.body.replaceChildren();
      table.removeAttribute("aria-busy");
      rows.patch(currentRows());
    } else {
      rows.body.replaceChildren(...skeletonRows());
    }
    arrange();
  }

  // A tick and its signals come in one burst.
  const updateSoon = oncePerFrame(update);
  for (const event of ["overview", "overview-failed", "tick", "signal"]) {
    store.on(event, updateSoon, lifetime);
  }
  update();
  return h(
    "section",
    { class: "markets", "aria-labelledby": "markets-title" },
    h(
      "div",
      { class: "section-head" },
      h("h2", { class: "section-title", id: "markets-title" }, "Markets"),
      count,
      choiceGroup({
        label: "Assets shown",
        choices: Object.entries(SHOWN).map(([value, { label }]) => ({ value, label })),
        chosen: view.shown,
        choose: (value) => {
          view.shown = value;
          arrange();
        },
      }),
      filterInput(arrange),
      orders,
    ),
    h("div", { class: "table-frame" }, table, nothing),
  );
}

/**
 * @param {import("./market-columns.js").Column} column
 * @param {(key: string) => void} sort
 */
function headerCell(column, sort) {
  const name = column.sortBy
    ? h(
        "button",
        {
          class: "sort-button",
          type: "button",
          title: column.title,
          on: { click: () => sort(column.key) },
        },
        column.label,
        h("span", { class: "sort-arrow", "aria-hidden": "true" }),
      )
    : column.label;
  return h("th", { class: `cell cell-${column.key}`, scope: "col" }, name);
}

/** @param {(key: string, order: "ascending" | "descending") => void} setSort */
function orderSelect(setSort) {
  const select = h(
    "select",
    { class: "input order-select", "aria-label": "Sort by" },
    ORDERS.map(([value, label]) => h("option", { value }, label)),
  );
  select.addEventListener("change", () => {
    const [key, order] = select.value.split(":");
    setSort(key, order === "ascending" ? "ascending" : "descending");
  });
  return select;
}

/** @param {() => void} arrange */
function filterInput(arrange) {
  const input = h("input", {
    class: "input filter-input",
    type: "search",
    placeholder: "Filter",
    "aria-label": "Filter assets by name or symbol",
    value: view.text,
  });
  input.addEventListener("input", () => {
    view.text = input.value;
    arrange();
  });
  return input;
}

/**
 * @param {Row} row
 * @param {string} text
 */
function matches({ asset }, text) {
  const wanted = text.trim().toLocaleLowerCase();
  return `${asset.name}\n${asset.symbol}`.toLocaleLowerCase().includes(wanted);
}

function nothingToShow() {
  return store.assets.size === 0
    ? emptyState({ title: "No prices yet", text: "The first tick is collected within 15 minutes." })
    : emptyState({ title: "No asset matches", text: "Change the filter to see more." });
}

function failed() {
  return emptyState({
    title: "The market could not be loaded",
    text: store.failure?.message ?? "",
    action: { label: "Try again", run: () => store.loadOverview().catch(() => {}) },
  });
}

function skeletonRows() {
  return Array.from({ length: SKELETON_ROWS }, () =>
    h(
      "tr",
      { class: "skeleton-row", "aria-hidden": "true" },
      COLUMNS.map(({ key }) =>
        h("td", { class: `cell cell-${key}` }, h("span", { class: "skeleton" })),
      ),
    ),
  );
}
