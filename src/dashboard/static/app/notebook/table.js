import { h } from "../dom.js";

const number = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 12 });

/**
 * @param {{columns: string[], rows: any[][], total: number}} table what `cryptointel.display` tells
 * @returns {HTMLElement} a table whose cells are texts; it scrolls in itself
 */
export function dataTable({ columns, rows, total }) {
  return h(
    "div",
    { class: "data-table", role: "group", "aria-label": "Table", tabindex: "0" },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, columns.map((name, place) => head(name, rows[0]?.[place])))),
      h("tbody", {}, rows.map((row) => h("tr", {}, row.map(cell)))),
    ),
    rows.length < total &&
      h(
        "p",
        { class: "data-table-rest" },
        `The first ${number.format(rows.length)} of ${number.format(total)} rows.`,
      ),
  );
}

/**
 * @param {string} name
 * @param {unknown} first value of the column
 */
function head(name, first) {
  const className = typeof first === "number" ? "data-number" : null;
  return h("th", { scope: "col", class: className }, String(name));
}

/** @param {unknown} value */
function cell(value) {
  if (typeof value === "number") return h("td", { class: "data-number" }, number.format(value));
  if (value === null || value === undefined) return h("td", { class: "data-none" }, "None");
  if (typeof value === "boolean") return h("td", {}, value ? "True" : "False");
  return h("td", {}, h("span", { class: "data-text" }, String(value)));
}
