import { h, setText } from "../dom.js";
import { formatChange } from "../format.js";

const ARROWS = { up: "▲", down: "▼", flat: "" };

/**
 * A change in percent, told by sign, arrow and colour.
 *
 * @param {number | null} percent
 * @returns {HTMLElement}
 */
export function changeValue(percent) {
  const element = h(
    "span",
    { class: "change" },
    h("span", { class: "change-arrow", "aria-hidden": "true" }),
    h("span", { class: "change-text" }),
  );
  setChange(element, percent);
  return element;
}

/**
 * @param {HTMLElement} element made by `changeValue`
 * @param {number | null} percent
 */
export function setChange(element, percent) {
  const direction = directionOf(percent);
  element.dataset.direction = direction;
  setText(/** @type {Element} */ (element.firstElementChild), ARROWS[direction]);
  setText(/** @type {Element} */ (element.lastElementChild), formatChange(percent));
}

/**
 * @param {"up" | "down" | null | undefined} direction
 * @returns {HTMLElement | null} an arrow that says which way, also to a screen reader
 */
export function directionArrow(direction) {
  if (!direction || !(direction in ARROWS)) return null;
  return h(
    "span",
    { class: "direction", role: "img", "aria-label": direction, data: { direction } },
    ARROWS[direction],
  );
}

/**
 * @param {number | null} percent
 * @returns {"up" | "down" | "flat"} flat when it would be written as 0.00 %, or is not known
 */
export function directionOf(percent) {
  if (percent === null || percent === undefined || Math.abs(percent) < 0.005) return "flat";
  return percent > 0 ? "up" : "down";
}
