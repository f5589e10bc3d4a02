import { Panel } from "../../ui/figures.js";
import { Dialog } from "../../ui/dialog.js";
import { html, useState } from "../../ui/preact.js";
import { Age } from "../../ui/times.js";
import { useActing } from "./acting.js";
import { Confirm } from "./confirm.js";

const ROLES = ["viewer", "analyst", "trader", "admin", "service"];
const PATH = "/api/v1/admin/flags/";
const NEW = { flag: "", enabled: false, rollout_percent: 0, roles: null, users: [], description: "" };

/**
 * What is switched on for whom.
 *
 * @param {{data: any, reload: () => Promise<void>}} properties
 */
export function Flags({ data, reload }) {
  const acting = useActing();
  const [edited, setEdited] = useState(/** @type {any} */ (null));
  const [removed, setRemoved] = useState(/** @type {any} */ (null));
  const put = async (/** @type {any} */ flag) => {
    const { updated_at: _, flag: name, ...fields } = flag;
    if ((await acting.act("PUT", PATH + encodeURIComponent(name), fields)) === null) return;
    setEdited(null);
    await reload();
  };
  const remove = async () => {
    if ((await acting.act("DELETE", PATH + encodeURIComponent(removed.flag), {})) === null) return;
    setRemoved(null);
    await reload();
  };
  const make = html`<button class="button" type="button" onClick=${() => setEdited(NEW)}>New flag</button>`;
  return html`<${Panel} title="Feature flags" note=${make}>
    <p class="panel-note">A user who has a feature at one share keeps it at every larger one. Changes show within a minute.</p>
    <ul class="admin-rows admin-flags">
      ${data.flags.map(
        (/** @type {any} */ flag) => html`<li key=${flag.flag} class="admin-row admin-flag">
          <label class="admin-switch"><input type="checkbox" role="switch" checked=${flag.enabled} disabled=${acting.busy}
            aria-label=${`Feature ${flag.flag}`}
            onClick=${(/** @type {Event} */ event) => {
              event.preventDefault(); // it moves when it was done
              put({ ...flag, enabled: !flag.enabled });
            }} /><span class="admin-switch-track" aria-hidden="true"></span></label>
          <span class="admin-flag-told"><span class="admin-code">${flag.flag}</span> <span class="chip" data-tone=${flag.enabled ? "good" : undefined}>${whom(flag)}</span>
            <span class="quiet">${flag.description}</span></span>
          <span class="quiet admin-flag-when">changed <${Age} at=${flag.updated_at} /></span>
          <span class="admin-row-actions">
            <button class="button" type="button" aria-label=${`Change the flag ${flag.flag}`} onClick=${() => setEdited(flag)}>Change</button>
            <button class="button" type="button" aria-label=${`Remove the flag ${flag.flag}`} onClick=${() => setRemoved(flag)}>Remove</button>
          </span></li>`,
      )}
    </ul>
    ${!edited && !removed && acting.problem && html`<p class="form-error" role="alert">${acting.problem}</p>`}
    ${edited && html`<${FlagForm} flag=${edited} acting=${acting} put=${put} close=${() => {
      setEdited(null);
      acting.forget();
    }} />`}
    ${removed && html`<${Confirm} title=${`Remove the flag ${removed.flag}?`} label="Remove it" acting=${acting} run=${remove}
      text="What it stands for is off for everybody then." close=${() => {
        setRemoved(null);
        acting.forget();
      }} />`}
  <//>`;
}

/** @param {any} flag */
function whom({ enabled, rollout_percent: share, roles, users }) {
  if (!enabled) return "off";
  const some = users.length ? ` and ${users.length} named` : "";
  const of = roles ? roles.join(", ") : "everybody";
  return share === 100 ? `on for ${of}` : `on for ${share} % of ${of}${some}`;
}

/** @param {{flag: any, acting: import("./acting.js").Acting, put: (flag: any) => void, close: () => void}} properties */
function FlagForm({ flag, acting, put, close }) {
  const [now, setNow] = useState(flag);
  const set = (/** @type {object} */ changes) => setNow({ ...now, ...changes });
  const roles = new Set(now.roles ?? ROLES);
  const turn = (/** @type {string} */ role) => {
    if (!roles.delete(role)) roles.add(role);
    set({ roles: roles.size === ROLES.length ? null : ROLES.filter((one) => roles.has(one)) });
  };
  const fresh = flag === NEW;
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    put({ ...now, description: now.description.trim() });
  };
  return html`<${Dialog} title=${fresh ? "New flag" : `Change ${flag.flag}`} close=${close}>
    <form class="admin-flag-form" onSubmit=${submit}>
      ${fresh && html`<div class="form-row"><label for="flag-name">Name</label>
        <input id="flag-name" class="input" required pattern="[a-z][a-z0-9_]{0,39}" value=${now.flag} autocomplete="off" spellcheck=${false}
          onInput=${(/** @type {any} */ event) => set({ flag: event.target.value })} aria-describedby="flag-hint" />
        <span class="form-hint" id="flag-hint">Lower case, digits and _; code asks for it by this name.</span></div>`}
      <div class="form-row"><label for="flag-description">What it is</label>
        <input id="flag-description" class="input" required maxlength="200" value=${now.description}
          onInput=${(/** @type {any} */ event) => set({ description: event.target.value })} /></div>
      <label class="admin-check"><input type="checkbox" checked=${now.enabled} onChange=${() => set({ enabled: !now.enabled })} /> Switched on</label>
      <div class="form-row"><label for="flag-share">Share of users: <output>${now.rollout_percent} %</output></label>
        <input id="flag-share" type="range" min="0" max="100" step="1" value=${now.rollout_percent}
          onInput=${(/** @type {any} */ event) => set({ rollout_percent: Number(event.target.value) })} /></div>
      <fieldset class="admin-flag-roles"><legend>Roles</legend>
        ${ROLES.map((role) => html`<label key=${role} class="admin-check"><input type="checkbox" checked=${roles.has(role)} onChange=${() => turn(role)} /> ${role}</label>`)}
      </fieldset>
      <div class="form-row"><label for="flag-users">Always on for these ids</label>
        <input id="flag-users" class="input" value=${now.users.join(" ")} placeholder="u_5f0c… u_77ab…" autocomplete="off" spellcheck=${false}
          onChange=${(/** @type {any} */ event) => set({ users: event.target.value.split(/[\s,]+/).filter(Boolean) })} /></div>
      ${acting.problem && html`<p class="form-error" role="alert">${acting.problem}</p>`}
      <p class="question-actions">
        <button class="button" type="button" onClick=${close}>Cancel</button>
        <button class="button button-primary" type="submit" disabled=${acting.busy || roles.size === 0}>${acting.busy ? "One moment …" : "Save"}</button>
      </p>
    </form>
  <//>`;
}
