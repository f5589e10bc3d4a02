/** Every number and time on the page is written here, in the reader's locale and time zone. */

const ABSENT = "–";
const STALE_AFTER_SECONDS = 30 * 60;

/** @param {Intl.NumberFormatOptions} options */
const number = (options) => new Intl.NumberFormat(undefined, options);

const dollars = { style: /** @type {const} */ ("currency"), currency: "USD" };
const narrow = { ...dollars, currencyDisplay: /** @type {const} */ ("narrowSymbol") };
const priceLarge = number({ ...narrow, minimumFractionDigits: 2, maximumFractionDigits: 2 });
const priceMiddle = number({ ...narrow, minimumFractionDigits: 2, maximumFractionDigits: 4 });
const priceSmall = number({ ...narrow, minimumSignificantDigits: 4, maximumSignificantDigits: 4 });
const compact = number({ ...narrow, notation: "compact", maximumSignificantDigits: 3 });
// A payment is written to its last atomic unit, of which a dollar has a million.
const exact = number({ ...narrow, minimumFractionDigits: 2, maximumFractionDigits: 6 });
const change = number({
  style: "percent",
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
  signDisplay: "exceptZero",
});
const share = number({ style: "percent", maximumFractionDigits: 1 });
const fineShare = number({ style: "percent", maximumFractionDigits: 2 });
const wholeShare = number({ style: "percent", maximumFractionDigits: 0 });
const whole = number({ maximumFractionDigits: 0 });
const plain = number({ maximumSignificantDigits: 4 });
const signed = number({
  maximumFractionDigits: 2,
  minimumFractionDigits: 2,
  signDisplay: "always",
});

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const hour = new Intl.DateTimeFormat(undefined, { hour: "numeric" });
const dayAndClock = new Intl.DateTimeFormat(undefined, {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const utcDay = new Intl.DateTimeFormat(undefined, {
  day: "numeric",
  month: "short",
  timeZone: "UTC",
});
// In the language of the page: ages stand inside its sentences.
const ago = new Intl.RelativeTimeFormat("en", { style: "short", numeric: "always" });

/**
 * @param {(value: number) => string} write
 * @returns {(value: number | null | undefined) => string}
 */
const orAbsent = (write) => (value) =>
  value === null || value === undefined || !Number.isFinite(value) ? ABSENT : write(value);

/** US dollars with as many digits as the size of the price asks for. */
export const formatPrice = orAbsent((value) => {
  const size = Math.abs(value);
  if (size >= 100 || size === 0) return priceLarge.format(value);
  return size >= 1 ? priceMiddle.format(value) : priceSmall.format(value);
});

/** US dollars, compact: $1.2T. */
export const formatCompact = orAbsent((value) => compact.format(value));

/** US dollars with every digit; takes atomic units (millionths of a dollar). */
export const formatAtomic = orAbsent((units) => exact.format(units / 1e6));

/** A signed change; takes percent, as the API gives it. */
export const formatChange = orAbsent((percent) => change.format(roundToZero(percent / 100)));

/** An unsigned share with one decimal; takes percent. */
export const formatShare = orAbsent((percent) => share.format(percent / 100));

/** An unsigned share with two decimals; takes 0..1. */
export const formatSpread = orAbsent((rate) => fineShare.format(rate));

/** A probability or rate; takes 0..1. */
export const formatRate = orAbsent((rate) => wholeShare.format(rate));

export const formatCount = orAbsent((value) => whole.format(value));
export const formatPlain = orAbsent((value) => plain.format(value));
export const formatSigned = orAbsent((value) => signed.format(value));

/** @param {Date} date */
export const formatClock = (date) => clock.format(date);
/** @param {Date} date written shorter on the hour */
export const formatHour = (date) => (date.getMinutes() === 0 ? hour : clock).format(date);
/** @param {Date} date */
export const formatDayAndClock = (date) => dayAndClock.format(date);
/** @param {Date} date */
export const formatDay = (date) => day.format(date);
/** @param {string} iso a UTC date: 2026-11-22 */
export const formatUtcDay = (iso) => utcDay.format(new Date(`${iso}T00:00:00Z`));
/** @param {Date} date */
export const formatDate = (date) => date.toLocaleDateString(undefined, { dateStyle: "medium" });

/**
 * @param {Date} date
 * @returns {string} for a title: 2026-11-22 12:15:00 UTC
 */
export function formatUtc(date) {
  return `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/**
 * @param {string | null | undefined} iso
 * @returns {Date | null}
 */
export function parseTime(iso) {
  const date = iso ? new Date(iso) : null;
  return date && !Number.isNaN(date.getTime()) ? date : null;
}

let behind = 0;

/**
 * Ages are told against this moment from now on: a recording has a present of its own.
 *
 * @param {Date | null} present null for the reader's clock
 */
export function setPresent(present) {
  behind = present ? Date.now() - present.getTime() : 0;
}

/**
 * @param {Date} date
 * @returns {number} seconds, never negative: clocks differ a little
 */
function ageSeconds(date) {
  return Math.max(0, (Date.now() - behind - date.getTime()) / 1000);
}

/**
 * @param {Date} date
 * @returns {string} "just now", "4 min. ago", "2 hr. ago", "3 days ago"
 */
export function formatAge(date) {
  const seconds = ageSeconds(date);
  if (seconds < 60) return "just now";
  if (seconds < 3600) return ago.format(-Math.floor(seconds / 60), "minute");
  if (seconds < 86400) return ago.format(-Math.floor(seconds / 3600), "hour");
  return ago.format(-Math.floor(seconds / 86400), "day");
}

/**
 * @param {number | null | undefined} seconds
 * @returns {string} a length of time: 42 s, 15 min, 1 h, 24 h, 3 d
 */
export const formatDuration = orAbsent((seconds) => {
  if (seconds < 90) return `${whole.format(seconds)} s`;
  if (seconds < 5400 && seconds !== 3600) return `${whole.format(seconds / 60)} min`;
  if (seconds < 129600) return `${whole.format(seconds / 3600)} h`;
  return `${whole.format(seconds / 86400)} d`;
});

/**
 * @param {Date | null} date
 * @param {number} [after] seconds; two ticks unless told
 * @returns {boolean} whether it is older than that, or unknown
 */
export function isStale(date, after = STALE_AFTER_SECONDS) {
  return date === null || ageSeconds(date) > after;
}

/** @param {number} rate so that a change of -0.001 % is written 0.00 %, not -0.00 % */
function roundToZero(rate) {
  return Math.abs(rate) < 0.00005 ? 0 : rate;
}
