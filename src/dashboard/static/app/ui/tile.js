import { html } from "./preact.js";

/**
 * Numbers beside each other, each with what it is and a word about it.
 *
 * @param {{label: string, children: any}} properties
 */
export function Tiles({ label, children }) {
  return html`<section class="tiles" aria-label=${label}>${children}</section>`;
}

/**
 * @param {{name: string, value: any, note?: any, tone?: "good" | "warn" | "bad", children?: any}} properties
 */
export function Tile({ name, value, note, tone, children }) {
  return html`<div class="tile" data-tone=${tone}>
    <p class="tile-name">${name}</p>
    <p class="tile-value">${value}</p>
    ${children}
    ${note && html`<p class="tile-note">${note}</p>`}
  </div>`;
}
