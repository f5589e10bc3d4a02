/** @import { Signal, SignalType } from "../types.js" */

/** @type {Record<SignalType, {label: string, plural: string}>} */
const TYPES = {
  price_anomaly: { label: "Price anomaly", plural: "Price" },
  volume_spike: { label: "Volume spike", plural: "Volume" },
  sentiment_shift: { label: "Sentiment shift", plural: "Sentiment" },
  pump: { label: "Pump", plural: "Pumps" },
  depeg: { label: "Depeg", plural: "Depegs" },
  tvl_outflow: { label: "TVL outflow", plural: "TVL" },
  source_trouble: { label: "Source trouble", plural: "Sources" },
  unusual_reading: { label: "Unusual reading", plural: "Readings" },
};

export const SIGNAL_TYPES = /** @type {SignalType[]} */ (Object.keys(TYPES));

/**
 * @param {SignalType} type
 * @returns {string} for a card; a type this page does not know is shown by its own name
 */
export function typeLabel(type) {
  return TYPES[type]?.label ?? String(type).replaceAll("_", " ");
}

/**
 * @param {SignalType} type
 * @returns {string} for a filter
 */
export function typeShortLabel(type) {
  return TYPES[type]?.plural ?? typeLabel(type);
}

/**
 * @param {SignalType} type
 * @returns {SignalType} the icon's name
 */
export function typeIcon(type) {
  return type in TYPES ? type : "price_anomaly";
}

/**
 * @param {Signal} signal
 * @returns {"up" | "down" | null | undefined} which way the asset went; a source that is wrong says
 *   nothing of that
 */
export function assetDirection({ type, metadata }) {
  return type === "source_trouble" ? null : metadata.direction;
}
