/** @import { Evidence } from "../types.js" */
import {
  formatChange,
  formatCompact,
  formatDuration,
  formatPlain,
  formatShare,
  formatSigned,
  formatSpread,
} from "../format.js";

/** @typedef {(value: number) => string} Write */

/** @type {Write} */
const asChange = (ratio) => formatChange(100 * ratio);
/** @type {Write} */
const asShare = (ratio) => formatShare(100 * ratio);
/** @type {Write} */
const asMultiple = (ratio) => `${formatPlain(ratio)}×`;
/** @type {Write} a log change, as the change in percent that it is */
const asLogChange = (value) => formatChange(100 * Math.expm1(value));
/** @type {Write} the same of one that goes either way */
const asSize = (value) => formatSpread(Math.expm1(value));

/** How a number of a finding is written; any other one as it is. */
const WRITERS = /** @type {Record<string, Write>} */ ({
  log_return: asLogChange,
  own_log_return: asLogChange,
  own_log_change: asLogChange,
  market_log_return: asLogChange,
  common_log_return: asLogChange,
  price_move: asLogChange,
  usual_move: asSize,
  rise: asLogChange,
  own_sigma: asSize,
  off_peg: asChange,
  before: asChange,
  gap: asChange,
  usual: formatSpread,
  usual_gap: formatSpread,
  usually_new: asShare,
  left_share: asShare,
  given_back: asShare,
  buy_share: asShare,
  flow_multiple: asMultiple,
  multiple: asMultiple,
  turnover: asMultiple,
  flow_over_usual: asMultiple,
  flow: formatCompact,
  usual_flow: formatCompact,
  volume_24h: formatCompact,
  volume_before: formatCompact,
  locked_before: formatCompact,
  baseline_tone: formatSigned,
  mean_tone: formatSigned,
  age: formatDuration,
});
/** What is written as something else than a log is not called one. */
const NAMES = /** @type {Record<string, string>} */ ({
  log_return: "Move",
  own_log_return: "Own move",
  own_log_change: "Own change",
  market_log_return: "The market's part",
  common_log_return: "Common move",
  own_sigma: "Own noise (1 σ)",
  off_peg: "Off its peg",
  before: "Before",
  usually_new: "Ticks with news",
  volume_before: "24 h volume before",
  volume_24h: "24 h volume",
});
/** What the statistic and its direction say already. */
const HIDDEN = new Set(["sign"]);

/** @param {NonNullable<Evidence["measured"]>} measured */
export function measuredText({ name, value, unit }) {
  if (value === null) return formatPlain(value);
  if (name in WRITERS) return WRITERS[name](value);
  return unit && unit !== "1" ? `${formatPlain(value)} ${unit}` : formatPlain(value);
}

/**
 * @param {Evidence} evidence
 * @returns {[string, string][]} name and text of the further numbers, without what was measured
 */
export function contextTexts({ context = {}, measured }) {
  // The numbers of a reading are in its own unit.
  const writers = measured?.name === "value" ? {} : WRITERS;
  return Object.entries(context)
    .filter(([name, value]) => !HIDDEN.has(name) && !sameAs(measured, name, value))
    .map(([name, value]) => [numberName(name), writers[name]?.(value) ?? formatPlain(value)]);
}

/** @param {string} name of a number, such as own_log_return */
export function numberName(name) {
  return NAMES[name] ?? words(name);
}

/** @param {string} name such as robust_z_score */
export function words(name) {
  const text = name.replaceAll("_", " ");
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

/**
 * @param {Evidence["measured"]} measured
 * @param {string} name
 * @param {number} value
 */
function sameAs(measured, name, value) {
  return measured?.name === name || (measured?.value === value && name in WRITERS);
}
