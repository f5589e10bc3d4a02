import { formatDayAndClock } from "../../format.js";
import { Icon } from "../../ui/icon.js";
import { Empty } from "../../ui/page.js";
import { html } from "../../ui/preact.js";
import { Age, Moment } from "../../ui/times.js";
import { useActing } from "./acting.js";

/**
 * What is wrong now, since when, and what to do about it.
 *
 * @param {{data: any, reload: () => Promise<void>}} properties
 */
export function Alerts({ data, reload }) {
  const acting = useActing();
  const put = async (/** @type {string} */ alert, /** @type {object} */ body) => {
    const done = await acting.act("POST", `/api/v1/admin/alerts/${encodeURIComponent(alert)}`, body);
    if (done) await reload();
  };
  if (data.alerts.length === 0) {
    return html`<${Empty} title="Nothing is wrong"
      text="Ticks come when they are due, events are delivered, and the books balance. An alert stands here the moment one of that ends." />`;
  }
  return html`
    ${acting.problem && html`<p class="notice" role="alert">${acting.problem}</p>`}
    <ul class="admin-alerts" aria-label="Alerts, the worst first">
      ${data.alerts.map(
        (/** @type {any} */ one) => html`<${Alert} key=${one.alert} alert=${one} busy=${acting.busy} put=${put} />`,
      )}
    </ul>
  `;
}

/** @param {{alert: any, busy: boolean, put: (alert: string, body: object) => void}} properties */
function Alert({ alert, busy, put }) {
  const open = alert.state === "open";
  const press = (/** @type {object} */ body) => () => put(alert.alert, body);
  return html`<li class="admin-alert" data-severity=${alert.severity} data-state=${alert.state}>
    <span class="admin-alert-mark"><${Icon} name=${open ? "source_trouble" : "check"} /></span>
    <div class="admin-alert-told">
      <h2 class="admin-alert-title">${alert.title}
        <span class="chip" data-tone=${open ? (alert.severity === "critical" ? "bad" : "warn") : undefined}>
          ${open ? alert.severity : alert.state}</span></h2>
      <p>${alert.detail}</p>
      <p class="quiet">${alert.what_to_do}</p>
      <p class="admin-alert-since">
        ${alert.since ? html`Since <${Moment} at=${alert.since} write=${formatDayAndClock} />, <${Age} at=${alert.since} />` : "It is not known since when"}
        ${alert.acknowledged_by && html`<span> · ${alert.state} by ${alert.acknowledged_by}</span>`}
        ${alert.snoozed_until && html`<span> until <${Moment} at=${alert.snoozed_until} write=${formatDayAndClock} /></span>`}
      </p>
    </div>
    <div class="admin-alert-actions">
      ${open
        ? html`<button class="button" type="button" disabled=${busy} onClick=${press({ action: "acknowledge" })}>Acknowledge</button>
            <button class="button" type="button" disabled=${busy} onClick=${press({ action: "snooze", hours: 4 })}>Snooze 4 h</button>`
        : html`<button class="button" type="button" disabled=${busy} onClick=${press({ action: "reopen" })}>Reopen</button>`}
    </div>
  </li>`;
}
