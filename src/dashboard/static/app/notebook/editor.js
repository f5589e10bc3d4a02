import { fill, h } from "../dom.js";
import { highlighted } from "./highlight.js";

const INDENT = "    ";

/**
 * A field for Python: a text area over the same text in colours, with line numbers beside it.
 * Tab indents; after Escape it leaves the field, as everywhere else.
 *
 * @param {object} options
 * @param {string} options.source
 * @param {string} options.label
 * @param {string} options.helpId of the text that says which keys do what
 * @param {boolean} options.coloured
 * @param {(source: string) => void} options.onInput
 * @param {(how: {next: boolean}) => void} options.onRun
 * @returns {HTMLElement} that says itself what is written; from outside it is not changed
 */
export function editor({ source, label, helpId, coloured, onInput, onRun }) {
  const area = h("textarea", {
    class: "editor-text",
    rows: 1,
    spellcheck: "false",
    autocapitalize: "off",
    autocomplete: "off",
    "aria-label": label,
    "aria-describedby": helpId,
  });
  const colours = h("pre", { class: "editor-colours", "aria-hidden": "true" });
  const numbers = h("pre", { class: "editor-numbers", "aria-hidden": "true" });
  const field = h("div", { class: "editor-field" }, colours, area);
  const element = h("div", { class: "editor" }, numbers, field);
  let leaving = false;

  const paint = () => {
    const lines = area.value.split("\n").length;
    area.rows = lines;
    fill(numbers, Array.from({ length: lines }, (_, line) => line + 1).join("\n"));
    fill(colours, ...(coloured ? highlighted(area.value) : [area.value]), "\n");
  };
  area.value = source;
  area.addEventListener("input", () => {
    paint();
    onInput(area.value);
  });
  area.addEventListener("blur", () => {
    leaving = false;
  });
  area.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leaving = true;
    else if (event.key === "Enter" && (event.shiftKey || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onRun({ next: event.shiftKey });
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      type(area, `\n${nextIndent(area)}`);
    } else if (event.key === "Tab" && !leaving) {
      event.preventDefault();
      indent(area, event.shiftKey);
    } else if (event.key !== "Shift" && event.key !== "Tab") leaving = false;
  });
  paint();
  return element;
}

/**
 * Types a text as the reader would, so that undo takes it back.
 *
 * @param {HTMLTextAreaElement} area
 * @param {string} text
 */
function type(area, text) {
  const done = document.execCommand(text ? "insertText" : "delete", false, text);
  if (done) return;
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input"));
}

/** @param {HTMLTextAreaElement} area */
function nextIndent(area) {
  const before = area.value.slice(0, area.selectionStart);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const [own] = /^ */.exec(line) ?? [""];
  return own + (/:\s*(?:#.*)?$/.test(line) ? INDENT : "");
}

/**
 * Indents what is selected, or puts an indent where nothing is.
 *
 * @param {HTMLTextAreaElement} area
 * @param {boolean} back
 */
function indent(area, back) {
  const { selectionStart: from, selectionEnd: to, value } = area;
  if (!back && from === to) return type(area, INDENT);
  const begin = value.lastIndexOf("\n", from - 1) + 1;
  const lines = value.slice(begin, to).split("\n");
  const moved = lines.map((line) => (back ? line.replace(/^ {1,4}/, "") : line && INDENT + line));
  area.setSelectionRange(begin, to);
  type(area, moved.join("\n"));
  area.setSelectionRange(begin, begin + moved.join("\n").length);
}
