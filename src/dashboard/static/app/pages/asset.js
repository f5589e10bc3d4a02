/** @import { Asset, AssetView, NewsItem, Signal } from "../types.js" */
import { chartChoice, chartPanel } from "../chart/chart-panel.js";
import { h } from "../dom.js";
import { formatPrice } from "../format.js";
import { assetHead } from "../parts/asset-head.js";
import { companionsPanel } from "../parts/companions-panel.js";
import { eventList } from "../parts/event-list.js";
import { mentionsPanel } from "../parts/mentions-panel.js";
import { mutes } from "../parts/mutes.js";
import { newsList } from "../parts/news-list.js";
import { emptyState, freshnessNotice } from "../parts/notices.js";
import { originLabel } from "../parts/origin-label.js";
import { priceSources } from "../parts/price-sources.js";
import { relationsPanel } from "../parts/relations-panel.js";
import { shareButton } from "../parts/share-button.js";
import { WatchButton } from "../parts/watch-button.js";
import { setTitle } from "../router.js";
import { store } from "../store.js";
import { Icon } from "../ui/icon.js";
import { Native } from "../ui/native.js";
import { Empty, useQuery, useView, View } from "../ui/page.js";
import { html, useEffect, useRef } from "../ui/preact.js";

export default { title: "Asset", Page: AssetPage };

