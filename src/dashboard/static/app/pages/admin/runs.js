import { formatCount, formatDayAndClock, formatUtc, parseTime } from "../../format.js";
import { Panel } from "../../ui/figures.js";
import { Icon } from "../../ui/icon.js";
import { html, useState } from "../../ui/preact.js";
import { Age, Moment } from "../../ui/times.js";
import { useActing } from "./acting.js";
import { Confirm } from "./confirm.js";
import { MorePages, usePages } from "./pages.js";

/** Ticks, what each brought from each source, and a way to do one again. */
export function Runs() {
  const pages = usePages("/api/v1/admin/runs?limit=12");
  const acting = useActing();
  const [asked, setAsked] = useState(/** @type {string | null} */ (null));
  const [done, setDone] = useState(/** @type {any} */ (null));
  const run = async () => {
    const told = await acting.act("POST", "/api/v1/admin/replays", { tick: asked });
    if (told === null) return;
    setDone(told);
    setAsked(null);
    pages.again();
  };
  return html`<${Panel} title="Run log" note=${html`<span class="panel-note">One row a tick; open it for its sources</span>`}>
    <p role="status" class="admin-run-done">${done && result(done)}</p>
    <${MorePages} of=${pages} empty=${html`<p class="panel-note">No tick was collected yet.</p>`}>
      ${(/** @type {any[]} */ rows) => html`<div class="admin-run-list">${rows.map(
        (tick) => html`<${Tick} key=${tick.tick} tick=${tick} replay=${() => setAsked(tick.tick)} />`,
      )}</div>`}
    <//>
    ${asked && html`<${Confirm} title=${`Do the tick of ${written(asked)} again?`} label="Replay it" acting=${acting} run=${run}
      text="It is done from the raw bodies that were kept of it; no provider is asked. Holes are filled, and what is stored already stays."
      close=${() => {
        setAsked(null);
        acting.forget();
      }} />`}
  <//>`;
}

/** @param {{tick: any, replay: () => void}} properties */
function Tick({ tick, replay }) {
  const wrong = tick.degraded > 0;
  return html`<details class="admin-run">
    <summary class="admin-run-head">
      <${Icon} name="chevron" />
      <span class="admin-run-when"><${Moment} at=${tick.tick} write=${formatDayAndClock} /></span>
      <span class="chip" data-tone=${wrong ? "bad" : "good"}>${wrong ? `${tick.degraded} of ${tick.ok + tick.degraded} degraded` : `${tick.ok} ok`}</span>
      <span class="quiet">${formatCount(tick.stored)} rows stored</span>
      <span class="quiet">slowest source ${formatCount(tick.slowest_ms)} ms</span>
      <span class="quiet">${detected(tick.detected)}</span>
    </summary>
    <div class="table-place"><table class="table admin-run-sources">
      <caption class="visually-hidden">Sources of the tick of ${written(tick.tick)}</caption>
      <thead><tr><th scope="col">Source</th><th scope="col">State</th><th scope="col" class="number">Requests</th><th scope="col" class="number">Parsed</th>
        <th scope="col" class="number">Stored</th><th scope="col">Skipped</th><th scope="col" class="number">ms</th></tr></thead>
      <tbody>${tick.sources.map(
        (/** @type {any} */ one) => html`<tr key=${one.source} data-state=${one.state}><td>${one.source}</td>
          <td>${one.state}${one.reason && html`<br /><span class="quiet admin-run-reason">${one.reason}</span>`}</td>
          <td class="number">${formatCount(one.requests)}</td><td class="number">${formatCount(one.parsed)}</td>
          <td class="number">${formatCount(one.stored)}</td><td>${skipped(one.skipped)}</td>
          <td class="number">${formatCount(one.milliseconds)}</td></tr>`,
      )}</tbody></table></div>
    <p class="admin-row-actions"><button class="button" type="button" onClick=${replay}>Replay this tick</button>
      <span class="quiet">collected <${Age} at=${tick.tick} /></span></p>
  </details>`;
}

/** @param {any} found */
function detected(found) {
  if (!found) return "not detected, or long ago";
  const { signals, ended } = found;
  return `${formatCount(signals)} ${signals === 1 ? "signal" : "signals"}, ${formatCount(ended)} ended`;
}

/** @param {Record<string, number>} reasons */
function skipped(reasons) {
  const all = Object.entries(reasons).sort(([, a], [, b]) => b - a);
  return all.map(([reason, count]) => `${formatCount(count)} ${reason.replaceAll("_", " ")}`).join(", ") || "–";
}

/** @param {any} done */
function result({ tick, sources, rows_written: rows }) {
  if (sources === 0) return `Of the tick of ${written(tick)} nothing was kept, so there was nothing to do.`;
  return `The tick of ${written(tick)} was done again: ${formatCount(sources)} sources, ${formatCount(rows)} rows written.`;
}

/** @param {string} iso */
function written(iso) {
  return formatUtc(/** @type {Date} */ (parseTime(iso))).replace(":00 UTC", " UTC");
}
