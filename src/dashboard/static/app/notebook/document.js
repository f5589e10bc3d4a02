/**
 * A notebook, and the file format that Jupyter reads (nbformat 4.5).
 *
 * @typedef {object} Cell
 * @property {string} id
 * @property {"code" | "markdown"} type
 * @property {string} source
 * @property {any[]} outputs of the notebook format
 * @property {number | null} number the how manyth it was to run; null before
 *
 * @typedef {{name: string, cells: Cell[]}} Notebook
 */

const MOST_CELLS = 500;
const MOST_CHARACTERS = 20_000_000;

/**
 * @param {string} [source]
 * @param {Cell["type"]} [type]
 * @returns {Cell}
 */
export function newCell(source = "", type = "code") {
  return { id: crypto.randomUUID().slice(0, 8), type, source, outputs: [], number: null };
}

/**
 * @param {Notebook} notebook
 * @returns {string} a .ipynb file
 */
export function toFile({ cells }) {
  const file = {
    cells: cells.map(({ id, type, source, outputs, number }) => ({
      cell_type: type,
      id,
      metadata: {},
      source: toLines(source),
      ...(type === "code" && { execution_count: number, outputs }),
    })),
    metadata: {
      kernelspec: { display_name: "Python 3", language: "python", name: "python3" },
      language_info: { name: "python" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${JSON.stringify(file, null, 1)}\n`;
}

/**
 * @param {string} text of a .ipynb file
 * @param {string} name
 * @returns {Notebook}
 * @throws {Error} that says why it is none
 */
export function fromFile(text, name) {
  if (text.length > MOST_CHARACTERS) throw new Error("The file is larger than 20 MB.");
  const file = parse(text);
  if (file?.nbformat !== 4 || !Array.isArray(file.cells)) {
    throw new Error("This is no notebook of format 4, which files named .ipynb are.");
  }
  if (file.cells.length > MOST_CELLS) throw new Error(`It has more than ${MOST_CELLS} cells.`);
  const cells = file.cells.map((/** @type {any} */ cell) => ({
    ...newCell(joined(cell?.source), cell?.cell_type === "code" ? "code" : "markdown"),
    outputs: Array.isArray(cell?.outputs) ? cell.outputs.map(readOutput) : [],
    number: Number.isInteger(cell?.execution_count) ? cell.execution_count : null,
  }));
  return { name, cells: cells.length ? cells : [newCell()] };
}

/** @param {any} output of a file: texts may be lists of lines */
function readOutput(output) {
  const { data, text, traceback, ...rest } = output ?? {};
  return {
    ...rest,
    ...(text !== undefined && { text: joined(text) }),
    ...(traceback !== undefined && { traceback: [].concat(traceback).map(withoutColours) }),
    ...(data && {
      data: Object.fromEntries(
        Object.entries(data).map(([type, value]) => [
          type,
          type.endsWith("+json") ? value : joined(value),
        ]),
      ),
    }),
  };
}

/** @param {unknown} text a text, or the list of its lines */
function joined(text) {
  return Array.isArray(text) ? text.join("") : String(text ?? "");
}

/** @param {unknown} line of a traceback, which Jupyter colours for terminals */
function withoutColours(line) {
  // biome-ignore lint: the escape character is what is looked for
  return String(line).replace(/\u001b\[[0-9;]*m/g, "");
}

/** @param {string} source */
function toLines(source) {
  return source.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
