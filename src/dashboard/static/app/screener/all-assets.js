/** @import { Asset, Fired, Signal } from "../types.js" */
import { fetchView } from "../api.js";

/**
 * Every asset, as the market view tells them: column by column.
 *
 * @returns {Promise<Asset[]>} the largest first
 */
export async function fetchAssets() {
  const { data, meta } = await fetchView("market", "");
  const { columns, source_names } = data;
  const at = Date.parse(meta.generated_at);
  return columns.asset_id.map((/** @type {string} */ asset_id, /** @type {number} */ place) => ({
    asset_id,
    symbol: columns.symbol[place],
    name: columns.name[place],
    price: columns.price[place],
    change_1h: columns.change_1h[place],
    change_24h: columns.change_24h[place],
    change_7d: columns.change_7d[place],
    volume_24h: columns.volume_24h[place],
    market_cap: columns.market_cap[place],
    observed_at: new Date(at - 1000 * columns.age_seconds[place]).toISOString(),
    source: source_names[columns.source[place]],
  }));
}

/**
 * What fired on an asset, once a signal more has come.
 *
 * @param {Signal} signal
 * @param {Fired | undefined} before
 * @returns {Fired}
 */
export function firedWith({ metadata, ...signal }, before) {
  return {
    signals_24h: (before?.signals_24h ?? 0) + 1,
    lasting: (before?.lasting ?? 0) + (signal.ended_at ? 0 : 1),
    signal_id: signal.id,
    type: signal.type,
    direction: metadata.direction ?? null,
    explanation: signal.explanation,
    created_at: signal.created_at,
    ended_at: signal.ended_at,
    horizon_seconds: metadata.claim?.horizon ?? null,
    calibration: metadata.calibration ?? null,
  };
}
