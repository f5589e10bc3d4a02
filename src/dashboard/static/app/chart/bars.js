/** @import { Candles } from "../types.js" */

/**
 * @typedef {object} Bar
 * @property {number} time epoch seconds at which the bar begins
 * @property {number} open
 * @property {number} high
 * @property {number} low
 * @property {number} close
 * @property {number | null} volume rolling 24 h volume as last seen within the bar
 */

/** @typedef {[number, number | null, number | null]} Tick epoch seconds, price, 24 h volume */

/**
 * Bars as they are drawn: each opens where the one before it closed. Between two observations
 * nothing is known, and a gap would suggest a jump nobody saw.
 *
 * @param {Candles["bars"]} rows the oldest first
 * @returns {Bar[]}
 */
export function toBars(rows) {
  /** @type {Bar[]} */
  const bars = [];
  for (const [time, first, highest, lowest, close, volume] of rows) {
    const open = bars.at(-1)?.close ?? first;
    const [high, low] = [Math.max(open, highest), Math.min(open, lowest)];
    bars.push({ time, open, high, low, close, volume });
  }
  return bars;
}

/**
 * Puts a tick into the newest bar, or into a new one behind it.
 *
 * @param {Bar[]} bars changed in place
 * @param {number} seconds length of a bar
 * @param {Tick} tick one without a price changes nothing
 */
export function extendBars(bars, seconds, [at, price, volume]) {
  const last = bars.at(-1);
  const time = Math.floor(at / seconds) * seconds;
  if (price === null || (last && time < last.time)) return;
  if (last?.time === time) {
    last.high = Math.max(last.high, price);
    last.low = Math.min(last.low, price);
    last.close = price;
    last.volume = volume;
    return;
  }
  const open = last?.close ?? price;
  const [high, low] = [Math.max(open, price), Math.min(open, price)];
  bars.push({ time, open, high, low, close: price, volume });
}

/**
 * @param {string} moment ISO 8601
 * @param {Bar[]} bars ascending
 * @returns {Bar | undefined} the bar it lies in, if the chart goes back so far
 */
export function barOf(moment, bars) {
  const at = Date.parse(moment) / 1000;
  return bars.findLast((bar) => bar.time <= at);
}

/**
 * @param {number} price
 * @returns {number} the smallest step worth an axis label
 */
export function smallestStep(price) {
  if (price >= 100) return 0.01;
  if (price >= 1) return 0.0001;
  return 10 ** (Math.floor(Math.log10(price || 1)) - 3);
}
