/** @import { Point, Signal } from "../types.js" */

/**
 * @typedef {object} Bar
 * @property {number} time epoch seconds at which the bar begins
 * @property {number} open
 * @property {number} high
 * @property {number} low
 * @property {number} close
 * @property {number | null} volume rolling 24 h volume as last seen within the bar
 */

/**
 * Builds bars from observed prices. A bar opens where the one before it closed: between two
 * observations nothing is known, and a gap would suggest a jump nobody saw.
 *
 * @param {Point[]} points ascending; points without a price are left out
 * @param {number} seconds length of a bar
 * @returns {Bar[]}
 */
export function toBars(points, seconds) {
  /** @type {Bar[]} */
  const bars = [];
  for (const [at, price, volume] of points) {
    if (price === null) continue;
    const time = Math.floor(at / seconds) * seconds;
    const bar = bars.at(-1);
    if (bar?.time === time) {
      bar.high = Math.max(bar.high, price);
      bar.low = Math.min(bar.low, price);
      bar.close = price;
      bar.volume = volume;
    } else {
      const open = bar?.close ?? price;
      const [low, high] = [Math.min(open, price), Math.max(open, price)];
      bars.push({ time, open, high, low, close: price, volume });
    }
  }
  return bars;
}

/**
 * @param {Signal} signal
 * @param {Bar[]} bars ascending
 * @returns {Bar | undefined} the bar in which the signal fired, if the chart goes back so far
 */
export function barOfSignal(signal, bars) {
  const firedAt = Date.parse(signal.created_at) / 1000;
  return bars.findLast((bar) => bar.time <= firedAt);
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
