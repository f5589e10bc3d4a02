import { Actions } from "../parts/reports/actions.js";
import { Beside, Headline } from "../parts/reports/headline.js";
import { Locked, Moves, News, Sources } from "../parts/reports/sections.js";
import { Signals, TrackRecord } from "../parts/reports/signals.js";
import { periodName, readCustom, reportHref } from "../parts/reports/period.js";
import { useReport } from "../parts/reports/use-report.js";
import { Empty, PageHead, useQuery, View } from "../ui/page.js";
import { html, useEffect } from "../ui/preact.js";
import { setTitle } from "../router.js";
import { formatDayAndClock, parseTime } from "../format.js";
import { store } from "../store.js";
import { useUser } from "../ui/store.js";
import { Moment } from "../ui/times.js";

/**
 * One report, with an address of its own: /reports/daily/2026-11-22, /reports/weekly/2026-11-16,
 * /reports/custom/2026-11-20_2026-11-22. It is made to be printed too.
 *
 * @param {{parameters: string[]}} properties
 */
function Report({ parameters: [kind, address] }) {
  const [query, setQuery] = useQuery();
  const known = query.get("known") === "now" ? "now" : "made";
  const custom = kind === "custom" ? readCustom(address) : null;
  const valid = custom || ((kind === "daily" || kind === "weekly") && parseTime(address));
  const view = useReport({ kind, date: address, custom, known });
  if (!valid) {
    return html`<${PageHead} title="Report" /><${Empty} title="There is no such report"
      text="The address names a day as 2026-11-22, or two of them."><a class="button" href="/reports">All reports</a><//>`;
  }
  const missing = view.status === "failed" && view.error?.status === 404;
  return html`<div class="report-page">
    ${view.status !== "ready" && html`<${PageHead} title=${LABELS[kind]} />`}
    ${missing ? html`<${NotTold} kind=${kind} says=${view.error?.message} anew=${() => setQuery({ known: "now" })} />` : html`<${View} of=${view}>${(/** @type {any} */ { report, previous, following }) => html`
      <${Told} kind=${kind} report=${report} known=${known} previous=${previous} following=${following}
        choose=${(/** @type {string} */ value) => setQuery({ known: value === "now" ? "now" : null })}
        link=${view.link} />`}
    <//>`}
  </div>`;
}

/** @param {{kind: string, says: string | undefined, anew: () => void}} properties */
function NotTold({ kind, says, anew }) {
  const { user } = useUser();
  const text = kind === "custom"
    ? says
    : "A day is told ten minutes after it ends (UTC), a week on Monday. Of what was stored since it can be told as far as is known now.";
  return html`<${Empty} title=${kind === "custom" ? "Nothing was stored then" : "This was not told"} text=${text}>
    <p class="toolbar report-missing">
      ${user && kind !== "custom" && html`<button class="button button-primary" type="button" onClick=${anew}>Tell it as known now</button>`}
      <a class="button" href="/reports">All reports</a>
    </p>
  <//>`;
}

/** @param {any} properties */
function Told({ kind, report, known, previous, following, choose, link }) {
  const name = periodName({ kind, since: report.since, until: report.until });
  useEffect(() => setTitle(`${name} · Report`), [name]);
  return html`<article>
    <p class="report-kicker">CryptoIntel · ${LABELS[kind]}${store.origin === "live" ? "" : ` · ${store.origin} data`}</p>
    <${PageHead} title=${name} />
    <p class="report-about">
      ${"Told "}<${Moment} at=${report.told_at} write=${formatDayAndClock} />
      ${report.complete ? "" : ", while the period goes on"}${". "}
      ${known === "now" || kind === "custom"
        ? "All of it is as far as is known now: outcomes of young signals are still to come."
        : "It is kept as it was told then: ages are counted to that moment, and outcomes that came later are not in it."}
    </p>
    <${Actions} kind=${kind} known=${known} choose=${choose} link=${link} report=${report} />
    <${Headline} report=${report} />
    <${Moves} moves=${report.moves} />
    <${Signals} signals=${report.signals} />
    <${TrackRecord} rows=${report.track_record} />
    <${Locked} locked=${report.locked} />
    <${News} tone=${report.sentiment} stories=${report.stories} />
    <${Sources} rows=${report.sources} />
    <${Beside} previous=${reportHref(kind, previous)} following=${reportHref(kind, following)} />
    <p class="report-end">${location.origin}${location.pathname} · every number is told with its source and the time it was observed at; ages are counted at ${report.told_at}.</p>
  </article>`;
}

/** @type {Record<string, string>} */
const LABELS = { daily: "Daily report", weekly: "Weekly report", custom: "Report on a period" };

export default { title: "Report", Page: Report };
