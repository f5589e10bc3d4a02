/** @import { Revenue } from "../types.js" */
import { fill, h, setText } from "../dom.js";
import { formatAtomic, formatCount, formatShare } from "../format.js";
import { icon } from "../icons.js";
import { kpi } from "./kpi-strip.js";

/** The revenue in four numbers, and loud words when the books do not balance. */
export function revenueTotals() {
  const revenue = kpi("Revenue");
  const payments = kpi("Payments");
  const requests = kpi("Requests");
  const books = kpi("Books");
  const strip = h(
    "section",
    { class: "kpi-strip kpi-strip-asset", "aria-label": "Totals" },
    [revenue, payments, requests, books].map((part) => part.element),
  );
  const alarm = h("div", { role: "alert" });
  const waiting = h("div", {});

  /** @param {Revenue} told */
  const update = (told) => {
    setText(revenue.value, formatAtomic(told.revenue_atomic));
    setText(revenue.note, units(told.revenue_atomic));
    setText(payments.value, formatCount(told.payments));
    const average = Math.round(told.payments_atomic / told.payments);
    setText(payments.note, told.payments ? `${formatAtomic(average)} on average` : "none yet");
    const asked = sum(told.rows.map((row) => row.requests));
    const errors = sum(told.rows.map((row) => row.errors));
    setText(requests.value, formatCount(asked));
    setText(requests.note, asked ? `${formatShare((100 * errors) / asked)} with errors` : "");
    showBooks(books, told.difference_atomic);
    setAlarm(alarm, told);
    fill(waiting, unclear(told.unclear), open(told.open));
  };
  return { elements: [alarm, waiting, strip], update };
}

/** @param {number[]} values */
export function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

/** @param {number} atomic */
function units(atomic) {
  return `${formatCount(atomic)} atomic ${Math.abs(atomic) === 1 ? "unit" : "units"}`;
}

/**
 * @param {ReturnType<typeof kpi>} books
 * @param {number} difference
 */
function showBooks(books, difference) {
  const balanced = difference === 0;
  books.element.dataset.books = balanced ? "balanced" : "wrong";
  fill(books.value, balanced ? [icon("check"), "Balanced"] : [icon("source_trouble"), "Wrong"]);
  setText(
    books.note,
    balanced ? "to the last atomic unit" : `off by ${units(Math.abs(difference))}`,
  );
}

/**
 * Said once: a live region repeats what is put into it anew.
 *
 * @param {HTMLElement} alarm
 * @param {Revenue} told
 */
function setAlarm(alarm, { difference_atomic: difference, revenue_atomic, payments_atomic }) {
  const [counted, paid] = [units(revenue_atomic), units(payments_atomic)];
  const by = `${units(Math.abs(difference))} too ${difference > 0 ? "many" : "few"}`;
  const text =
    `The books do not balance. ${counted} are counted as revenue, the payments add up to ${paid}:` +
    ` ${by}. A row was changed, or a part of the system is at fault; compare user_analytics with` +
    " payments before you rely on any number here.";
  if (difference === 0) return fill(alarm);
  if (alarm.textContent === text) return;
  fill(
    alarm,
    h("p", { class: "notice notice-alarm" }, icon("source_trouble"), h("span", {}, text)),
  );
}

/** @param {number} count */
function unclear(count) {
  const subject =
    count === 1 ? "1 payment is unclear" : `${formatCount(count)} payments are unclear`;
  const text =
    `${subject}: the facilitator does not remember what became of the money. Look on the` +
    " chain, by payer and nonce of the row.";
  return count > 0 && h("p", { class: "notice notice-stale" }, icon("source_trouble"), text);
}

/** @param {number} count */
function open(count) {
  const subject = count === 1 ? "1 payment waits" : `${formatCount(count)} payments wait`;
  const text = `${subject} for the facilitator. What is not settled is no revenue yet.`;
  return count > 0 && h("p", { class: "notice" }, icon("clock"), text);
}