/** @param {{parameters: string[]}} properties */
function AssetPage({ parameters: [assetId] }) {
  const [query, setQuery] = useQuery();
  const wanted = chartChoice(query.get("interval"), query.get("range"));
  const view = useView("asset", { asset_id: assetId, interval: wanted.interval });
  // Other bars of the same asset are on their way: the page stays as it is until they are here.
  const last = useRef(view);
  if (view.status !== "loading" || last.current.data?.asset.asset_id !== assetId) last.current = view;
  const known = store.assets.get(assetId);
  const unknown = view.error?.status === 404 && view.status === "failed";
  useEffect(() => setTitle(known?.name ?? assetId), []);
  return html`
    <div class="asset-top">
      <a class="back-link" href="/market"><${Icon} name="back" />Market</a>
      <${Native} make=${originLabel} />
      <div class="asset-actions">
        <${WatchButton} assetId=${assetId} name=${known?.name ?? assetId} />
        <${Native} make=${() => shareButton(known?.name ?? assetId, () => location.pathname + location.search)} />
      </div>
    </div>
    <${Native} class="notice-place" make=${freshnessNotice} />
    ${unknown && html`<${Empty} title="This asset is not followed" text=${view.error?.message}>
      <a class="button button-primary" href="/market">See all assets</a>
    <//>`}
    ${!unknown && html`<${View} of=${last.current} skeleton=${html`<${Loading} />`}>
      ${(/** @type {AssetView} */ data) => html`<${Native} key=${assetId} class="asset-page"
        value=${{ data, wanted }}
        make=${(/** @type {AbortSignal} */ lifetime) => build(data, wanted, setQuery, lifetime)} />`}
    <//>`}
  `;
}

/**
 * @param {AssetView} first
 * @param {{interval: string, days: number}} wanted
 * @param {(changes: Record<string, string | null>) => void} setQuery
 * @param {AbortSignal} lifetime
 */
function build(first, wanted, setQuery, lifetime) {
  const assetId = first.asset.asset_id;
  const head = assetHead(first.asset, lifetime);
  const chart = chartPanel(lifetime, { choose: openCard, read, ask: setQuery }, wanted);
  const events = eventList({ linkAsset: false, opened: chart.pointAt });
  const prices = priceSources();
  const none = { title: "No signals", text: "Nothing unusual was measured in the last days." };
  const noSignals = emptyState(none);
  const places = { news: h("div", {}), mentions: h("div", {}), entity: h("div", {}), companions: h("div", {}) };
  /** @type {Signal[]} */
  let shown = [];
  /** @type {AssetView | null} */
  let told = null;
  let newsShown = "";

  const element = h(
    "div",
    {},
    head.elements,
    h(
      "div",
      { class: "asset-columns" },
      chart.element,
      prices.element,
      section("asset-signals", "Signals", events.element, noSignals),
      h(
        "div",
        { class: "asset-context" },
        section("asset-companions", "Moves with", places.companions, "panel"),
        section("asset-mentions", "Mentions", places.mentions, "panel"),
        section("asset-relations", "Named together with", places.entity, "panel"),
      ),
      section("asset-news", "News", places.news),
    ),
  );

  /** @param {Signal} signal */
  function openCard(signal) {
    const card = element.querySelector(`[data-signal="${CSS.escape(signal.id)}"]`);
    const toggle = /** @type {HTMLElement | null} */ (card?.querySelector(".evidence-toggle") ?? null);
    if (toggle?.getAttribute("aria-expanded") === "false") toggle.click();
    toggle?.focus({ preventScroll: true });
    card?.scrollIntoView({ block: "nearest" });
  }
  /** @param {NewsItem} story */
  function read({ url }) {
    const item = places.news.querySelector(`[data-url="${CSS.escape(url)}"]`);
    const link = /** @type {HTMLElement | null} */ (item?.querySelector("a") ?? null);
    link?.scrollIntoView({ block: "center" });
    link?.focus({ preventScroll: true });
  }
  /** @param {Signal[]} now newest first: new ones, and known ones as they are now */
  function showSignals(now) {
    const newer = new Map(now.map((signal) => [signal.id, signal]));
    const known = new Set(shown.map((signal) => signal.id));
    shown = [
      ...now.filter((signal) => !known.has(signal.id)),
      // An end that was told stays told: a cached view may be older than it.
      ...shown.map((signal) => (signal.ended_at ? signal : (newer.get(signal.id) ?? signal))),
    ];
    const wantedOnes = shown.filter((signal) => !mutes.hides(signal));
    events.show(shown, wantedOnes);
    noSignals.hidden = wantedOnes.length > 0;
    head.countSignals(shown);
    chart.setSignals(wantedOnes);
  }
  /** @param {{data: AssetView, wanted: {interval: string, days: number}}} now */
  function update({ data, wanted: asked }) {
    chart.want(asked);
    if (data === told) return;
    told = data;
    store.setOrigin(data.origin);
    head.update(data.asset, data.prices);
    setTitle(`${data.asset.symbol} ${formatPrice(data.asset.price)}`);
    prices.update(data.asset, data.prices);
    showSignals(data.signals);
    const addresses = data.news.map((item) => item.url).join("\n");
    // Left alone when it is the same: the reader may have the focus in it.
    if (addresses !== newsShown) {
      places.news.replaceChildren(newsList(data.news));
      places.mentions.replaceChildren(mentionsPanel(data.mentions, data.news[0]?.published_at ?? null));
      places.entity.replaceChildren(relationsPanel(assetId, data.entity));
    }
    newsShown = addresses || "none";
    places.companions.replaceChildren(companionsPanel(data.correlation));
    chart.show(data);
  }

  store.on(
    "tick",
    (/** @type {Asset[]} */ assets) => {
      const asset = assets.find((candidate) => candidate.asset_id === assetId);
      if (!asset) return;
      head.update(asset, null);
      setTitle(`${asset.symbol} ${formatPrice(asset.price)}`);
      const at = Date.parse(store.tick ?? asset.observed_at ?? "") / 1000;
      chart.append([at, asset.price, asset.volume_24h]);
    },
    lifetime,
  );
  for (const event of ["signal", "ended"]) {
    store.on(event, (signal) => signal.asset_id === assetId && showSignals([signal]), lifetime);
  }
  mutes.addEventListener("change", () => showSignals([]), { signal: lifetime });
  return { element, update };
}

/**
 * @param {string} id
 * @param {string} title
 * @param {...(HTMLElement | string)} content elements, and a class that the section has besides its id
 */
function section(id, title, ...content) {
  const classes = content.filter((one) => typeof one === "string").join(" ");
  return h(
    "section",
    { class: id, "aria-labelledby": id },
    h("div", { class: "section-head" }, h("h2", { class: "section-title", id }, title)),
    h("div", { class: classes || null }, content.filter((one) => typeof one !== "string")),
  );
}

function Loading() {
  return html`<div aria-busy="true">
    <h1 class="visually-hidden">Loading</h1>
    <span class="skeleton skeleton-title"></span>
    <span class="skeleton skeleton-strip"></span>
    <span class="skeleton skeleton-chart"></span>
  </div>`;
}
