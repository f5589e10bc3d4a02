/**
 * The periods of reports: how one is named, addressed and asked for. Days and weeks are UTC's.
 *
 * @typedef {object} Period
 * @property {"daily" | "weekly" | "custom"} kind
 * @property {string} since ISO 8601
 * @property {string} until ISO 8601, the moment behind the last
 */
import { parseTime } from "../../format.js";

const DAY_MS = 86_400_000;
const utc = { timeZone: "UTC" };
const weekday = new Intl.DateTimeFormat(undefined, { ...utc, dateStyle: "full" });
const date = new Intl.DateTimeFormat(undefined, { ...utc, dateStyle: "medium" });
const moment = new Intl.DateTimeFormat(undefined, { ...utc, dateStyle: "medium", timeStyle: "short" });

/**
 * @param {Period} period
 * @returns {string} for a heading
 */
export function periodName({ kind, since, until }) {
  const [first, end] = [parseTime(since), parseTime(until)];
  if (!first || !end) return "Report";
  if (kind === "daily") return weekday.format(first);
  if (kind === "weekly") return `Week of ${date.formatRange(first, new Date(+first + 6 * DAY_MS))}`;
  const whole = +first % DAY_MS === 0 && +end % DAY_MS === 0;
  if (whole) return date.formatRange(first, new Date(+end - DAY_MS));
  return `${moment.formatRange(first, end)} UTC`;
}

/**
 * @param {string} kind
 * @param {string | null} since ISO 8601
 * @returns {string | null} the address of the page of a day or a week
 */
export const reportHref = (kind, since) => since && `/reports/${kind}/${since.slice(0, 10)}`;

/**
 * @param {string} first a day or a moment
 * @param {string} last a day, which is in the period, or the moment behind it
 * @returns {string} the address of the page of any period
 */
export const customHref = (first, last) => `/reports/custom/${first}_${last}`;

/**
 * @param {string} address what stands behind /reports/custom/
 * @returns {{since: string, until: string} | null} null for what is no period
 */
export function readCustom(address) {
  const [first, last = ""] = address.split("_");
  const [since, until] = [parseTime(first), parseTime(last)];
  if (!since || !until) return null;
  const end = last.length === 10 ? new Date(+until + DAY_MS) : until;
  return { since: brief(since), until: brief(end) };
}

/** @param {Date} at @returns {string} ISO 8601, to the second */
export const brief = (at) => `${at.toISOString().slice(0, 19)}Z`;

/** @param {number} days @returns {string} the UTC day so many days ago: 2026-11-22 */
export const dayBefore = (days) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
