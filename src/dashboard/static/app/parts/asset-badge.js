import { h, setText } from "../dom.js";

/**
 * A monogram whose hue follows from the symbol: no picture is fetched from anywhere.
 *
 * @param {string} symbol
 * @param {"small" | "large"} [size]
 * @returns {HTMLElement}
 */
export function assetBadge(symbol, size = "small") {
  const badge = h("span", { class: `badge badge-${size}`, "aria-hidden": "true" });
  setBadge(badge, symbol);
  return badge;
}

/**
 * @param {HTMLElement} badge made by `assetBadge`
 * @param {string} symbol
 */
export function setBadge(badge, symbol) {
  const letter = /[\p{L}\p{N}]/u.exec(symbol)?.[0] ?? "?";
  setText(badge, letter.toUpperCase());
  badge.style.setProperty("--hue", String(hueOf(symbol)));
}

/** @param {string} symbol */
function hueOf(symbol) {
  let hash = 7;
  for (const character of symbol) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 360;
  return hash;
}
