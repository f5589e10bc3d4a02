import { formatDayAndClock, parseTime } from "../../format.js";
import { Icon } from "../../ui/icon.js";
import { Empty } from "../../ui/page.js";
import { html } from "../../ui/preact.js";
import { useStore } from "../../ui/store.js";
import { Age } from "../../ui/times.js";
import { store } from "../../store.js";
import { draftOf, sentenceOf } from "./draft.js";

const SNOOZES = [
  { hours: 1, label: "1 hour" },
  { hours: 8, label: "8 hours" },
  { hours: 24, label: "1 day" },
  { hours: 168, label: "1 week" },
];

/** The rules, each said in a sentence. @param {{data: any, rules: any}} properties */
export function RuleList({ data, rules }) {
  useStore(["overview"], () => store.tick); // names of assets
  const full = data.rules.length >= data.most_rules;
  const make = full
    ? html`<p class="panel-note">You have ${data.most_rules} rules, as many as one may.</p>`
    : html`<a class="button button-primary" href="/alerts/new"><${Icon} name="plus" />New rule</a>`;
  if (data.rules.length === 0) {
    return html`<div class="panel"><${Empty} title="No alert rule yet"
      text="Say which signals matter to you, see what such a rule would have told you in the past week, and save it.">${make}<//></div>`;
  }
  return html`<div class="toolbar">${make}</div>
    <ul class="rule-list">${data.rules.map((/** @type {any} */ rule) => html`<${Rule} key=${rule.rule_id} rule=${rule} data=${data} rules=${rules} />`)}</ul>`;
}

/** @param {any} properties */
function Rule({ rule, data, rules }) {
  const snoozed = parseTime(rule.snoozed_until);
  const asleep = snoozed !== null && snoozed > new Date();
  const hooks = rule.webhooks.length;
  const state = !rule.active ? html`<span class="chip">off</span>` : asleep
    ? html`<span class="chip" data-tone="warn">silent until ${formatDayAndClock(snoozed)}</span>`
    : html`<span class="chip" data-tone="good">on</span>`;
  const snooze = (/** @type {any} */ event) => {
    const hours = Number(event.target.value);
    event.target.value = "";
    const until = hours ? new Date(Date.now() + hours * 3_600_000).toISOString() : null;
    rules.set(rule, { snoozed_until: until }, hours ? `${rule.name} is silent for ${SNOOZES.find((one) => one.hours === hours)?.label}.` : `${rule.name} speaks again.`);
  };
  return html`<li class="panel rule" data-active=${rule.active && !asleep ? "" : null}>
    <div class="rule-head">
      <h2 class="panel-title"><a href=${`/alerts/${rule.rule_id}`}>${rule.name}</a></h2>${state}
    </div>
    <p class="rule-says">${sentenceOf(draftOf(rule), data.watchlists)}</p>
    <p class="panel-note">${rule.last_fired_at ? html`Last fired <${Age} at=${rule.last_fired_at} />` : "It has not fired yet"}${" · "}${hooks ? `sent to ${hooks} ${hooks === 1 ? "webhook" : "webhooks"}` : "told here only"}</p>
    <div class="toolbar">
      <a class="button" href=${`/alerts/${rule.rule_id}`}><${Icon} name="pencil" />Edit</a>
      <button class="button" type="button" disabled=${rules.busy} onClick=${() => rules.set(rule, { active: !rule.active }, `${rule.name} is ${rule.active ? "off" : "on"}.`)}>${rule.active ? "Switch off" : "Switch on"}</button>
      ${rule.active && html`<span class="rule-snooze"><label class="visually-hidden" for=${`snooze-${rule.rule_id}`}>Silence ${rule.name} for a time</label>
        <select id=${`snooze-${rule.rule_id}`} class="input" disabled=${rules.busy} onChange=${snooze}>
          <option value="">Silence…</option>
          ${SNOOZES.map(({ hours, label }) => html`<option key=${hours} value=${hours}>for ${label}</option>`)}
          ${asleep && html`<option value="0">no more</option>`}
        </select></span>`}
      <button class="button" type="button" disabled=${rules.busy} onClick=${() => rules.remove(rule)}><${Icon} name="trash" />Remove</button>
    </div>
  </li>`;
}
