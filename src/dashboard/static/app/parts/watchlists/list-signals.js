import { Native } from "../../ui/native.js";
import { html } from "../../ui/preact.js";
import { eventList } from "../event-list.js";

/** What fired on the assets of a list in the last seven days. @param {{signals: any[], hasAssets: boolean}} properties */
export function ListSignals({ signals, hasAssets }) {
  return html`<section class="watch-signals" aria-labelledby="watch-signals">
    <div class="section-head"><h2 class="section-title" id="watch-signals">Signals</h2><span class="panel-note">of seven days</span></div>
    ${signals.length === 0
      ? html`<div class="panel empty-state"><p class="empty-title">No signals</p>
          <p class="empty-text">${hasAssets ? "Nothing unusual was measured on these assets." : "Add an asset, and what fires on it shows here."}</p></div>`
      : html`<${Native} value=${signals} make=${makeList} />`}
  </section>`;
}

function makeList() {
  const events = eventList();
  return { element: events.element, update: (/** @type {any} */ now) => events.show(now) };
}
