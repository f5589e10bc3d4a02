/** @import { Passkey, Security } from "../../session.js" */
import { formatDate } from "../../format.js";
import { hasPasskeys } from "../../passkeys.js";
import { addPasskey, removePasskey, renamePasskey } from "../../session.js";
import { html, useState } from "../../ui/preact.js";
import { Age, Moment } from "../../ui/times.js";
import { Field } from "../sign-in/field.js";
import { Outcome, Panel, useAction } from "./asked.js";

const NOTE =
  "Sign in with your fingerprint, face or screen lock, without a password or a code. A passkey cannot be guessed, and no other site can ask for it.";
const NEITHER = `Passkeys belong to a name and a secure page; this page is open at ${location.host}. On your own machine open it as localhost instead.`;

/** @param {{security: Security, reload: () => Promise<void>}} properties */
export function Passkeys({ security, reload }) {
  const [adding, setAdding] = useState(false);
  const [name, setName] = useState("");
  const action = useAction();
  const add = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!(await action.run(() => addPasskey(name.trim()), "The passkey was added."))) return;
    setAdding(false);
    setName("");
    await reload();
  };
  /** @param {Passkey} one */
  const remove = async (one) => {
    const done = `“${one.name}” was removed. Delete it from your device too.`;
    if (await action.run(() => removePasskey(one.credential_id), done)) await reload();
  };
  return html`<${Panel} title="Passkeys" note=${hasPasskeys() ? NOTE : NEITHER}
    action=${hasPasskeys() && !adding && html`<button class="button button-primary" type="button" onClick=${() => setAdding(true)}>Add a passkey</button>`}>
    ${adding && html`<form class="settings-form" onSubmit=${add}>
      <${Field} label="Name of the passkey" required maxlength="60" placeholder="Work laptop" value=${name} change=${setName} />
      <p class="form-actions">
        <button class="button button-primary" type="submit" disabled=${action.busy}>Continue</button>
        <button class="button" type="button" onClick=${() => setAdding(false)}>Cancel</button>
      </p>
    </form>`}
    <${Outcome} of=${action} />
    ${security.passkeys.length > 0 && html`<ul class="rows">
      ${security.passkeys.map((one) => html`<${Row} key=${one.credential_id} one=${one} action=${action}
        remove=${() => remove(one)} reload=${reload} />`)}
    </ul>`}
  <//>`;
}

/** @param {{one: Passkey, action: ReturnType<typeof useAction>, remove: () => void, reload: () => Promise<void>}} properties */
function Row({ one, action, remove, reload }) {
  const [name, setName] = useState(/** @type {string | null} */ (null));
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const renamed = await action.run(() => renamePasskey(one.credential_id, String(name).trim()), "Renamed.");
    if (!renamed) return;
    setName(null);
    await reload();
  };
  if (name !== null) {
    return html`<li class="row"><form class="row-form" onSubmit=${save}>
      <${Field} label="Name of the passkey" required maxlength="60" value=${name} change=${setName} />
      <button class="button button-primary" type="submit" disabled=${action.busy}>Save</button>
      <button class="button" type="button" onClick=${() => setName(null)}>Cancel</button>
    </form></li>`;
  }
  return html`<li class="row">
    <div class="row-main">
      <p class="row-title">${one.name}${one.backed_up && html` <span class="chip">Synced</span>`}</p>
      <p class="row-note">
        Added <${Moment} at=${one.created_at} write=${formatDate} /> ·
        ${one.last_used_at ? html` used <${Age} at=${one.last_used_at} />` : " not used yet"}
      </p>
    </div>
    <button class="button" type="button" aria-label=${`Rename ${one.name}`} onClick=${() => setName(one.name)}>Rename</button>
    <button class="button" type="button" aria-label=${`Remove ${one.name}`} disabled=${action.busy} onClick=${remove}>Remove</button>
  </li>`;
}
