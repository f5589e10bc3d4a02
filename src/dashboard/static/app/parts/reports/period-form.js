import { html, useState } from "../../ui/preact.js";
import { navigate } from "../../router.js";
import { customHref, dayBefore } from "./period.js";

const LONGEST_DAYS = 31;
const PRESETS = [
  { label: "Last 3 days", days: 3 },
  { label: "Last 14 days", days: 14 },
  { label: "Last 30 days", days: 30 },
];

/**
 * Asks for a report on any days: both are in it, and they are of UTC.
 *
 * @param {{earliest: string | null, signedIn: boolean}} properties `earliest` ISO 8601: since when there is data
 */
export function PeriodForm({ earliest, signedIn }) {
  const [first, setFirst] = useState(dayBefore(6));
  const [last, setLast] = useState(dayBefore(0));
  const wrong = whatIsWrong(first, last);
  const open = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!wrong) navigate(customHref(first, last));
  };
  const limits = { min: earliest?.slice(0, 10), max: dayBefore(0), required: true };
  if (!signedIn) {
    return html`<p class="quiet period-visitor">
      <a href="/login?next=%2Freports">Sign in</a> to have a report made on any period of up to
      ${` ${LONGEST_DAYS} `}days.
    </p>`;
  }
  return html`<form class="period-form" onSubmit=${open}>
      <div class="form-row">
        <label for="period-first">First day</label>
        <input id="period-first" class="input" type="date" value=${first} ...${limits}
          aria-describedby="period-hint" onInput=${(/** @type {any} */ event) => setFirst(event.target.value)} />
      </div>
      <div class="form-row">
        <label for="period-last">Last day</label>
        <input id="period-last" class="input" type="date" value=${last} ...${limits}
          aria-describedby="period-hint" onInput=${(/** @type {any} */ event) => setLast(event.target.value)} />
      </div>
      <button class="button button-primary" type="submit" disabled=${Boolean(wrong)}>Make the report</button>
    </form>
    <p class="period-presets">
      ${PRESETS.map(({ label, days }) => html`<a key=${label} class="button"
        href=${customHref(dayBefore(days - 1), dayBefore(0))}>${label}</a>`)}
    </p>
    <p class=${wrong ? "form-error" : "form-hint"} id="period-hint" role="status">
      ${wrong || `Days of UTC, up to ${LONGEST_DAYS}; the last one is in it.`}
    </p>`;
}

/**
 * @param {string} first
 * @param {string} last
 * @returns {string} empty when nothing is
 */
function whatIsWrong(first, last) {
  if (!first || !last) return "Give both days.";
  const days = (Date.parse(last) - Date.parse(first)) / 86_400_000 + 1;
  if (days < 1) return "The last day comes before the first.";
  if (days > LONGEST_DAYS) return `These are ${days} days; a report is of at most ${LONGEST_DAYS}.`;
  return "";
}
