import { formatCount, formatDuration, formatPlain, formatRate } from "../../format.js";
import { Panel } from "../../ui/figures.js";
import { Icon } from "../../ui/icon.js";
import { html, useState } from "../../ui/preact.js";
import { Age, Moment } from "../../ui/times.js";
import { useActing } from "./acting.js";
import { Confirm } from "./confirm.js";

const TONES = /** @type {const} */ ({ ok: "good", degraded: "bad", off: undefined });
const BREAKERS = /** @type {const} */ ({
  closed: "everything is asked",
  probing: "one request a tick, until it answers",
  waiting: "nothing is asked until",
});

/**
 * Every source: how it is, what it may be asked, and a switch.
 *
 * @param {{data: any, reload: () => Promise<void>}} properties
 */
export function Sources({ data, reload }) {
  const acting = useActing();
  const [asked, setAsked] = useState(/** @type {any} */ (null));
  const run = async () => {
    const path = `/api/v1/admin/sources/${encodeURIComponent(asked.source)}`;
    if ((await acting.act("PUT", path, { enabled: asked.enabled })) === null) return;
    setAsked(null);
    await reload();
  };
  const { feeds, degraded } = data.feeds;
  const note = html`<span class="panel-note">${feeds === 0 ? "No feeds of users" : `And ${formatCount(feeds)} feeds of users, ${formatCount(degraded)} in trouble`}</span>`;
  return html`<${Panel} title="Every source" note=${note}>
    ${!data.declared && html`<p class="notice" role="status">The collection Worker does not answer: budgets and what is due are not known now.</p>`}
    <div class="admin-source-list">
      ${data.sources.map(
        (/** @type {any} */ one) => html`<${Source} key=${one.source} source=${one} declared=${data.declared?.[one.source] ?? null}
          ask=${(/** @type {boolean | null} */ enabled) => setAsked({ source: one.source, enabled })} />`,
      )}
    </div>
    ${asked && html`<${Confirm} title=${question(asked)} label=${asked.enabled === false ? "Switch it off" : "Switch it"} acting=${acting} run=${run}
      text=${asked.enabled === false ? "From the next tick on it is not asked. What it told stays, and grows old." : "From the next tick on it is asked again."}
      close=${() => {
        setAsked(null);
        acting.forget();
      }} />`}
  <//>`;
}

/** @param {{source: string, enabled: boolean | null}} asked */
function question({ source, enabled }) {
  if (enabled === null) return `Leave ${source} as it is declared?`;
  return `Switch ${source} ${enabled ? "on" : "off"}?`;
}

/** @param {{source: any, declared: any, ask: (enabled: boolean | null) => void}} properties */
function Source({ source, declared, ask }) {
  const off = declared ? declared.off !== null : source.switched === "off";
  return html`<details class="admin-source">
    <summary class="admin-source-head">
      <${Icon} name="chevron" />
      <span class="admin-source-name">${source.source}</span>
      <span class="chip" data-tone=${TONES[/** @type {"ok"} */ (source.state)]}>${source.state}</span>
      ${source.switched !== "as declared" && html`<span class="chip" data-tone="warn">switched ${source.switched}</span>`}
      <span class="quiet admin-source-rate">${source.runs_24h ? `${formatRate(source.ok_24h / source.runs_24h)} of ${formatCount(source.runs_24h)} runs well` : "no runs today"}</span>
      <span class="quiet admin-source-age">${source.last_success ? html`<${Age} at=${source.last_success} />` : "never"}</span>
    </summary>
    <div class="admin-source-body">
      ${source.reason && html`<p class="admin-source-reason">${source.reason}</p>`}
      <dl class="admin-facts">
        <div><dt>Failed in a row</dt><dd>${formatCount(source.failures)}</dd></div>
        <div><dt>Stored, 24 h</dt><dd>${formatCount(source.stored_24h)} rows</dd></div>
        ${declared && html`
          <div><dt>Circuit breaker</dt><dd>${declared.breaker}: ${BREAKERS[/** @type {"closed"} */ (declared.breaker)]}
            ${declared.breaker === "waiting" && html` <${Moment} at=${declared.not_before} />`}</dd></div>
          <div><dt>Budget used, 1 h</dt><dd>${budget(source, declared)}
            <meter class="bar" min="0" max="1" value=${source.requests_1h / (declared.per_minute * 60)} aria-hidden="true"></meter></dd></div>
          ${declared.off && html`<div><dt>Off because</dt><dd>${declared.off}</dd></div>`}`}
      </dl>
      ${declared && html`<${Endpoints} endpoints=${declared.endpoints} />`}
      <p class="admin-row-actions">
        ${off
          ? html`<button class="button" type="button" onClick=${() => ask(true)}>Switch on</button>`
          : html`<button class="button" type="button" onClick=${() => ask(false)}>Switch off</button>`}
        ${source.switched !== "as declared" && html`<button class="button" type="button" onClick=${() => ask(null)}>As declared</button>`}
      </p>
    </div>
  </details>`;
}

/** @param {{endpoints: any[]}} properties */
function Endpoints({ endpoints }) {
  return html`<div class="table-place"><table class="table">
    <caption class="visually-hidden">Endpoints</caption>
    <thead><tr><th scope="col">Endpoint</th><th scope="col">Every</th><th scope="col">Last success</th><th scope="col">Due</th></tr></thead>
    <tbody>${endpoints.map(
      (one) => html`<tr key=${one.name}><td class="admin-code">${one.name}</td><td>${formatDuration(one.cadence_seconds)}</td>
        <td>${one.last_success ? html`<${Age} at=${one.last_success} />` : "never"}</td>
        <td><${Moment} at=${one.due_at} /></td></tr>`,
    )}</tbody></table></div>`;
}

/**
 * @param {any} source
 * @param {any} declared
 */
function budget(source, declared) {
  const most = declared.per_minute * 60;
  return `${formatCount(source.requests_1h)} of ${formatPlain(most)} requests (${formatRate(source.requests_1h / most)})`;
}
