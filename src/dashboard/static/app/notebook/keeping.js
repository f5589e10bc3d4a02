import { fromFile, newCell } from "./document.js";

/** @import { Notebook } from "./document.js" */

const KEY = "notebook";
const MOST_SHARED = 200_000; // characters
const LONGEST_LINK = 30_000;

/**
 * Keeps the code in this browser. Results are not kept: the next reader of this browser may be
 * another one.
 *
 * @param {Notebook} notebook
 */
export function keep({ name, cells }) {
  const kept = { name, cells: cells.map(({ type, source }) => ({ type, source })) };
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
    return true;
  } catch {
    return false; // storage is full or refused
  }
}

/** @returns {Notebook | null} what was kept */
export function kept() {
  try {
    return read(localStorage.getItem(KEY) ?? "");
  } catch {
    return null;
  }
}

/**
 * @param {Notebook} notebook
 * @returns {Promise<string | null>} an address that opens the code, without results; null for too
 *   much of it. It is in the fragment, which is sent to no server.
 */
export async function linkTo({ name, cells }) {
  const shared = { name, cells: cells.map(({ type, source }) => ({ type, source })) };
  const text = await packed(JSON.stringify(shared));
  return text.length > LONGEST_LINK ? null : `${location.origin}/notebook#code=${text}`;
}

/**
 * @param {string} hash of the address
 * @returns {Promise<Notebook | null>} what somebody shared
 */
export async function sharedIn(hash) {
  const match = /^#code=([\w-]+)$/.exec(hash);
  return match && read(await unpacked(match[1]));
}

/**
 * @param {string} id of an example
 * @param {string} title
 * @returns {Promise<Notebook>}
 */
export async function example(id, title) {
  const answer = await fetch(`/notebook/examples/${id}.ipynb`, { cache: "no-cache" });
  if (!answer.ok) throw new Error(`The example could not be loaded (status ${answer.status}).`);
  return fromFile(await answer.text(), title);
}

/** @param {string} text */
function read(text) {
  const { name, cells } = JSON.parse(text);
  return {
    name: String(name ?? "Notebook").slice(0, 80),
    cells: cells.map((/** @type {any} */ cell) =>
      newCell(String(cell.source), cell.type === "markdown" ? "markdown" : "code"),
    ),
  };
}

/** @param {string} text */
async function packed(text) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {string} text */
async function unpacked(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (one) => one.charCodeAt(0));
  const reader = new Blob([bytes])
    .stream()
    .pipeThrough(new DecompressionStream("deflate-raw"))
    .pipeThrough(new TextDecoderStream())
    .getReader();
  let found = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return found;
    found += value;
    if (found.length > MOST_SHARED) throw new Error("more than anybody shares by a link");
  }
}
