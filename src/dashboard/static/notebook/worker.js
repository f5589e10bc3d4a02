/**
 * Runs the notebook's Python, apart from the page: whatever a cell does, the page answers.
 *
 * The page sends `start`, `run` and `cancel`; it is told `progress` while Python is loaded, `ready`
 * or `failed`, then `output` and `done` of each cell. It interrupts a cell that computes by the
 * shared memory that came with `start`.
 *
 * @typedef {{interpreter: string, wheels: string[], files: string[], bytes: number}} Index
 *   what is to be loaded
 */

const INDEX = "/python/index.json";

const BEGIN = `
import json
import pyodide_http
pyodide_http.patch_all()
from cryptointel.notebook import Kernel
def begin(tell):
    return Kernel(lambda output: tell(json.dumps(output)))
begin
`;

/** @type {any} */
let kernel = null;
/** @type {Int32Array | Uint8Array | null} */
let interrupt = null;
let running = 0;

addEventListener("message", async ({ data }) => {
  if (data.type === "start") await start(data.interrupt);
  if (data.type === "run") await run(data);
  if (data.type === "cancel" && data.id === running) {
    // The cell does not compute, it waits: nothing is left that would read the shared memory.
    if (interrupt) interrupt[0] = 0;
    kernel.cancel();
  }
});

/** @param {Uint8Array | null} shared */
async function start(shared) {
  try {
    const index = await (await fetch(INDEX, { cache: "no-cache" })).json();
    await download(index);
    const { loadPyodide } = await import(`${index.interpreter}pyodide.mjs`);
    const pyodide = await loadPyodide({ indexURL: index.interpreter });
    for (const wheel of index.wheels) {
      const bytes = await (await fetch(wheel)).arrayBuffer();
      pyodide.unpackArchive(bytes, "wheel");
    }
    // pyodide-http would keep a second worker for streams, made from a blob, which the policy
    // refuses; it does without where memory cannot be shared.
    Object.defineProperty(globalThis, "crossOriginIsolated", { value: false });
    const begin = pyodide.runPython(BEGIN);
    kernel = begin((/** @type {string} */ output) =>
      postMessage({ type: "output", id: running, output: JSON.parse(output) }),
    );
    if (shared) {
      interrupt = shared;
      pyodide.setInterruptBuffer(shared);
    }
    postMessage({ type: "ready", version: pyodide.runPython("import sys; sys.version.split()[0]") });
  } catch (error) {
    postMessage({ type: "failed", message: String(error) });
  }
}

/** @param {{id: number, source: string, number: number}} cell */
async function run({ id, source, number }) {
  running = id;
  const began = performance.now();
  let ok = false;
  try {
    ok = await kernel.run(source, number);
  } finally {
    running = 0;
    postMessage({ type: "done", id, ok, milliseconds: performance.now() - began });
  }
}

/**
 * Brings everything into the browser's cache and tells how far it is. Pyodide then asks for it
 * again, by itself and from the cache: only what comes straight from there is compiled but once.
 *
 * @param {Index} index
 */
async function download({ files, bytes: total }) {
  let loaded = 0;
  const read = async (/** @type {string} */ file) => {
    const answer = await fetch(file);
    if (!answer.ok || !answer.body) throw new Error(`${file}: status ${answer.status}`);
    const reader = answer.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      loaded += value.byteLength;
      postMessage({ type: "progress", loaded, total });
    }
  };
  await Promise.all(files.map(read));
}
