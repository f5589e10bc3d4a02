import { formatCount, formatShare, formatUtcDay } from "../format.js";
import { ChoiceGroup } from "../ui/choices.js";
import { Panel } from "../ui/figures.js";
import { html, useState } from "../ui/preact.js";

const BY = [
  { value: "endpoint", label: "By endpoint" },
  { value: "credential", label: "By key" },
  { value: "day", label: "By day" },
];
const HEADS = /** @type {const} */ ({ endpoint: "Endpoint", credential: "Key or app", day: "Day (UTC)" });
const MOST = 50;

/**
 * One's own requests, added up by endpoint, by key or by day.
 *
 * @param {object} properties
 * @param {{day: string, endpoint: string, credential: string, requests: number, errors: number}[]} properties.rows
 * @param {{credential: string, kind: string, name: string, live: boolean}[]} properties.credentials
 */
export function UsageTable({ rows, credentials }) {
  const [by, setBy] = useState("endpoint");
  const [all, setAll] = useState(false);
  const groups = added(rows, /** @type {keyof typeof HEADS} */ (by));
  const shown = all ? groups : groups.slice(0, MOST);
  const names = new Map(credentials.map((one) => [one.credential, one]));
  const choice = html`<${ChoiceGroup} label="Rows" choices=${BY} chosen=${by} choose=${setBy} />`;
  return html`<${Panel} title="In detail" note=${choice} class="usage-detail">
    ${groups.length === 0
      ? html`<div class="empty-state"><p class="empty-title">No requests in these days</p>
          <p class="empty-text">Make an API key in the settings, or open a page of this dashboard.</p>
          <a class="button" href="/settings/keys">API keys</a></div>`
      : html`<div class="table-place"><table class="table">
          <caption class="visually-hidden">Your requests, ${by === "day" ? "the newest day" : "the most"} first</caption>
          <thead><tr><th scope="col">${HEADS[/** @type {"day"} */ (by)]}</th><th scope="col" class="number">Requests</th>
            <th scope="col" class="number">Refused or failed</th></tr></thead>
          <tbody>${shown.map(
            ({ name, requests, errors }) => html`<tr key=${name}>
              <td class="usage-name">${label(by, name, names)}</td>
              <td class="number">${formatCount(requests)}</td>
              <td class="number" data-nought=${errors === 0}>${formatCount(errors)}
                <span class="quiet"> ${formatShare((100 * errors) / requests)}</span></td></tr>`,
          )}</tbody></table></div>
        ${groups.length > shown.length && html`<p class="more"><button class="button" type="button" onClick=${() => setAll(true)}>
          Show all ${formatCount(groups.length)}</button></p>`}`}
  <//>`;
}

/**
 * @param {any[]} rows
 * @param {keyof typeof HEADS} by
 * @returns {{name: string, requests: number, errors: number}[]} days the newest first, others the most asked
 */
function added(rows, by) {
  const groups = new Map();
  for (const row of rows) {
    const group = groups.get(row[by]) ?? { name: row[by], requests: 0, errors: 0 };
    group.requests += row.requests;
    group.errors += row.errors;
    groups.set(row[by], group);
  }
  const found = [...groups.values()];
  if (by === "day") return found.sort((a, b) => (a.name < b.name ? 1 : -1));
  return found.sort((a, b) => b.requests - a.requests);
}

/**
 * @param {string} by
 * @param {string} name
 * @param {Map<string, any>} names
 */
function label(by, name, names) {
  if (by === "day") return html`<time datetime=${name} title=${`${name} UTC`}>${formatUtcDay(name)}</time>`;
  if (by === "endpoint") {
    const [method, path = ""] = name.split(" ");
    return html`<span class="quiet usage-method">${method}</span> ${path}`;
  }
  if (!name) return "This dashboard, and access tokens";
  const known = names.get(name);
  if (!known) return html`${name} <span class="quiet">removed</span>`;
  return html`${known.name} <span class="quiet">${known.kind} ${name}${known.live ? "" : ", revoked"}</span>`;
}
