/** @import { Revenue } from "../types.js" */
import { fill, h, svg } from "../dom.js";
import { formatAtomic, formatCount, formatUtcDay } from "../format.js";
import { sum } from "./revenue-totals.js";
import { emptyState } from "./notices.js";

const DAY_MS = 86_400_000;
const HEIGHT = 100;
const GAP = 0.22; // of a day's width
const SMALLEST = 1.5; // so that a day with any revenue can be seen

/** @typedef {{day: string, revenue: number, payments: number}} Day */

/** What each day brought, as bars; the table by day says the same in text. */
export function revenueChart() {
  const legend = h("p", { class: "revenue-legend" });
  const frame = h("div", { class: "panel revenue-chart" });
  const element = h(
    "section",
    { class: "revenue-days", "aria-labelledby": "revenue-days" },
    h(
      "div",
      { class: "section-head" },
      h("h2", { class: "section-title", id: "revenue-days" }, "Day by day"),
      legend,
    ),
    frame,
  );

  /**
   * @param {Revenue} told
   * @param {number} count of days
   */
  const update = (told, count) => {
    const days = toDays(told, count);
    if (told.revenue_atomic === 0) {
      fill(legend);
      const text = "What plans include brings nothing; the requests are in the table.";
      return fill(frame, emptyState({ title: "Nothing was paid for in these days", text }));
    }
    const tell = (/** @type {Day} */ day) => fill(legend, inWords(day));
    tell(days[days.length - 1]);
    fill(frame, plot(days, tell));
  };
  return { element, update };
}

/**
 * @param {Revenue} told
 * @param {number} count
 * @returns {Day[]} ascending, those without a row too
 */
function toDays({ rows }, count) {
  const today = new Date().toISOString().slice(0, 10);
  const newest = rows.length && rows[0].day > today ? rows[0].day : today;
  return Array.from({ length: count }, (_, index) => {
    const back = (count - 1 - index) * DAY_MS;
    const day = new Date(Date.parse(newest) - back).toISOString().slice(0, 10);
    const own = rows.filter((row) => row.day === day);
    return {
      day,
      revenue: sum(own.map((row) => row.revenue_atomic)),
      payments: sum(own.map((row) => row.payments)),
    };
  });
}

/**
 * @param {Day[]} days
 * @param {(day: Day) => void} tell
 */
function plot(days, tell) {
  const top = roundUp(Math.max(...days.map((day) => day.revenue)));
  const bars = days.map(({ revenue }, index) => {
    const height = revenue === 0 ? 0 : Math.max(SMALLEST, (HEIGHT * revenue) / top);
    return svg("rect", {
      class: "revenue-bar",
      x: index + GAP / 2,
      y: HEIGHT - height,
      width: 1 - GAP,
      height,
    });
  });
  const drawing = svg(
    "svg",
    {
      class: "revenue-plot",
      viewBox: `0 0 ${days.length} ${HEIGHT}`,
      preserveAspectRatio: "none",
      role: "img",
      "aria-label": summary(days),
    },
    ...bars,
  );
  /** @param {number} index */
  const point = (index) => {
    bars.forEach((bar, place) => bar.toggleAttribute("data-pointed", place === index));
    tell(days[index] ?? days[days.length - 1]);
  };
  drawing.addEventListener("pointermove", (event) => {
    const { left, width } = drawing.getBoundingClientRect();
    const place = ((event.clientX - left) / width) * days.length;
    point(Math.min(days.length - 1, Math.max(0, Math.floor(place))));
  });
  drawing.addEventListener("pointerleave", () => point(-1));
  const marks = [days[0], days[(days.length - 1) >> 1], days[days.length - 1]];
  return [
    h(
      "div",
      { class: "revenue-values", "aria-hidden": "true" },
      [top, top / 2, 0].map((value) => h("span", {}, formatAtomic(value))),
    ),
    drawing,
    h(
      "div",
      { class: "revenue-dates", "aria-hidden": "true" },
      marks.map(({ day }) => h("span", {}, formatUtcDay(day))),
    ),
  ];
}

/**
 * @param {number} value above 0
 * @returns {number} the next of 1, 2, 5, 10, 20, …
 */
function roundUp(value) {
  const size = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((step) => step * size >= value) ?? 10) * size;
}

/** @param {Day} day */
function inWords({ day, revenue, payments }) {
  return [
    h("span", { class: "revenue-legend-day" }, formatUtcDay(day)),
    h("span", { class: "revenue-legend-value" }, formatAtomic(revenue)),
    ` ${formatCount(payments)} ${payments === 1 ? "payment" : "payments"}`,
  ];
}

/**
 * @param {Day[]} days
 * @returns {string} the chart in a sentence, for who cannot see it
 */
function summary(days) {
  const best = days.reduce((most, day) => (day.revenue > most.revenue ? day : most));
  const [first, last] = [days[0], days[days.length - 1]].map(({ day }) => formatUtcDay(day));
  return (
    `Revenue by day, ${first} to ${last}: the most was ${formatAtomic(best.revenue)} on` +
    ` ${formatUtcDay(best.day)}.`
  );
}
