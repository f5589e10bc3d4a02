/** @import { Source } from "../types.js" */
import { formatCount } from "../format.js";
import { html } from "../ui/preact.js";
import { Age } from "../ui/times.js";

const STATES = { ok: "well", degraded: "degraded", off: "off" };
/** @type {Record<string, string>} */
const TONES = { ok: "good", degraded: "warn", off: "bad" };
const SHOWN = 4;

/** How many sources are well, and which are not. @param {{sources: Source[]}} properties */
export function SourceHealth({ sources }) {
  const ill = sources.filter((source) => source.state !== "ok");
  const counts = Object.entries(STATES).map(([state, said]) => ({
    state,
    said,
    n: sources.filter((source) => source.state === state).length,
  }));
  return html`<section class="panel health" aria-labelledby="health-title">
    <div class="health-line">
      <h2 class="panel-title" id="health-title">Source health</h2>
      ${counts.map(
        ({ state, said, n }) =>
          (n > 0 || state === "ok") &&
          html`<span key=${state} class="chip" data-tone=${TONES[state]}>${formatCount(n)} ${said}</span>`,
      )}
      <div class="health-bar" aria-hidden="true">
        ${counts.map(({ state, n }) => n > 0 && html`<span key=${state} data-state=${state} style=${{ flexGrow: n }}></span>`)}
      </div>
      <a href="/system">All sources</a>
    </div>
    ${ill.length > 0 &&
    html`<ul class="health-ill">
      ${ill.slice(0, SHOWN).map(
        (source) => html`<li key=${source.source}>
          <strong>${source.source}</strong> ${source.reason ?? STATES[source.state]}${" "}
          ${source.last_success && html`<span class="quiet">last well <${Age} at=${source.last_success} /></span>`}
        </li>`,
      )}
      ${ill.length > SHOWN && html`<li class="quiet">and ${formatCount(ill.length - SHOWN)} more</li>`}
    </ul>`}
  </section>`;
}
