import { formatChange } from "../../format.js";
import { html } from "../../ui/preact.js";
import { directionOf } from "../change.js";

const ARROWS = { up: "▲", down: "▼", flat: "" };

/** A change in percent, told by sign, arrow and colour. @param {{of: number | null}} properties */
export function Change({ of }) {
  const direction = directionOf(of);
  return html`<span class="change" data-direction=${direction}>
    <span class="change-arrow" aria-hidden="true">${ARROWS[direction]}</span><span>${formatChange(of)}</span>
  </span>`;
}
