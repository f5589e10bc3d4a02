import { formatClock, formatUtc, parseTime } from "../format.js";
import { age, freshness, setAge, setFreshness } from "../parts/time.js";
import { Native } from "./native.js";
import { html } from "./preact.js";

/** An age that stays current. @param {{at: string | null, prefix?: string}} properties */
export function Age({ at, prefix = "" }) {
  return html`<${Inline}
    make=${() => age(at, { prefix })}
    set=${setAge}
    at=${at}
  />`;
}

/** An age that looks old once it is. @param {{at: string | null, after?: number}} properties */
export function Freshness({ at, after }) {
  return html`<${Inline} make=${() => freshness(at, after)} set=${setFreshness} at=${at} />`;
}

/**
 * A moment in the reader's time; UTC on hover.
 *
 * @param {{at: string | null, write?: (date: Date) => string}} properties
 */
export function Moment({ at, write = formatClock }) {
  const date = parseTime(at);
  if (!date) return html`<span>–</span>`;
  return html`<time datetime=${date.toISOString()} title=${formatUtc(date)}>${write(date)}</time>`;
}

/** @param {any} properties */
function Inline({ make, set, at }) {
  return html`<${Native}
    class="inline"
    value=${at}
    make=${() => {
      const element = make();
      return { element, update: (/** @type {string | null} */ now) => set(element, now) };
    }}
  />`;
}

