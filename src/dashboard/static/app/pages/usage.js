import { get } from "../api.js";
import { formatAtomic, formatCount, formatShare, parseTime } from "../format.js";
import { DayBars, everyDay } from "../parts/day-bars.js";
import { usageTabs } from "../parts/section-tabs.js";
import { UsageTable } from "../parts/usage-table.js";
import { ChoiceGroup } from "../ui/choices.js";
import { Panel } from "../ui/figures.js";
import { Native } from "../ui/native.js";
import { PageHead, SignInFirst, Skeleton, useQuery, useView, View } from "../ui/page.js";
import { html, useEffect, useState } from "../ui/preact.js";
import { useUser } from "../ui/store.js";
import { Tile, Tiles } from "../ui/tile.js";
import { Moment } from "../ui/times.js";

const RANGES = ["7", "30", "90"];
const COSTS = /** @type {const} */ ({
  read: "Reads",
  view: "Pages of this dashboard",
  heavy: "Heavy reads (exports, previews, correlations)",
  write: "Changes",
  login: "Sign-ins",
});

export default { title: "Usage", Page: UsagePage };

function UsagePage() {
  const { user, known } = useUser();
  const [query, setQuery] = useQuery();
  const asked = query.get("days") ?? "";
  const days = RANGES.includes(asked) ? asked : RANGES[0];
  const choices = RANGES.map((value) => ({ value, label: `${value} days` }));
  return html`
    <${PageHead} title="Usage" lead="What you asked the API and this dashboard, what your plan allows, and what you paid.">
      ${user && html`<${ChoiceGroup} label="Days" choices=${choices} chosen=${days} choose=${(/** @type {string} */ value) =>
        setQuery({ days: value === RANGES[0] ? null : value })} />`}
    <//>
    <${Native} make=${(/** @type {AbortSignal} */ lifetime) => usageTabs("/usage", lifetime)} />
    ${!known
      ? html`<${Skeleton} />`
      : user
        ? html`<${Own} key=${`${user.email} ${days}`} days=${days} admin=${user.role === "admin"} />`
        : html`<${SignInFirst} title="Sign in to see your usage"
            text="Requests are counted by day, endpoint and API key, beside what your plan allows." />`}
  `;
}

/** @param {{days: string, admin: boolean}} properties */
function Own({ days, admin }) {
  const view = useView("usage", { days }, { live: [] });
  return html`<${View} of=${view} skeleton=${html`<${Skeleton} rows=${6} />`}>
    ${(/** @type {any} */ data, /** @type {any} */ meta) => html`
      <${Totals} data=${data} days=${days} />
      <${Panel} title="Requests by day" note=${html`<span class="panel-note">Days are UTC; the last seconds are not counted yet</span>`}>
        <${DayBars} label="Requests by day" unit="requests"
          days=${everyDay(data.days, Number(days), parseTime(meta?.generated_at) ?? new Date())} />
      <//>
      <div class="usage-columns">
        <${UsageTable} rows=${data.rows} credentials=${data.credentials} />
        <${Limits} quota=${data.quota} />
      </div>
      ${admin && html`<${TopCallers} days=${days} />`}
    `}
  <//>`;
}

/** @param {{data: any, days: string}} properties */
function Totals({ data, days }) {
  const { quota, paid } = data;
  const left = Math.max(0, quota.per_day - quota.requests_today);
  const used = quota.requests_today / quota.per_day;
  const requests = sum(data.days, "requests");
  const errors = sum(data.days, "errors");
  const span = `in ${days} days`;
  return html`<${Tiles} label="Totals">
    <${Tile} name="Left today" value=${formatCount(left)} tone=${used >= 1 ? "bad" : used > 0.8 ? "warn" : undefined}
      note=${html`of ${formatCount(quota.per_day)}, anew at <${Moment} at=${data.resets_at} />`}>
      <meter class="bar" min="0" max=${quota.per_day} value=${quota.requests_today} aria-label="Share of today’s quota that is used"></meter>
    <//>
    <${Tile} name="Requests" value=${formatCount(requests)} note=${span} />
    <${Tile} name="Refused or failed" value=${formatShare(requests ? (100 * errors) / requests : null)}
      note=${`${formatCount(errors)} ${span}`} />
    <${Tile} name="Paid" value=${formatAtomic(paid.amount_atomic)}
      note=${`${formatCount(paid.payments)} payments ${span}${paid.open ? `, ${formatCount(paid.open)} under way` : ""}`} />
  <//>`;
}

/** @param {{quota: any}} properties */
function Limits({ quota }) {
  return html`<${Panel} title="What your plan allows" note=${html`<span class="chip">${quota.plan}</span>`}>
    <table class="table">
      <caption class="visually-hidden">Limits of your plan</caption>
      <thead><tr><th scope="col">Kind of request</th><th scope="col" class="number">In a minute</th></tr></thead>
      <tbody>
        ${Object.entries(COSTS).map(
          ([name, label]) => html`<tr key=${name}><td>${label}</td>
            <td class="number">${formatCount(quota.per_minute[name])}</td></tr>`,
        )}
        <tr><td>Everything, in a day</td><td class="number">${formatCount(quota.per_day)}</td></tr>
      </tbody>
    </table>
    <p class="panel-note">What is left this minute is told with every answer (RateLimit-Remaining).
      Pages are counted apart from reads, so browsing uses up nothing of your programs.</p>
  <//>`;
}

/** Who asks most, over everybody: for administrators. @param {{days: string}} properties */
function TopCallers({ days }) {
  const [told, setTold] = useState(/** @type {any} */ (null));
  useEffect(() => {
    const lifetime = new AbortController();
    get(`/api/v1/admin/callers?days=${days}`, lifetime.signal).then(setTold, (error) => {
      if (!lifetime.signal.aborted) setTold({ message: error.message });
    });
    return () => lifetime.abort();
  }, [days]);
  const note = html`<span class="panel-note">Seen by administrators only</span>`;
  return html`<${Panel} title="Who asks most" note=${note}>
    ${told === null
      ? html`<${Skeleton} rows=${2} />`
      : told.message
        ? html`<p class="panel-note" role="alert">${told.message}</p>`
        : told.length === 0
          ? html`<p class="panel-note">Nobody asked anything in these days.</p>`
        : html`<div class="table-place"><table class="table">
            <caption class="visually-hidden">Callers with the most requests</caption>
            <thead><tr><th scope="col">Account</th><th scope="col">Plan</th><th scope="col" class="number">Requests</th>
              <th scope="col" class="number">Refused or failed</th><th scope="col" class="number">Paid</th></tr></thead>
            <tbody>${told.map(
              (/** @type {any} */ one) => html`<tr key=${one.user_id}>
                <td>${one.email ? html`<a href=${`/admin/users?user=${encodeURIComponent(one.user_id)}`}>${one.email}</a>` : one.user_id}</td>
                <td>${one.plan ?? "–"}</td><td class="number">${formatCount(one.requests)}</td>
                <td class="number">${formatCount(one.errors)}</td>
                <td class="number">${formatAtomic(one.revenue_atomic)}</td></tr>`,
            )}</tbody></table></div>`}
  <//>`;
}

/**
 * @param {any[]} rows
 * @param {string} name
 */
function sum(rows, name) {
  return rows.reduce((all, row) => all + row[name], 0);
}
