import { Native } from "../ui/native.js";
import { html } from "../ui/preact.js";
import { figureElement } from "./figure.js";
import { dataTable } from "./table.js";

const FIGURE = "application/vnd.cryptointel.figure+json";
const TABLE = "application/vnd.cryptointel.table+json";

/**
 * What a cell printed, showed and raised. Nothing of it becomes markup: texts, tables, figures, and
 * images of opened files.
 *
 * @param {{outputs: any[]}} properties
 */
export function Outputs({ outputs }) {
  return outputs.map((output, place) => html`<${Output} key=${place} output=${output} />`);
}

/** @param {{output: any}} properties */
function Output({ output }) {
  switch (output.output_type) {
    case "stream":
      return html`<${Text} class=${`output-${output.name === "stderr" ? "stderr" : "stdout"}`} text=${output.text} />`;
    case "error":
      return html`<${Failure} error=${output} />`;
    default:
      return html`<${Shown} data=${output.data ?? {}} />`;
  }
}

/** @param {{data: Record<string, any>}} properties */
function Shown({ data }) {
  if (isFigure(data[FIGURE])) {
    return html`<${Native} class="output-figure" make=${(/** @type {AbortSignal} */ lifetime) => figureElement(data[FIGURE], lifetime)} />`;
  }
  if (isTable(data[TABLE])) {
    return html`<${Native} class="output-table" make=${() => dataTable(data[TABLE])} />`;
  }
  if (/^[A-Za-z0-9+/=\s]+$/.test(data["image/png"] ?? "")) {
    return html`<img class="output-image" alt="Image" src=${`data:image/png;base64,${data["image/png"].replace(/\s/g, "")}`} />`;
  }
  return html`<${Text} class="output-value" text=${String(data["text/plain"] ?? "")} />`;
}

/** @param {{error: any}} properties */
function Failure({ error }) {
  if (error.ename === "KeyboardInterrupt") return html`<p class="output-interrupted">Interrupted</p>`;
  const lines = error.traceback?.length ? error.traceback : [`${error.ename}: ${error.evalue}`];
  return html`<div class="output-error">
    <p class="output-error-name">${error.ename}${error.evalue && `: ${error.evalue}`}</p>
    <${Text} class="output-traceback" text=${lines.join("\n")} />
  </div>`;
}

/** A text that scrolls in itself, by the keyboard too. @param {{text: string, class: string}} properties */
function Text({ text, class: className }) {
  return html`<pre class=${`output-text ${className}`} tabindex="0">${text}</pre>`;
}

/** @param {any} told may be of an opened file */
function isFigure(told) {
  return (
    Array.isArray(told?.series) &&
    Array.isArray(told.marks) &&
    ["time", "number", "category"].includes(told.axis) &&
    told.series.length > 0 &&
    told.series.every((/** @type {any} */ one) => Array.isArray(one?.x) && Array.isArray(one?.y))
  );
}

/** @param {any} told may be of an opened file */
function isTable(told) {
  return Array.isArray(told?.columns) && Array.isArray(told?.rows) && told.rows.every(Array.isArray);
}
