import { get } from "../../api.js";
import { formatCount, formatDate, formatDayAndClock, parseTime } from "../../format.js";
import { Panel } from "../../ui/figures.js";
import { Failure, Skeleton } from "../../ui/page.js";
import { html, useCallback, useEffect, useState } from "../../ui/preact.js";
import { useUser } from "../../ui/store.js";
import { Age } from "../../ui/times.js";
import { Entries } from "./audit.js";
import { useActing } from "./acting.js";
import { Confirm } from "./confirm.js";
import { MorePages, usePages } from "./pages.js";

const ROLES = ["viewer", "analyst", "trader", "admin", "service"];
const PLANS = ["free", "pro", "enterprise"];

/** One account, and everything that can be done about it. @param {{id: string, close: () => void}} properties */
export function Person({ id, close }) {
  const path = `/api/v1/admin/users/${encodeURIComponent(id)}`;
  const [told, setTold] = useState(/** @type {any} */ ({}));
  const [changed, setChanged] = useState(0);
  const load = useCallback(async () => {
    try {
      setTold({ person: await get(path) });
    } catch (error) {
      setTold({ error });
    }
  }, [path]);
  useEffect(() => {
    load();
  }, [load]);
  const after = async () => {
    await load();
    setChanged((/** @type {number} */ n) => n + 1);
  };
  const { person, error } = told;
  return html`
    <p><button class="button" type="button" onClick=${close}>All accounts</button></p>
    ${error && html`<${Failure} error=${error} retry=${load} />`}
    ${!person && !error && html`<${Skeleton} rows=${4} />`}
    ${person && html`
      <${Account} person=${person} path=${path} after=${after} />
      <div class="grid-2">
        <${Sessions} person=${person} path=${path} after=${after} />
        <${Keys} person=${person} path=${path} after=${after} />
      </div>
      <${History} key=${changed} path=${path} />`}
  `;
}

/** @param {{person: any, path: string, after: () => Promise<void>}} properties */
function Account({ person, path, after }) {
  const { user } = useUser();
  const acting = useActing();
  const [wanted, setWanted] = useState(/** @type {any} */ (null));
  const disabled = person.disabled_at !== null;
  const own = user?.email === person.email;
  const ask = (/** @type {string} */ what, /** @type {object} */ body) => setWanted({ what, body });
  const run = async () => {
    if ((await acting.act("PATCH", path, wanted.body)) === null) return;
    setWanted(null);
    await after();
  };
  const close = () => {
    setWanted(null);
    acting.forget();
  };
  return html`<${Panel} title=${person.email} note=${disabled && html`<span class="chip" data-tone="bad">disabled since
      ${formatDate(/** @type {Date} */ (parseTime(person.disabled_at)))}</span>`}>
    <dl class="admin-facts">
      <div><dt>Id</dt><dd class="admin-code">${person.user_id}</dd></div>
      <div><dt>Since</dt><dd>${formatDate(/** @type {Date} */ (parseTime(person.created_at)))}</dd></div>
      <div><dt>Last seen</dt><dd>${person.last_seen ? html`<${Age} at=${person.last_seen} />` : "never"}</dd></div>
      <div><dt>Requests, 7 days</dt><dd>${formatCount(person.requests_7d)}, ${formatCount(person.errors_7d)} refused or failed</dd></div>
      <div><dt>Signs in by</dt><dd>${ways(person)}</dd></div>
      <div><dt>Second factor</dt><dd>${second(person)}</dd></div>
    </dl>
    ${own
      ? html`<p class="panel-note admin-own">This is your own account: nobody changes his own role, plan or access. Ask another administrator.</p>`
      : html`<div class="toolbar admin-person-changes">
          <${Select} id="person-role" label="Role" value=${person.role} options=${ROLES}
            choose=${(/** @type {string} */ role) => ask(`the role of ${person.email} to ${role}`, { role })} />
          <${Select} id="person-plan" label="Plan" value=${person.plan} options=${PLANS}
            choose=${(/** @type {string} */ plan) => ask(`the plan of ${person.email} to ${plan}`, { plan })} />
          <button class="button" type="button" onClick=${() =>
            ask(disabled ? `${person.email} back to enabled` : `${person.email} to disabled`, { disabled: !disabled })}>
            ${disabled ? "Enable the account" : "Disable the account"}</button>
        </div>`}
    ${wanted && html`<${Confirm} title=${`Change ${wanted.what}?`} label="Change it" acting=${acting} run=${run} close=${close}
      text=${wanted.body.disabled ? "The account can neither sign in nor use its keys until it is enabled again." : "It holds from the account’s next request on, and is written into the audit log."} />`}
  <//>`;
}

