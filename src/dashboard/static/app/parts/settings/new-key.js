import { get } from "../../api.js";
import { html, useState } from "../../ui/preact.js";
import { Field } from "../sign-in/field.js";
import { Asked, useAsked } from "./asked.js";

const ENDS = [
  { days: 30, label: "after 30 days" },
  { days: 90, label: "after 90 days" },
  { days: 365, label: "after a year" },
  { days: null, label: "never" },
];

/** @param {{create: (asked: object) => void, busy: boolean, cancel: () => void}} properties */
export function NewKey({ create, busy, cancel }) {
  const account = useAsked(() => get("/api/v1/me"));
  const [name, setName] = useState("");
  const [days, setDays] = useState("90");
  const [limited, setLimited] = useState(true);
  const [scopes, setScopes] = useState(/** @type {string[]} */ (["market:read", "signals:read"]));
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const chosen = { scopes: limited ? scopes : null, expires_in_days: days === "" ? null : Number(days) };
    create({ name: name.trim(), ...chosen });
  };
  /** @param {string} scope */
  const toggle = (scope) =>
    setScopes(scopes.includes(scope) ? scopes.filter((one) => one !== scope) : [...scopes, scope]);
  return html`<form class="settings-form new-key" onSubmit=${submit}>
    <div class="new-key-row">
      <${Field} label="Name of the key" required maxlength="80" placeholder="Notebook" value=${name} change=${setName} />
      <div class="field">
        <label for="key-ends">It ends</label>
        <select class="input" id="key-ends" value=${days} onChange=${(/** @type {any} */ event) => setDays(event.target.value)}>
          ${ENDS.map(({ days: value, label }) => html`<option key=${label} value=${value ?? ""}>${label}</option>`)}
        </select>
      </div>
    </div>
    <fieldset class="scopes">
      <legend>What it may do</legend>
      <label class="check"><input type="radio" name="limited" checked=${limited} onChange=${() => setLimited(true)} />Only this</label>
      <label class="check"><input type="radio" name="limited" checked=${!limited} onChange=${() => setLimited(false)} />All that your role may</label>
      ${limited && html`<${Asked} of=${account}>${(/** @type {any} */ me) => html`<div class="scopes-list">
        ${me.permissions.map((/** @type {string} */ scope) => html`<label class="check" key=${scope}>
          <input type="checkbox" checked=${scopes.includes(scope)} onChange=${() => toggle(scope)} /><code>${scope}</code>
        </label>`)}
      </div>`}<//>`}
    </fieldset>
    <p class="form-actions">
      <button class="button button-primary" type="submit" disabled=${busy || (limited && scopes.length === 0)}>Make key</button>
      <button class="button" type="button" onClick=${cancel}>Cancel</button>
    </p>
  </form>`;
}
