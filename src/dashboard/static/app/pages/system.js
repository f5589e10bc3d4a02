import { formatCount, formatDayAndClock, formatRate, formatSpread } from "../format.js";
import { outsideLink } from "../dom.js";
import { TickBars } from "../parts/tick-bars.js";
import { Panel } from "../ui/figures.js";
import { Native } from "../ui/native.js";
import { PageHead, Skeleton, useView, View } from "../ui/page.js";
import { html } from "../ui/preact.js";
import { Tile, Tiles } from "../ui/tile.js";
import { Age, Freshness, Moment } from "../ui/times.js";

const TONES = /** @type {const} */ ({ healthy: "good", degraded: "warn", unhealthy: "bad" });
const STATES = /** @type {const} */ ({ ok: "good", degraded: "bad", off: undefined });
const QUEUES = /** @type {const} */ ({
  events: "Events for open pages and receivers",
  deliveries: "Webhook deliveries that are due",
  outcomes: "Signals to be judged",
});
const UNKNOWN = "not recorded";

export default { title: "System health", Page: SystemPage };

function SystemPage() {
  const view = useView("system", {}, { live: ["tick"] });
  return html`
    <${PageHead} title="System health" lead="Every part, as it is now. What nobody measures is said to be unknown.">
      ${view.data && html`<span class="chip system-state" data-tone=${TONES[/** @type {"healthy"} */ (view.data.health.status)]}>${view.data.health.status}</span>`}
    <//>
    <${View} of=${view} skeleton=${html`<${Skeleton} rows=${8} />`}>
      ${(/** @type {any} */ data) => html`
        <${Totals} data=${data} />
        <div class="system-columns">
          <${Parts} parts=${data.parts} />
          <${Queues} queues=${data.queues} />
        </div>
        <${Panel} title="Ticks of the last day" note=${html`<span class="panel-note">one each quarter of an hour</span>`}>
          <${TickBars} ticks=${data.ticks} />
        <//>
        <${Sources} sources=${data.sources} />
        <div class="grid-2">
          <${Storage} data=${data} />
          <${Versions} data=${data} />
        </div>
      `}
    <//>
  `;
}

/** @param {{data: any}} properties */
function Totals({ data }) {
  const { health, ticks } = data;
  const behind = data.detected !== data.tick;
  return html`<${Tiles} label="Figures">
    <${Tile} name="Newest tick" value=${data.tick ? html`<${Age} at=${data.tick} />` : "none yet"}
      tone=${behind ? "warn" : undefined} note=${detection(data)} />
    <${Tile} name="Ticks collected, 24 h" value=${health.metrics.uptime}
      note=${`${formatCount(ticks.length)} ticks; longer spans are ${UNKNOWN}`} />
    <${Tile} name="Slowest source of a tick" value=${data.slowest_p50_ms === null ? "–" : `${formatCount(data.slowest_p50_ms)} ms`}
      note=${data.slowest_p99_ms === null ? "no tick in a day" : `median of 24 h; 99 % below ${formatCount(data.slowest_p99_ms)} ms`} />
    <${Tile} name="Refused or failed, 24 h" value=${formatSpread(data.error_rate_24h)}
      note=${data.error_rate_24h === null ? "no requests counted" : "of all requests, limits included"} />
    <${Tile} name="Answers of the API" value=${`${formatCount(data.load_ms)} ms`}
      note=${`mean since it started; p50 and p99 ${UNKNOWN}`} />
    <${Tile} name="Live connections" value=${formatCount(data.connections)}
      note=${data.connections === null ? "the hub does not answer" : "pages and programs, at the last event"} />
  <//>`;
}

/** @param {any} data */
function detection({ tick, detected }) {
  if (!detected) return "nothing was detected yet";
  if (detected === tick) return "detected too";
  return html`detected until <${Moment} at=${detected} write=${formatDayAndClock} />`;
}

