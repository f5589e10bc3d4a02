import { formatCount, formatDate, parseTime } from "../../format.js";
import { Empty, useQuery } from "../../ui/page.js";
import { html, useEffect, useState } from "../../ui/preact.js";
import { Age } from "../../ui/times.js";
import { MorePages, usePages } from "./pages.js";
import { Person } from "./person.js";

const ROLES = ["viewer", "analyst", "trader", "admin", "service"];
const WAIT_MS = 250; // after the last key that was typed

/** Every account: found by its address or id, and looked after. */
export function Users() {
  const [query, setQuery] = useQuery();
  const chosen = query.get("user");
  if (chosen) return html`<${Person} key=${chosen} id=${chosen} close=${() => setQuery({ user: null })} />`;
  return html`<${Found} text=${query.get("q") ?? ""} role=${query.get("role") ?? ""} setQuery=${setQuery} />`;
}

/** @param {{text: string, role: string, setQuery: (changes: Record<string, string | null>, how?: any) => void}} properties */
function Found({ text, role, setQuery }) {
  const [typed, setTyped] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => typed !== text && setQuery({ q: typed || null }), WAIT_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const asked = new URLSearchParams({ limit: "25", ...(text && { query: text }), ...(ROLES.includes(role) && { with_role: role }) });
  const pages = usePages(`/api/v1/admin/users?${asked}`);
  return html`<section class="panel" aria-label="Accounts">
    <form class="toolbar admin-users-search" role="search" onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
      <div class="form-row admin-users-query"><label for="users-query">E-mail address or id</label>
        <input id="users-query" class="input" type="search" value=${typed} placeholder="ann@ or u_5f0c…" autocomplete="off" spellcheck=${false}
          onInput=${(/** @type {any} */ event) => setTyped(event.target.value.trim())} /></div>
      <div class="form-row"><label for="users-role">Role</label>
        <select id="users-role" class="input" value=${role} onChange=${(/** @type {any} */ event) => setQuery({ role: event.target.value || null })}>
          <option value="">Every role</option>
          ${ROLES.map((one) => html`<option key=${one} value=${one}>${one}</option>`)}
        </select></div>
    </form>
    <${MorePages} of=${pages} empty=${html`<${Empty} title="No such account" text="Addresses are found by how they begin, ids as a whole." />`}>
      ${(/** @type {any[]} */ rows) => html`<div class="table-place"><table class="table admin-users">
        <caption class="visually-hidden">Accounts by e-mail address</caption>
        <thead><tr><th scope="col">Account</th><th scope="col">Role</th><th scope="col">Plan</th><th scope="col">Last seen</th>
          <th scope="col" class="number">Sessions</th><th scope="col" class="number">Keys</th><th scope="col">Guarded by</th><th scope="col">Since</th></tr></thead>
        <tbody>${rows.map(
          (one) => html`<tr key=${one.user_id} data-disabled=${one.disabled}>
            <td><a href=${`/admin/users?user=${encodeURIComponent(one.user_id)}`}>${one.email}</a>
              ${one.disabled && html` <span class="chip" data-tone="bad">disabled</span>`}</td>
            <td>${one.role === "admin" ? html`<span class="chip" data-tone="warn">admin</span>` : one.role}</td>
            <td>${one.plan}</td>
            <td>${one.last_seen ? html`<${Age} at=${one.last_seen} />` : html`<span class="quiet">never</span>`}</td>
            <td class="number">${formatCount(one.sessions)}</td><td class="number">${formatCount(one.keys)}</td>
            <td>${one.mfa ? "a second factor" : html`<span class="quiet">password</span>`}</td>
            <td>${formatDate(/** @type {Date} */ (parseTime(one.created_at)))}</td></tr>`,
        )}</tbody></table></div>`}
    <//>
  </section>`;
}
