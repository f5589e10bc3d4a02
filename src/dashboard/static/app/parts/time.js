import { h, setText } from "../dom.js";
import { formatAge, formatClock, formatUtc, isStale, parseTime } from "../format.js";
import { icon } from "../icons.js";

const REFRESH_EVERY_MS = 15_000;

/**
 * A time told as an age that stays current; the title gives UTC.
 *
 * @param {string | null} iso
 * @param {{prefix?: string, className?: string}} [look]
 * @returns {HTMLElement}
 */
export function age(iso, { prefix = "", className = "" } = {}) {
  const element = h("time", { class: className || null, data: { age: "", prefix } });
  setAge(element, iso);
  return element;
}

/**
 * @param {HTMLElement} element made by `age`
 * @param {string | null} iso
 */
export function setAge(element, iso) {
  const date = parseTime(iso);
  if (!date) {
    setText(element, "");
    return;
  }
  element.setAttribute("datetime", date.toISOString());
  element.title = formatUtc(date);
  setText(element, element.dataset.prefix + formatAge(date));
}

/**
 * A time of day; the title gives UTC.
 *
 * @param {string | null} iso
 * @param {(date: Date) => string} [write]
 * @returns {HTMLElement}
 */
export function time(iso, write = formatClock) {
  const date = parseTime(iso);
  if (!date) return h("span", {}, "–");
  return h("time", { datetime: date.toISOString(), title: formatUtc(date) }, write(date));
}

/**
 * A chip that appears by itself once a value is older than two ticks.
 *
 * @param {string | null} iso when the value was observed
 * @returns {HTMLElement}
 */
export function staleChip(iso) {
  const chip = h("span", { class: "stale-chip", data: { stale: "" } }, icon("clock"), age(iso));
  setStaleChip(chip, iso);
  return chip;
}

/**
 * @param {HTMLElement} chip made by `staleChip`
 * @param {string | null} iso
 */
export function setStaleChip(chip, iso) {
  const date = parseTime(iso);
  const told = /** @type {HTMLElement} */ (chip.querySelector("time"));
  setAge(told, iso);
  chip.hidden = date === null || !isStale(date);
}

/**
 * An age that is always told, and looks like a stale chip once it is too old.
 *
 * @param {string | null} iso when the value was observed
 * @param {number} [staleAfter] seconds; two ticks unless told
 * @returns {HTMLElement}
 */
export function freshness(iso, staleAfter) {
  const element = h(
    "span",
    { class: "freshness", data: { freshness: staleAfter ?? "" } },
    icon("clock"),
    age(iso),
  );
  setFreshness(element, iso);
  return element;
}

/**
 * @param {HTMLElement} element made by `freshness`
 * @param {string | null} iso
 */
export function setFreshness(element, iso) {
  const date = parseTime(iso);
  setAge(/** @type {HTMLElement} */ (element.querySelector("time")), iso);
  const stale = date !== null && isStale(date, Number(element.dataset.freshness) || undefined);
  element.classList.toggle("stale-chip", stale);
}

/** Rewrites every age on the page as time goes by. */
export function keepTimesCurrent() {
  setInterval(() => {
    for (const element of document.querySelectorAll("time[data-age][datetime]")) {
      setAge(/** @type {HTMLElement} */ (element), element.getAttribute("datetime"));
    }
    for (const chip of document.querySelectorAll("[data-stale]")) {
      const iso = chip.querySelector("time")?.getAttribute("datetime") ?? null;
      setStaleChip(/** @type {HTMLElement} */ (chip), iso);
    }
    for (const told of document.querySelectorAll("[data-freshness]")) {
      const iso = told.querySelector("time")?.getAttribute("datetime") ?? null;
      setFreshness(/** @type {HTMLElement} */ (told), iso);
    }
    dispatchEvent(new Event("clock"));
  }, REFRESH_EVERY_MS);
}
