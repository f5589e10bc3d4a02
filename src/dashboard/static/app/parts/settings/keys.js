import { change, get, send } from "../../api.js";
import { formatDate } from "../../format.js";
import { html, useState } from "../../ui/preact.js";
import { Age, Moment } from "../../ui/times.js";
import { Asked, Outcome, Panel, useAction, useAsked } from "./asked.js";
import { NewKey } from "./new-key.js";

const PATH = "/api/v1/keys";

export function Keys() {
  const keys = useAsked(() => get(PATH));
  const action = useAction();
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState(/** @type {{name: string, key: string} | null} */ (null));
  /** @param {object} asked */
  const create = async (asked) => {
    const done = await action.run(async () => setMade(await send(PATH, asked)));
    if (!done) return;
    setAdding(false);
    await keys.reload();
  };
  /** @param {any} key */
  const rotate = async (key) => {
    const done = await action.run(async () => setMade(await send(`${PATH}/${key.key_id}/rotate`, {})));
    if (done) await keys.reload();
  };
  /** @param {any} key */
  const revoke = async (key) => {
    const done = `“${key.name}” was revoked.`;
    if (await action.run(() => change("DELETE", `${PATH}/${key.key_id}`), done)) await keys.reload();
  };
  return html`<${Panel} title="API keys" note="For programs of yours. Who has a key acts as you, within its scopes."
    action=${!adding && html`<button class="button button-primary" type="button" onClick=${() => setAdding(true)}>Make a key</button>`}>
    ${adding && html`<${NewKey} create=${create} busy=${action.busy} cancel=${() => setAdding(false)} />`}
    <${Outcome} of=${action} />
    ${made && html`<${Made} made=${made} close=${() => setMade(null)} />`}
    <${Asked} of=${keys}>${(/** @type {any[]} */ all) =>
      all.length === 0
        ? html`<p class="settings-none">You have no key.</p>`
        : html`<ul class="rows">${all.map((key) => html`<${Row} key=${key.key_id} one=${key} busy=${action.busy}
            rotate=${() => rotate(key)} revoke=${() => revoke(key)} />`)}</ul>`}<//>
  <//>`;
}

/** @param {{made: {name: string, key: string}, close: () => void}} properties */
function Made({ made, close }) {
  const [copied, setCopied] = useState(false);
  const copy = () => navigator.clipboard.writeText(made.key).then(() => setCopied(true), () => {});
  return html`<div class="made-key" role="status">
    <p><strong>“${made.name}” is ready.</strong> Copy it now: it is shown this once.</p>
    <p class="made-key-row">
      <code class="made-key-text">${made.key}</code>
      <button class="button" type="button" onClick=${copy}>${copied ? "Copied" : "Copy"}</button>
      <button class="button" type="button" onClick=${close}>Done</button>
    </p>
  </div>`;
}

/** @param {{one: any, busy: boolean, rotate: () => void, revoke: () => void}} properties */
function Row({ one, busy, rotate, revoke }) {
  return html`<li class="row">
    <div class="row-main">
      <p class="row-title">${one.name}${one.replaced_by && html` <span class="chip" data-tone="warn">Replaced</span>`}</p>
      <p class="row-note">
        <code>${one.key_id}</code> · ${one.scopes ? `${one.scopes.length} scopes` : "all that your role may"} ·
        made <${Moment} at=${one.created_at} write=${formatDate} /> ·
        ${one.last_used_at ? html` used <${Age} at=${one.last_used_at} />` : " not used yet"}
        ${one.expires_at && html` · ends <${Moment} at=${one.expires_at} write=${formatDate} />`}
      </p>
    </div>
    ${!one.replaced_by && html`<button class="button" type="button" disabled=${busy} aria-label=${`Rotate ${one.name}`}
      title="Makes a new key; the old one works for another day" onClick=${rotate}>Rotate</button>`}
    <button class="button" type="button" disabled=${busy} aria-label=${`Revoke ${one.name}`} onClick=${revoke}>Revoke</button>
  </li>`;
}
