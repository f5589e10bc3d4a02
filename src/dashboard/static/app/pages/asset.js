/** @import { Asset, AssetView, Prices, Signal } from "../types.js" */
import { ApiError, fetchAsset } from "../api.js";
import { chartPanel } from "../chart/chart-panel.js";
import { fill, h } from "../dom.js";
import { formatPrice } from "../format.js";
import { icon } from "../icons.js";
import { assetHead } from "../parts/asset-head.js";
import { eventList } from "../parts/event-list.js";
import { newsList } from "../parts/news-list.js";
import { emptyState, freshnessNotice } from "../parts/notices.js";
import { originLabel } from "../parts/origin-label.js";
import { priceSources } from "../parts/price-sources.js";
import { setTitle } from "../router.js";
import { store } from "../store.js";

const DAYS = 7;
const RELOAD_AFTER_MS = 10_000;

/** @type {import("../router.js").Page} */
export function showAsset(main, [assetId], lifetime) {
  const place = h("div", { class: "asset-page" });
  main.append(
    h(
      "div",
      { class: "asset-top" },
      h("a", { class: "back-link", href: "/" }, icon("back"), "Markets"),
      originLabel(lifetime),
    ),
    freshnessNotice(lifetime),
    place,
  );
  /** @type {((view: AssetView) => void) | null} */
  let renew = null;
  let loadedAt = 0;

  const load = async () => {
    loadedAt = Date.now();
    try {
      const view = await fetchAsset(assetId, DAYS, lifetime);
      if (renew) renew(view);
      else renew = build(place, view, lifetime);
    } catch (error) {
      if (!lifetime.aborted && !renew) showFailure(place, error, load);
    }
  };
  setTitle(store.assets.get(assetId)?.name ?? assetId);
  fill(place, skeleton());
  load();
  // The overview is loaded anew when events were missed; then this page missed them too.
  store.on("overview", () => Date.now() - loadedAt > RELOAD_AFTER_MS && load(), lifetime);
}

/**
 * @param {HTMLElement} place
 * @param {AssetView} first
 * @param {AbortSignal} lifetime
 * @returns {(view: AssetView) => void} puts newer data into the page
 */
function build(place, first, lifetime) {
  const assetId = first.asset.asset_id;
  const head = assetHead(first.asset, lifetime);
  const news = h("div", {});
  const noSignals = emptyState({
    title: "No signals",
    text: "Nothing unusual was measured in the last days.",
  });
  const chart = chartPanel(lifetime, openCard);
  const events = eventList({ linkAsset: false, opened: chart.pointAt });
  const prices = priceSources();
  /** @type {Signal[]} */
  let shown = [];
  /** @type {string | null} */
  let newsShown = null;

  /** @param {Signal} signal */
  function openCard(signal) {
    const card = events.element.querySelector(`[data-signal="${CSS.escape(signal.id)}"]`);
    const toggle = /** @type {HTMLElement | null} */ (
      card?.querySelector(".evidence-toggle") ?? null
    );
    if (toggle?.getAttribute("aria-expanded") === "false") toggle.click();
    card?.scrollIntoView({ block: "nearest" });
  }
  /** @param {Signal[]} told newest first: new ones, and known ones as they are now */
  function showSignals(told) {
    const now = new Map(told.map((signal) => [signal.id, signal]));
    const known = new Set(shown.map((signal) => signal.id));
    shown = [
      ...told.filter((signal) => !known.has(signal.id)),
      // An end that was told stays told: a cached view may be older than it.
      ...shown.map((signal) => (signal.ended_at ? signal : (now.get(signal.id) ?? signal))),
    ];
    events.show(shown);
    noSignals.hidden = shown.length > 0;
    head.countSignals(shown);
    chart.setSignals(shown);
  }
  /**
   * @param {Asset} asset
   * @param {Prices | null} told null when only the agreed price is known yet
   */
  function showAssetNow(asset, told) {
    head.update(asset, told);
    setTitle(`${asset.symbol} ${formatPrice(asset.price)}`);
  }
  /** @param {AssetView} view */
  function renew(view) {
    store.setOrigin(view.origin);
    showAssetNow(view.asset, view.prices);
    prices.update(view.asset, view.prices);
    showSignals(view.signals);
    const addresses = view.news.map((item) => item.url).join("\n");
    // Left alone when it is the same: the reader may have the focus in it.
    if (addresses !== newsShown) news.replaceChildren(newsList(view.news));
    newsShown = addresses;
    chart.show(view);
  }

  fill(
    place,
    head.elements,
    h(
      "div",
      { class: "asset-columns" },
      chart.element,
      prices.element,
      h(
        "section",
        { class: "asset-signals", "aria-labelledby": "asset-signals" },
        sectionHead("asset-signals", "Signals"),
        events.element,
        noSignals,
      ),
      h(
        "section",
        { class: "asset-news", "aria-labelledby": "asset-news" },
        sectionHead("asset-news", "News"),
        news,
      ),
    ),
  );
  renew(first);
  store.on(
    "tick",
    (assets) => {
      const asset = assets.find((/** @type {Asset} */ candidate) => candidate.asset_id === assetId);
      if (!asset) return;
      showAssetNow(asset, null);
      chart.append([
        Date.parse(store.tick ?? asset.observed_at) / 1000,
        asset.price,
        asset.volume_24h,
      ]);
    },
    lifetime,
  );
  for (const event of ["signal", "ended"]) {
    store.on(event, (signal) => signal.asset_id === assetId && showSignals([signal]), lifetime);
  }
  return renew;
}

/**
 * @param {string} id
 * @param {string} text
 */
function sectionHead(id, text) {
  return h("div", { class: "section-head" }, h("h2", { class: "section-title", id }, text));
}

/**
 * @param {HTMLElement} place
 * @param {unknown} error
 * @param {() => void} retry
 */
function showFailure(place, error, retry) {
  if (error instanceof ApiError && error.status === 404) {
    setTitle("Unknown asset");
    fill(
      place,
      h(
        "section",
        { class: "lone" },
        h("h1", { class: "lone-title" }, "This asset is not followed"),
        h("p", { class: "lone-text" }, error.message),
        h(
          "p",
          { class: "lone-actions" },
          h("a", { class: "button button-primary", href: "/" }, "See all assets"),
        ),
      ),
    );
    return;
  }
  const text = error instanceof Error ? error.message : "";
  fill(
    place,
    h("h1", { class: "visually-hidden" }, "Asset"),
    emptyState({
      title: "The asset could not be loaded",
      text,
      action: { label: "Try again", run: retry },
    }),
  );
}

function skeleton() {
  return h(
    "div",
    { "aria-busy": "true" },
    h("h1", { class: "visually-hidden" }, "Loading"),
    h("span", { class: "skeleton skeleton-title" }),
    h("span", { class: "skeleton skeleton-strip" }),
    h("span", { class: "skeleton skeleton-chart" }),
  );
}