/** @param {{parts: any[]}} properties */
function Parts({ parts }) {
  return html`<${Panel} title="Parts">
    <ul class="system-parts">${parts.map(
      (part) => html`<li key=${part.name} class="system-part">
        <span class="system-part-mark" data-tone=${TONES[/** @type {"healthy"} */ (part.state)]} aria-hidden="true"></span>
        <span class="system-part-name">${part.name}</span><span>${part.state}</span><span class="quiet system-part-says">${part.says}</span></li>`,
    )}</ul>
  <//>`;
}

/** @param {{queues: any[]}} properties */
function Queues({ queues }) {
  return html`<${Panel} title="Queues">
    <table class="table"><caption class="visually-hidden">What waits</caption>
      <thead><tr><th scope="col">Queue</th><th scope="col" class="number">Waiting</th><th scope="col">Oldest</th></tr></thead>
      <tbody>${queues.map(
        (queue) => html`<tr key=${queue.name}><td>${QUEUES[/** @type {"events"} */ (queue.name)]}</td>
          <td class="number">${formatCount(queue.waiting)}</td>
          <td>${queue.since ? html`<${Age} at=${queue.since} />` : html`<span class="quiet">–</span>`}</td></tr>`,
      )}</tbody></table>
  <//>`;
}

/** @param {{sources: any[]}} properties */
function Sources({ sources }) {
  return html`<${Panel} title="Freshness by source">
    <div class="table-place"><table class="table">
      <caption class="visually-hidden">Sources, and how new what they told is</caption>
      <thead><tr><th scope="col">Source</th><th scope="col">State</th><th scope="col">Last success</th><th scope="col" class="number">Well, 24 h</th><th scope="col">Why</th></tr></thead>
      <tbody>${sources.map(
        (one) => html`<tr key=${one.source}>
          <td><${Native} class="inline" make=${() => outsideLink(one.attribution_url, one.source)} /></td>
          <td><span class="chip" data-tone=${STATES[/** @type {"ok"} */ (one.state)]}>${one.state}</span></td>
          <td>${one.last_success ? html`<${Freshness} at=${one.last_success} after=${7200} />` : html`<span class="quiet">never</span>`}</td>
          <td class="number">${one.runs_24h ? html`${formatRate(one.ok_24h / one.runs_24h)} <span class="quiet">of ${formatCount(one.runs_24h)}</span>` : "–"}</td>
          <td class="quiet system-why">${one.reason ?? ""}</td></tr>`,
      )}</tbody></table></div>
  <//>`;
}

/** @param {{data: any}} properties */
function Storage({ data }) {
  return html`<${Panel} title="Storage" note=${html`<span class="panel-note">${formatCount(data.stored_24h)} rows stored in 24 h</span>`}>
    <table class="table"><caption class="visually-hidden">Rows by table</caption>
      <thead><tr><th scope="col">Table</th><th scope="col" class="number">Rows</th></tr></thead>
      <tbody>${data.storage.map((/** @type {any} */ one) => html`<tr key=${one.table}><td class="system-code">${one.table}</td><td class="number">${formatCount(one.rows)}</td></tr>`)}</tbody></table>
    <p class="panel-note">By the numbers of the rows: removed ones count too. Prices and readings are too many to be counted at each look; bytes are ${UNKNOWN} here.</p>
  <//>`;
}

/** @param {{data: any}} properties */
function Versions({ data }) {
  return html`<${Panel} title="Versions">
    <table class="table"><caption class="visually-hidden">Versions</caption>
      <tbody>
        <tr><th scope="row">Release</th><td>${data.release ?? UNKNOWN}</td></tr>
        <tr><th scope="row">Schema</th><td class="system-code">${data.migration ?? UNKNOWN}</td></tr>
        ${data.detectors.map(
          (/** @type {any} */ one) => html`<tr key=${one.detector}><th scope="row">${one.detector.replaceAll("_", " ")}</th>
            <td>${one.version === null ? "no state yet" : `version ${one.version}`}</td></tr>`,
        )}
      </tbody></table>
  <//>`;
}

