/** @import { Market } from "./model.js" */

const FORMULA = /^[=+\-@\t\r]/; // what a spreadsheet would reckon

/**
 * The rows as RFC 4180 wants them, with all figures, their sources and when they were observed.
 *
 * @param {Market} market
 * @param {Int32Array} order
 * @returns {string}
 */
export function toCsv(market, order) {
  const { numbers } = market;
  const number = (/** @type {number} */ value) => (Number.isNaN(value) ? "" : String(value));
  const lines = [
    [
      "asset_id", "symbol", "name", "price_usd", "change_1h_percent", "change_24h_percent",
      "change_7d_percent", "volume_24h_usd", "market_cap_usd", "sources", "source", "observed_at",
      "signals_24h", "newest_signal",
    ],
    ...Array.from(order, (row) => {
      const fired = market.fired.get(market.asset_id[row]);
      const at = new Date(numbers.observed[row]);
      return [
        text(market.asset_id[row]),
        text(market.symbol[row]),
        text(market.name[row]),
        ...["price", "change_1h", "change_24h", "change_7d", "volume_24h", "market_cap", "sources"].map(
          (key) => number(numbers[key][row]),
        ),
        text(market.source[row]),
        Number.isNaN(at.getTime()) ? "" : at.toISOString(),
        String(fired?.signals_24h ?? 0),
        text(fired?.explanation ?? ""),
      ];
    }),
  ];
  return lines.map((line) => `${line.join(",")}\r\n`).join("");
}

/** @param {string} value */
function text(value) {
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * @param {Market} market
 * @param {Int32Array} order
 */
export function saveCsv(market, order) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([toCsv(market, order)], { type: "text/csv;charset=utf-8" }));
  link.download = `market-${(market.tick ?? "none").replaceAll(":", "")}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
