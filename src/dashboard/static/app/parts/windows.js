/** @import { Asset } from "../types.js" */

/**
 * The windows that a change is told over. `steps` are the percents at which a change is shown as
 * a middling and as a large one: an hour's two percent are much, a week's are little.
 *
 * @type {Record<string, {key: "change_1h" | "change_24h" | "change_7d", label: string,
 *   said: string, steps: [number, number]}>}
 */
export const WINDOWS = {
  "1h": { key: "change_1h", label: "1 h", said: "an hour", steps: [0.5, 1.5] },
  "24h": { key: "change_24h", label: "24 h", said: "24 hours", steps: [1.5, 5] },
  "7d": { key: "change_7d", label: "7 d", said: "7 days", steps: [4, 12] },
};
export const FIRST_WINDOW = "24h";

/**
 * @param {string | null} told in the address
 * @returns {string}
 */
export const windowOf = (told) => (told && told in WINDOWS ? told : FIRST_WINDOW);

/**
 * @param {number | null | undefined} change percent
 * @param {[number, number]} steps
 * @returns {number} -3 to 3; 0 for what went nowhere, or is not known
 */
export function heatOf(change, [middling, large]) {
  const size = Math.abs(change ?? 0);
  if (size < 0.005) return 0;
  return Math.sign(change ?? 0) * (size >= large ? 3 : size >= middling ? 2 : 1);
}

/**
 * @param {Iterable<Asset>} assets
 * @param {keyof Asset} key
 * @param {1 | -1} sign which way
 * @param {number} leastVolume US dollars a day
 * @param {number} most
 * @returns {Asset[]} what moved most that way among what is traded enough
 */
export function movers(assets, key, sign, leastVolume, most) {
  const change = (/** @type {Asset} */ asset) => sign * Number(asset[key] ?? 0);
  return [...assets]
    .filter((asset) => (asset.volume_24h ?? 0) >= leastVolume && change(asset) > 0.005)
    .sort((a, b) => change(b) - change(a))
    .slice(0, most);
}
