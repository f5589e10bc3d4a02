import { choiceGroup } from "../parts/choice-group.js";
import { PlotKey } from "../parts/calibration-plot.js";
import { typeLabel } from "../parts/signal-types.js";
import { Glance, TrackType } from "../parts/track-type.js";
import { FEWEST, FEWEST_DAYS, verdictOf } from "../parts/track-verdict.js";
import { formatDuration } from "../format.js";
import { Native } from "../ui/native.js";
import { PageHead, Skeleton, useQuery, useView, View } from "../ui/page.js";
import { html } from "../ui/preact.js";
import { Age } from "../ui/times.js";

const HORIZONS = [3600, 4 * 3600, 24 * 3600];
const HEADLINE = 4 * 3600; // the one whose probability is a signal's confidence

export default { title: "Track record", Page: TrackRecordPage };

function TrackRecordPage() {
  const view = useView("track-record");
  const [query, setQuery] = useQuery();
  const asked = Number(query.get("horizon"));
  const horizon = HORIZONS.includes(asked) ? asked : HEADLINE;
  return html`
    <${PageHead} title="Track record"
      lead="Every signal says what will follow. Here is how often it did, judged from stored prices, beside how often the same happens without any signal." />
    <${View} of=${view} skeleton=${html`<${Skeleton} rows=${8} />`}>
      ${(/** @type {any} */ data) => {
        const fired = data.types.filter((/** @type {any} */ about) => about.claim);
        const silent = data.types.filter((/** @type {any} */ about) => !about.claim);
        return html`
        <p class="track-summary">${summary(data, horizon)}</p>
        <section class="panel" aria-labelledby="glance">
          <div class="panel-head"><h2 class="panel-title" id="glance">At a glance</h2>
            <span class="panel-note">as of <${Age} at=${data.as_of} /></span></div>
          <${Glance} types=${fired} records=${data.records} horizons=${HORIZONS} />
        </section>
        <div class="toolbar track-toolbar">
          <${Native} key=${horizon} make=${() =>
            choiceGroup({
              label: "Horizon",
              choices: HORIZONS.map((one) => ({ value: String(one), label: formatDuration(one), title: `Judged after ${formatDuration(one)}` })),
              chosen: String(horizon),
              choose: (value) => setQuery({ horizon: Number(value) === HEADLINE ? null : value }),
            })} />
          <${PlotKey} />
        </div>
        <div class="track-types">
          ${fired.map((/** @type {any} */ about) => html`<${TrackType} key=${about.type} about=${about} horizon=${horizon}
            records=${of(data.records, about)} recent=${of(data.recent.horizons, about)}
            reasons=${of(data.recent.unjudgeable, about)} />`)}
        </div>
        ${silent.length > 0 && html`<section class="panel" aria-labelledby="unfired">
          <div class="panel-head"><h2 class="panel-title" id="unfired">Not fired yet</h2></div>
          <p class="quiet">${silent.map((/** @type {any} */ about) => typeLabel(about.type)).join(", ")}: nothing to judge.</p>
        </section>`}
        <p class="panel-note">
          No probability is given below ${FEWEST} judged signals on ${FEWEST_DAYS} days. Signals of one day overlap, so
          intervals are Wilson’s with the number of independent signals. Of many types looked at every day, one in forty
          seems to have an edge by luck alone, for a while.
        </p>
      `;
      }}
    <//>
  `;
}

/**
 * @param {any[]} rows
 * @param {{type: string}} about
 */
function of(rows, { type }) {
  return rows.filter((row) => row.type === type);
}

/**
 * @param {any} data
 * @param {number} horizon
 * @returns {string} the whole page in a sentence
 */
function summary({ records }, horizon) {
  const found = records.filter((/** @type {any} */ one) => one.horizon_seconds === horizon);
  /** @param {...string} wanted */
  const count = (...wanted) => found.filter((/** @type {any} */ one) => wanted.includes(verdictOf(one))).length;
  if (found.length === 0) return "Nothing was judged yet: a signal is judged once its horizon has passed.";
  const edge = count("edge");
  const without = count("none", "below", "unconfirmed");
  const within = `Within ${formatDuration(horizon)}`;
  const unknown = `${count("unknown")} judged too seldom to tell`;
  if (edge === 0) return `${within} no type of signal beats the base rate: ${without} without an edge, ${unknown}.`;
  return `${within} ${edge} of ${found.length} types ${edge === 1 ? "beats" : "beat"} the base rate, ${without} without an edge, ${unknown}.`;
}
