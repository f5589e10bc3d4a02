/** @import { Asset, Prices, Signal } from "../types.js" */
import { h, setText } from "../dom.js";
import { formatCompact, formatCount, formatPrice, formatShare } from "../format.js";
import { store } from "../store.js";
import { assetBadge } from "./asset-badge.js";
import { changeValue, setChange } from "./change.js";
import { kpi } from "./kpi-strip.js";
import { age, setStaleChip, staleChip, time } from "./time.js";

const WEEK_MS = 7 * 86_400_000;

/**
 * Name, price, changes and the numbers that say how current they are.
 *
 * @param {Asset} first
 * @param {AbortSignal} lifetime
 */
export function assetHead(first, lifetime) {
  const price = h("span", { class: "asset-price", data: { field: "price" } });
  const hour = changeValue(null);
  const day = changeValue(null);
  const volume = kpi("24 h volume");
  const cap = kpi("Market cap");
  const signals = kpi("Signals, 7 days");
  const observed = kpi("Observed");
  const source = h("span", {});
  const stale = staleChip(null);

  let shown = first;

  /**
   * @param {Asset} asset
   * @param {Prices | null} prices of the same tick, when they are known
   */
  const update = (asset, prices) => {
    shown = asset;
    setText(price, formatPrice(asset.price));
    price.dataset.value = String(asset.price ?? "");
    setChange(hour, asset.change_1h);
    setChange(day, asset.change_24h);
    setText(volume.value, formatCompact(asset.volume_24h));
    setText(cap.value, formatCompact(asset.market_cap));
    setText(volume.note, turnover(asset));
    setText(cap.note, rank(asset));
    observed.value.replaceChildren(time(asset.observed_at));
    source.textContent = `${saidBy(asset, prices)} `;
    setStaleChip(stale, asset.observed_at);
  };
  /** @param {Signal[]} all newest first */
  const countSignals = (all) => {
    const since = Date.parse(shown.observed_at ?? "") - WEEK_MS;
    const recent = all.filter((signal) => Date.parse(signal.created_at) >= since);
    setText(signals.value, formatCount(recent.length));
    signals.note.replaceChildren(all[0] ? age(all[0].created_at, { prefix: "Newest " }) : "None");
  };
  observed.note.append(source, stale);
  update(first, null);
  store.on("overview", () => setText(cap.note, rank(shown)), lifetime);
  const head = h(
    "div",
    { class: "asset-head", data: { asset: first.asset_id } },
    h(
      "div",
      { class: "asset-identity" },
      assetBadge(first.symbol, "large"),
      h(
        "h1",
        { class: "asset-title" },
        first.name,
        " ",
        h("span", { class: "asset-ticker" }, first.symbol),
      ),
    ),
    h(
      "div",
      { class: "asset-quote" },
      price,
      h("span", { class: "quote-change" }, hour, h("span", { class: "quote-span" }, "1 h")),
      h("span", { class: "quote-change" }, day, h("span", { class: "quote-span" }, "24 h")),
    ),
  );
  const strip = h(
    "section",
    { class: "kpi-strip kpi-strip-asset", "aria-label": "Key numbers" },
    [volume, cap, signals, observed].map((part) => part.element),
  );
  return { elements: [head, strip], update, countSignals };
}

/**
 * @param {Asset} asset
 * @param {Prices | null} prices
 */
function saidBy({ source }, prices) {
  if (source !== "consensus") {
    const only = prices?.sources.find((one) => one.source === source);
    return only?.attribution ?? (source ? `by ${source}` : "");
  }
  if (!prices?.consensus) return "agreed by several sources";
  const used = Object.keys(prices.consensus.used).length;
  const all = used + Object.keys(prices.consensus.rejected).length;
  return used === all
    ? `agreed by ${formatCount(used)} sources`
    : `agreed by ${formatCount(used)} of ${formatCount(all)} sources`;
}

/** @param {Asset} asset */
function turnover({ volume_24h, market_cap }) {
  if (!volume_24h || !market_cap) return "";
  return `${formatShare((100 * volume_24h) / market_cap)} of market cap`;
}

/** @param {Asset} asset */
function rank({ asset_id, market_cap }) {
  if (market_cap === null || !store.assets.has(asset_id)) return "";
  const larger = [...store.assets.values()].filter((other) => (other.market_cap ?? 0) > market_cap);
  return `Rank ${formatCount(larger.length + 1)}`;
}
