import { html, useId } from "../../ui/preact.js";

/** @param {{title: string, note?: any, children: any}} properties */
export function Section({ title, note, children }) {
  const id = useId();
  return html`<section class="report-section" aria-labelledby=${id}>
    <div class="report-section-head">
      <h2 class="report-title" id=${id}>${title}</h2>
      ${note && html`<p class="panel-note">${note}</p>`}
    </div>
    ${children}
  </section>`;
}

/**
 * A table of a report. A head that begins with # is of numbers; a row begins with its key.
 *
 * @param {{title?: string, head: string[], rows: any[][], empty: string}} properties
 */
export function Table({ title, head, rows, empty }) {
  if (rows.length === 0) {
    return html`<div>${title && html`<h3 class="report-subtitle">${title}</h3>`}<p class="quiet">${empty}</p></div>`;
  }
  const isNumber = head.map((name) => name.startsWith("#"));
  return html`<div class="report-table">
    ${title && html`<h3 class="report-subtitle">${title}</h3>`}
    <div class="table-place" tabindex="0" role="region" aria-label=${title ?? head[0]}>
      <table class="table">
        <thead><tr>${head.map((name, index) => html`<th key=${name} scope="col"
          class=${isNumber[index] ? "number" : null}>${name.replace("#", "")}</th>`)}</tr></thead>
        <tbody>${rows.map(([key, ...cells]) => html`<tr key=${key}>${cells.map((cell, index) => html`
          <td key=${head[index]} class=${isNumber[index] ? "number" : null}>${cell}</td>`)}</tr>`)}</tbody>
      </table>
    </div>
  </div>`;
}
