import { Native } from "../../ui/native.js";
import { Empty } from "../../ui/page.js";
import { html } from "../../ui/preact.js";
import { Age } from "../../ui/times.js";
import { eventList } from "../event-list.js";

/** What the rules fired on, the newest first, by rule. @param {{fired: any[], hasRules: boolean}} properties */
export function Fired({ fired, hasRules }) {
  if (fired.length === 0) {
    return html`<div class="panel"><${Empty} title="Nothing has fired yet"
      text=${hasRules ? "What your rules fire on is listed here, with its evidence." : "Make a rule first: what it fires on is listed here."} /></div>`;
  }
  return html`<ol class="fired">${fired.map((one) => html`<li key=${`${one.rule_id} ${one.signal.id}`} class="fired-item">
    <p class="fired-rule"><a href=${`/alerts/${one.rule_id}`}>${one.rule}</a> <span class="quiet">fired <${Age} at=${one.fired_at} /></span></p>
    <${Native} value=${one.signal} make=${makeItem} />
  </li>`)}</ol>`;
}

function makeItem() {
  const events = eventList();
  return { element: events.element, update: (/** @type {any} */ signal) => events.show([signal]) };
}