/** @param {{id: string, label: string, value: string, options: string[], choose: (value: string) => void}} properties */
function Select({ id, label, value, options, choose }) {
  return html`<div class="form-row"><label for=${id}>${label}</label>
    <select id=${id} class="input" value=${value} onChange=${(/** @type {any} */ event) => {
      const chosen = event.target.value;
      event.target.value = value; // until it is confirmed
      choose(chosen);
    }}>${options.map((one) => html`<option key=${one} value=${one}>${one}</option>`)}</select></div>`;
}

/** @param {{person: any, path: string, after: () => Promise<void>}} properties */
function Sessions({ person, path, after }) {
  const acting = useActing();
  const [asked, setAsked] = useState(false);
  const run = async () => {
    if ((await acting.act("POST", `${path}/end-sessions`, {})) === null) return;
    setAsked(false);
    await after();
  };
  const any = person.sessions.length + person.sign_ins > 0;
  const end = any && html`<button class="button" type="button" onClick=${() => setAsked(true)}>End all</button>`;
  return html`<${Panel} title="Signed in" note=${end}>
    ${person.sessions.length === 0
      ? html`<p class="panel-note">At no browser.</p>`
      : html`<ul class="admin-rows">${person.sessions.map(
          (/** @type {any} */ one, /** @type {number} */ at) => html`<li key=${at} class="admin-row">
            <span>${one.device}${one.country ? `, ${one.country}` : ""}</span>
            <span class="quiet">by ${one.method}, seen <${Age} at=${one.seen_at} /></span></li>`,
        )}</ul>`}
    ${person.sign_ins > 0 && html`<p class="panel-note">And ${formatCount(person.sign_ins)} programs with refresh tokens.</p>`}
    ${asked && html`<${Confirm} title=${`End every session of ${person.email}?`} label="End them" acting=${acting} run=${run}
      close=${() => setAsked(false)} text="Browsers and programs must sign in again. API keys go on." />`}
  <//>`;
}

/** @param {{person: any, path: string, after: () => Promise<void>}} properties */
function Keys({ person, path, after }) {
  const acting = useActing();
  const [asked, setAsked] = useState(/** @type {any} */ (null));
  const run = async () => {
    if ((await acting.act("POST", `${path}/keys/${asked.key_id}/revoke`, {})) === null) return;
    setAsked(null);
    await after();
  };
  return html`<${Panel} title="API keys">
    ${person.keys.length === 0
      ? html`<p class="panel-note">None.</p>`
      : html`<ul class="admin-rows">${person.keys.map(
          (/** @type {any} */ one) => html`<li key=${one.key_id} class="admin-row">
            <span>${one.name} <span class="quiet admin-code">${one.key_id}</span>${" "} <span class="quiet">${one.last_used_at ? html`used <${Age} at=${one.last_used_at} />` : "never used"}${scopes(one)}</span></span>
            <button class="button" type="button" aria-label=${`Revoke the key ${one.name}`} onClick=${() => setAsked(one)}>Revoke</button></li>`,
        )}</ul>`}
    ${asked && html`<${Confirm} title=${`Revoke the key ${asked.name}?`} label="Revoke it" acting=${acting} run=${run}
      close=${() => setAsked(null)} text="Programs that use it are refused at once. This cannot be undone." />`}
  <//>`;
}

/** @param {{path: string}} properties */
function History({ path }) {
  const pages = usePages(`${path}/history?limit=10`);
  return html`<${Panel} title="What administrators changed">
    <${MorePages} of=${pages} empty=${html`<p class="panel-note">Nothing yet.</p>`}>
      ${(/** @type {any[]} */ rows) => html`<${Entries} rows=${rows} brief=${true} />`}
    <//>
  <//>`;
}

/** @param {any} key */
function scopes(key) {
  if (key.expires_at) {
    const until = formatDayAndClock(/** @type {Date} */ (parseTime(key.expires_at)));
    return `, until ${until}${key.scopes ? `, ${key.scopes.length} scopes` : ""}`;
  }
  return key.scopes ? `, ${key.scopes.length} scopes` : ", all that the role may";
}

/** @param {any} person */
function ways(person) {
  const found = [
    person.has_password && "password",
    person.passkeys > 0 && (person.passkeys === 1 ? "1 passkey" : `${person.passkeys} passkeys`),
    ...person.linked,
  ].filter(Boolean);
  return found.join(", ") || "nothing";
}

/** @param {any} person */
function second(person) {
  if (!person.totp) return person.passkeys > 0 ? "with a passkey" : "none";
  return `authenticator app, ${formatCount(person.recovery_codes)} recovery codes left`;
}

