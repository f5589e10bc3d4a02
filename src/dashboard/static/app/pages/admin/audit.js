import { formatDayAndClock } from "../../format.js";
import { Empty } from "../../ui/page.js";
import { html } from "../../ui/preact.js";
import { Moment } from "../../ui/times.js";
import { MorePages, usePages } from "./pages.js";

/** Who changed what, the newest first. */
export function Audit() {
  const pages = usePages("/api/v1/admin/audit?limit=25");
  return html`<section class="panel" aria-label="Audit log">
    <div class="panel-head"><h2 class="panel-title">Who changed what</h2>
      <span class="panel-note">Written with each change; nobody can rewrite it</span></div>
    <${MorePages} of=${pages} empty=${html`<${Empty} title="Nothing was changed yet" text="Changes of accounts, flags, sources and alerts are written down here." />`}>
      ${(/** @type {any[]} */ rows) => html`<${Entries} rows=${rows} />`}
    <//>
  </section>`;
}

/** @param {{rows: any[], brief?: boolean}} properties `brief` leaves out whose account it is */
export function Entries({ rows, brief = false }) {
  return html`<ol class="admin-entries">
    ${rows.map(
      (entry) => html`<li key=${entry.entry_no} class="admin-entry">
        <p class="admin-entry-head">
          <span class="admin-entry-what">${said(entry.action)}</span>
          ${!brief && html`<span class="admin-entry-subject">${entry.subject}</span>`}
          <span class="quiet">by ${entry.actor_email ?? entry.actor}</span>
          <span class="quiet admin-entry-when"><${Moment} at=${entry.at} write=${formatDayAndClock} /></span>
        </p>
        <p class="admin-entry-change">${changes(entry).map(
          ([name, before, after]) => html`<span key=${name} class="admin-entry-field">
            <span class="quiet">${name}</span>${" "}
            ${before !== null && html`<del>${before}</del> <span aria-hidden="true">→</span>`} <ins>${after}</ins></span>`,
        )}
        ${entry.request_id && html`<span class="quiet">request ${entry.request_id}</span>`}</p>
      </li>`,
    )}
  </ol>`;
}

const WORDS = {
  "user.change": "Changed an account",
  "user.end-sessions": "Ended sessions",
  "key.revoke": "Revoked a key",
  "flag.put": "Set a flag",
  "flag.delete": "Removed a flag",
  "source.switch": "Switched a source",
  "tick.replay": "Replayed a tick",
  "alert.put-aside": "Handled an alert",
};

/** @param {string} action */
function said(action) {
  return WORDS[/** @type {keyof typeof WORDS} */ (action)] ?? action;
}

/**
 * @param {any} entry
 * @returns {[string, string | null, string][]} what is another than before: name, before, after
 */
function changes({ before, after }) {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  /** @type {[string, string | null, string][]} */
  const found = [];
  for (const name of names) {
    const was = write(before?.[name]);
    const is = after ? write(after[name]) : "removed";
    if (was !== is) found.push([name.replaceAll("_", " "), before ? was : null, is]);
  }
  return found;
}

/** @param {any} value */
function write(value) {
  if (value === null || value === undefined) return "none";
  if (value === true) return "yes";
  if (value === false) return "no";
  return Array.isArray(value) ? value.join(", ") || "none" : String(value);
}
