import { h } from "../dom.js";

const KEYWORDS = new Set(
  (
    "False None True and as assert async await break case class continue def del elif else except " +
    "finally for from global if import in is lambda match nonlocal not or pass raise return try " +
    "while with yield"
  ).split(" "),
);
const STRING = String.raw`[rbfuRBFU]{0,2}(?:"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)`;
const TOKEN = new RegExp(
  String.raw`(?<comment>#[^\n]*)|(?<string>${STRING})|(?<number>\b\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?\b)|(?<word>[A-Za-z_]\w*)`,
  "g",
);

/**
 * Python with its parts marked: enough to be read well, not a parser.
 *
 * @param {string} source
 * @returns {(HTMLElement | string)[]}
 */
export function highlighted(source) {
  /** @type {(HTMLElement | string)[]} */
  const parts = [];
  let end = 0;
  for (const match of source.matchAll(TOKEN)) {
    const kind = kindOf(match, source);
    if (!kind) continue;
    parts.push(source.slice(end, match.index), h("span", { class: `code-${kind}` }, match[0]));
    end = match.index + match[0].length;
  }
  return [...parts, source.slice(end)];
}

/**
 * @param {RegExpMatchArray} match
 * @param {string} source
 */
function kindOf({ groups = {}, index = 0, 0: text }, source) {
  if (groups.comment) return "comment";
  if (groups.string) return "string";
  if (groups.number) return "number";
  if (KEYWORDS.has(text)) return "keyword";
  return source[index + text.length] === "(" ? "call" : null;
}
