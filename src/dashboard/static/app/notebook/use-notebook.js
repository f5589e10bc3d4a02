import { oncePerFrame } from "../dom.js";
import { useEffect, useRef, useState } from "../ui/preact.js";
import { newCell } from "./document.js";
import { keep } from "./keeping.js";
import { Kernel } from "./kernel.js";

/** @import { Cell, Notebook } from "./document.js" */

const KEEP_AFTER_MS = 400;

/**
 * The notebook that is shown, the Python that runs it, and what can be done with both.
 *
 * @param {Notebook} first
 */
export function useNotebook(first) {
  const [, again] = useState(0);
  const held = useRef(/** @type {any} */ (null));
  held.current ??= make(first, () => again((/** @type {number} */ n) => n + 1));
  useEffect(() => () => held.current.leave(), []);
  return held.current;
}

/**
 * @param {Notebook} first
 * @param {() => void} show
 */
function make(first, show) {
  const kernel = new Kernel();
  const later = oncePerFrame(show);
  let timer = 0;
  kernel.addEventListener("change", later);

  const keepNow = () => {
    timer = 0;
    own.isKept = keep(own.notebook);
    later();
  };
  const keepSoon = () => {
    if (!own.trusted) return; // a stranger's code must not come back as the reader's own
    clearTimeout(timer);
    timer = setTimeout(keepNow, KEEP_AFTER_MS);
  };
  /** @param {Cell[]} cells */
  const set = (cells) => {
    own.notebook = { ...own.notebook, cells };
    later();
  };
  /**
   * @param {string} id
   * @param {(cell: any) => object} change
   */
  const change = (id, change) =>
    set(own.notebook.cells.map((cell) => (cell.id === id ? { ...cell, ...change(cell) } : cell)));
  /** @param {string} id */
  const at = (id) => own.notebook.cells.findIndex((cell) => cell.id === id);
  /** @param {string} id */
  const run = async (id) => {
    const cell = own.notebook.cells[at(id)];
    if (!cell || cell.type !== "code" || !own.trusted) return null;
    change(id, () => ({ outputs: [], number: null, state: "waiting" }));
    const ran = await kernel.run(cell.source, {
      onStart: (number) => change(id, () => ({ state: "running", number })),
      onOutput: (output) => change(id, ({ outputs }) => ({ outputs: joined(outputs, output) })),
    });
    change(id, ({ number }) =>
      ran
        ? { state: ran.ok ? "done" : "failed", milliseconds: ran.milliseconds }
        : { state: "", number: null, stopped: number !== null },
    );
    own.said = ran ? `Cell ${at(id) + 1} ${ran.ok ? "is done" : "failed"}` : "";
    later();
    return ran;
  };

  const own = {
    kernel,
    notebook: first,
    trusted: true,
    isKept: true,
    said: "", // to screen readers

    /**
     * Shows a notebook. What is kept stays so until the reader changes this one.
     *
     * @param {Notebook} notebook
     * @param {{trusted: boolean}} how whether the reader or we wrote it
     */
    open(notebook, { trusted }) {
      own.flush();
      kernel.stop();
      own.notebook = notebook;
      own.trusted = trusted;
      later();
    },
    trust() {
      own.trusted = true;
      later();
    },
    run,
    async runAll() {
      for (const { id, type } of own.notebook.cells) {
        if (type === "code" && !(await run(id))?.ok) return;
      }
    },
    /** @param {string} id @param {string} source */
    write(id, source) {
      change(id, () => ({ source }));
      keepSoon();
    },
    /** @param {string} id @param {number} by */
    move(id, by) {
      const cells = [...own.notebook.cells];
      const [moved] = cells.splice(at(id), 1);
      cells.splice(own.notebook.cells.findIndex((cell) => cell.id === id) + by, 0, moved);
      set(cells);
      keepSoon();
    },
    /** @param {string} id */
    remove(id) {
      const cells = own.notebook.cells.filter((cell) => cell.id !== id);
      set(cells.length ? cells : [newCell()]);
      keepSoon();
    },
    /**
     * @param {string | null} id null adds at the end
     * @param {Cell["type"]} type
     * @returns {string} the new cell's id
     */
    addBelow(id, type) {
      const cell = newCell("", type);
      const cells = [...own.notebook.cells];
      cells.splice(id === null ? cells.length : at(id) + 1, 0, cell);
      set(cells);
      keepSoon();
      return cell.id;
    },
    /** Keeps at once what was to be kept. */
    flush() {
      clearTimeout(timer);
      if (timer) keepNow();
    },
    leave() {
      own.flush();
      kernel.stop();
    },
  };
  return own;
}

/**
 * @param {any[]} outputs
 * @param {any} output
 * @returns {any[]} with the output behind, or its text at the end of the stream that it belongs to
 */
function joined(outputs, output) {
  const last = outputs.at(-1);
  if (output.output_type !== "stream" || last?.name !== output.name) return [...outputs, output];
  return [...outputs.slice(0, -1), { ...last, text: last.text + output.text }];
}
