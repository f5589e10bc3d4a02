/** @import { Revenue, RevenueRow } from "../types.js" */
import { fill, h } from "../dom.js";
import { formatAtomic, formatCount, formatUtcDay } from "../format.js";
import { icon } from "../icons.js";
import { choiceGroup } from "./choice-group.js";
import { emptyState } from "./notices.js";
import { sum } from "./revenue-totals.js";

const NUMBERS = /** @type {const} */ ({
  requests: { label: "Requests", write: formatCount },
  errors: { label: "Errors", write: formatCount },
  payments: { label: "Payments", write: formatCount },
  revenue_atomic: { label: "Revenue", write: formatAtomic },
});
const GROUPS = /** @type {const} */ ({
  endpoint: { label: "By endpoint", head: "Endpoint", within: "day" },
  day: { label: "By day", head: "Day (UTC)", within: "endpoint" },
});

/** @typedef {Pick<RevenueRow, "requests" | "errors" | "payments" | "revenue_atomic">} Figures */
/** @typedef {"endpoint" | "day"} Key */

/** Each endpoint with its days, or each day with its endpoints, and the sums of all of it. */
export function revenueTable() {
  /** @type {Key} */
  let by = "endpoint";
  /** @type {Revenue | null} */
  let told = null;
  let drawn = "";
  /** @type {Set<string>} groups whose rows are shown */
  const opened = new Set();
  const frame = h("div", { class: "table-frame" });
  const element = h(
    "section",
    { class: "revenue-detail", "aria-labelledby": "revenue-detail" },
    h(
      "div",
      { class: "section-head" },
      h("h2", { class: "section-title", id: "revenue-detail" }, "In detail"),
      choiceGroup({
        label: "Rows",
        choices: Object.entries(GROUPS).map(([value, { label }]) => ({ value, label })),
        chosen: by,
        choose: (value) => {
          by = /** @type {Key} */ (value);
          draw();
        },
      }),
    ),
    frame,
  );

  function draw() {
    if (!told) return;
    // Left alone when it is the same: the reader may have the focus in it.
    const text = JSON.stringify([by, told.rows]);
    if (text === drawn) return;
    drawn = text;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.group;
    fill(frame, told.rows.length ? table(told, by, opened) : nothing());
    if (focused === undefined) return;
    /** @type {HTMLElement | null} */
    (frame.querySelector(`[data-group="${CSS.escape(focused)}"]`))?.focus({ preventScroll: true });
  }
  /** @param {Revenue} revenue */
  const update = (revenue) => {
    told = revenue;
    draw();
  };
  return { element, update };
}

function nothing() {
  return emptyState({
    title: "No requests in these days",
    text: "Requests are counted some seconds after they were answered.",
  });
}

/**
 * @param {Revenue} told
 * @param {Key} by
 * @param {Set<string>} opened
 */
function table(told, by, opened) {
  const groups = Map.groupBy(told.rows, (row) => row[by]);
  const total = add(told.rows);
  const left = told.revenue_atomic - total.revenue_atomic;
  const told_of = [...groups].map(([name, rows]) => ({ name, rows, figures: add(rows) }));
  if (by === "endpoint") told_of.sort((a, b) => byWorth(a.figures, b.figures));
  return [
    h(
      "table",
      { class: "revenue-table" },
      h(
        "caption",
        { class: "visually-hidden" },
        `Requests and revenue ${GROUPS[by].label.toLowerCase()}`,
      ),
      h("thead", {}, h("tr", {}, headerCell("name", GROUPS[by].head), numberHeads())),
      told_of
        .map((group, index) => groupBodies(group, by, `revenue-group-${index}`, opened))
        .flat(),
      h("tfoot", {}, h("tr", {}, rowHead("All"), cells(total))),
    ),
    left !== 0 &&
      h(
        "p",
        { class: "revenue-left" },
        `The list is cut off at its oldest rows; they hold another ${formatAtomic(left)}.`,
      ),
  ];
}

/**
 * @param {{name: string, rows: RevenueRow[], figures: Figures}} group
 * @param {Key} by
 * @param {string} id
 * @param {Set<string>} opened
 */
function groupBodies({ name, rows, figures }, by, id, opened) {
  const { within } = GROUPS[by];
  const inner = h("tbody", { id, class: "revenue-rows" });
  const button = h(
    "button",
    { class: "group-toggle", type: "button", "aria-controls": id, data: { group: name } },
    icon("chevron"),
    label(by, name),
  );
  const update = () => {
    const open = opened.has(name);
    button.setAttribute("aria-expanded", String(open));
    inner.hidden = !open;
    if (!open || inner.hasChildNodes()) return;
    const sorted = within === "endpoint" ? rows.toSorted(byWorth) : rows;
    fill(
      inner,
      sorted.map((row) => h("tr", {}, rowHead(label(within, row[within])), cells(row))),
    );
  };
  button.addEventListener("click", () => {
    if (!opened.delete(name)) opened.add(name);
    update();
  });
  update();
  return [
    h("tbody", {}, h("tr", { class: "revenue-group" }, rowHead(button), cells(figures))),
    inner,
  ];
}

/**
 * @param {Figures} a
 * @param {Figures} b
 */
function byWorth(a, b) {
  return b.revenue_atomic - a.revenue_atomic || b.requests - a.requests;
}

/** @param {Figures[]} rows */
function add(rows) {
  const names = /** @type {(keyof Figures)[]} */ (Object.keys(NUMBERS));
  const sums = names.map((name) => [name, sum(rows.map((row) => row[name]))]);
  return /** @type {Figures} */ (Object.fromEntries(sums));
}

/**
 * @param {Key} key
 * @param {string} name
 */
function label(key, name) {
  if (key === "day") return h("time", { datetime: name, title: `${name} UTC` }, formatUtcDay(name));
  const [method, path = ""] = name.split(" ");
  // A long path breaks behind a slash.
  const parts = path.split(/(?<=\/)(?!$)/).flatMap((part) => [part, h("wbr", {})]);
  return h(
    "span",
    { class: "endpoint" },
    h("span", { class: "endpoint-method" }, method),
    " ",
    parts,
  );
}

function numberHeads() {
  return Object.entries(NUMBERS).map(([name, { label: text }]) => headerCell(name, text));
}

/**
 * @param {string} name
 * @param {string} text
 */
function headerCell(name, text) {
  return h("th", { class: `cell cell-${name}`, scope: "col" }, text);
}

/** @param {Node | string} content */
function rowHead(content) {
  return h("th", { class: "cell cell-name", scope: "row" }, content);
}

/** @param {Figures} figures */
function cells(figures) {
  return Object.entries(NUMBERS).map(([name, { write }]) => {
    const value = figures[/** @type {keyof Figures} */ (name)];
    return h("td", { class: `cell cell-${name}`, data: { nought: value === 0 } }, write(value));
  });
}
