import { beyondStrip } from "../parts/beyond-strip.js";
import { freshSignals } from "../parts/fresh-signals.js";
import { HeatLegend, HeatMap, SIZES } from "../parts/heat-map.js";
import { kpiStrip } from "../parts/kpi-strip.js";
import { MoodPanel } from "../parts/mood.js";
import { Movers } from "../parts/movers.js";
import { freshnessNotice } from "../parts/notices.js";
import { SourceHealth } from "../parts/source-health.js";
import { sourcesLink } from "../parts/sources-link.js";
import { FIRST_WINDOW, windowOf, WINDOWS } from "../parts/windows.js";
import { setTitle } from "../router.js";
import { store } from "../store.js";
import { Native } from "../ui/native.js";
import { Empty, PageHead, Skeleton, useQuery } from "../ui/page.js";
import { html, useEffect } from "../ui/preact.js";
import { useStore } from "../ui/store.js";

const CHANGES = ["overview", "overview-failed", "tick", "signal", "ended"];

function Page() {
  const [query, setQuery] = useQuery();
  const chosen = windowOf(query.get("window"));
  const size = query.get("size") === "volume_24h" ? "volume_24h" : "market_cap";
  useStore(CHANGES, () => null);
  useEffect(() => setTitle(), []); // the product's own name, not "Overview"

  return html`
    <${PageHead} title="Overview"><${Native} class="head-end" make=${sourcesLink} /><//>
    <${Native} class="notice-place" make=${freshnessNotice} />
    ${store.status === "failed"
      ? html`<${Failed} />`
      : html`
          <${Native} make=${kpiStrip} />
          <div class="overview">
            <${MapPanel} chosen=${chosen} size=${size} setQuery=${setQuery} />
            <div class="overview-side">
              <${MoodPanel}
                index=${store.beyond.find(({ kind }) => kind === "fear_greed")}
                mood=${store.sentiment}
              />
              <${Signals} />
            </div>
            ${store.status === "ready" ? html`<${Movers} window=${chosen} />` : html`<${Waiting} title="Movers" />`}
          </div>
          <${Native} make=${beyondStrip} />
          ${store.sources.length > 0 && html`<${SourceHealth} sources=${store.sources} />`}
        `}
  `;
}

/** @param {{chosen: string, size: keyof typeof SIZES, setQuery: (changes: Record<string, string | null>) => void}} properties */
function MapPanel({ chosen, size, setQuery }) {
  const nothing = store.status === "ready" && store.assets.size === 0;
  return html`<section class="panel map" aria-labelledby="map-title">
    <div class="panel-head">
      <h2 class="panel-title" id="map-title">Market map</h2>
      <div class="toolbar">
        <${Choice}
          label="Area of the tiles"
          choices=${Object.entries(SIZES).map(([value, { label }]) => ({ value, label }))}
          chosen=${size}
          choose=${(/** @type {string} */ value) => setQuery({ size: value === "market_cap" ? null : value })}
        />
        <${Choice}
          label="Change over"
          choices=${Object.entries(WINDOWS).map(([value, { label }]) => ({ value, label }))}
          chosen=${chosen}
          choose=${(/** @type {string} */ value) => setQuery({ window: value === FIRST_WINDOW ? null : value })}
        />
      </div>
    </div>
    ${store.status === "loading" && html`<span class="skeleton map-skeleton" aria-busy="true"></span>`}
    ${nothing && html`<${Empty} title="No prices yet" text="The first tick is collected within 15 minutes." />`}
    ${store.status === "ready" &&
    !nothing &&
    html`<${HeatMap} assets=${[...store.assets.values()]} window=${chosen} size=${size} />`}
    <div class="map-foot">
      <p class="panel-note">Area: square root of ${SIZES[size].said}. <a href="/market">All assets</a></p>
      <${HeatLegend} window=${chosen} />
    </div>
  </section>`;
}

/** @param {{label: string, choices: {value: string, label: string}[], chosen: string, choose: (value: string) => void}} properties */
function Choice({ label, choices, chosen, choose }) {
  return html`<div class="choice-group" role="group" aria-label=${label}>
    ${choices.map(
      (choice) => html`<button
        key=${choice.value}
        class="choice"
        type="button"
        data-value=${choice.value}
        aria-pressed=${String(choice.value === chosen)}
        onClick=${() => choose(choice.value)}
      >${choice.label}</button>`,
    )}
  </div>`;
}

function Signals() {
  return html`<section class="panel fresh" aria-labelledby="fresh-title">
    <div class="panel-head">
      <h2 class="panel-title" id="fresh-title">Freshest signals</h2>
      <a href="/signals">All signals</a>
    </div>
    ${store.status === "loading" ? html`<${Skeleton} rows=${5} />` : html`<${Native} class="fresh-place" make=${freshSignals} />`}
  </section>`;
}

/** @param {{title: string}} properties */
function Waiting({ title }) {
  return html`<section class="panel movers"><h2 class="panel-title">${title}</h2><${Skeleton} rows=${4} /></section>`;
}

function Failed() {
  return html`<${Empty}
    title="The market could not be loaded"
    text=${store.failure?.message ?? ""}
    action=${{ label: "Try again", run: () => store.loadOverview().catch(() => {}) }}
  />`;
}

export default { title: "", Page };
