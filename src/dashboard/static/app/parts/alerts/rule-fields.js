import { formatDuration } from "../../format.js";
import { ChoiceGroup } from "../../ui/choices.js";
import { Icon } from "../../ui/icon.js";
import { html } from "../../ui/preact.js";
import { SIGNAL_TYPES, typeIcon, typeLabel } from "../signal-types.js";
import { AssetPicker } from "../watchlists/asset-picker.js";
import { assetName } from "./draft.js";

const COOLDOWNS = [0, 900, 3600, 14_400, 86_400, 604_800];
const SCORES = [1.25, 1.5, 2, 3, 5];
const SHARES = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];

/** Which kinds of signals. @param {any} properties */
export function Kinds({ draft, set }) {
  /** @param {string} type */
  const toggle = (type) =>
    set({ types: draft.types.includes(type) ? draft.types.filter((/** @type {string} */ one) => one !== type) : [...draft.types, type] });
  return html`<fieldset class="rule-set">
    <legend>Signals</legend>
    <div class="rule-kinds">${SIGNAL_TYPES.map((type) => html`<label key=${type} class="rule-kind">
      <input type="checkbox" checked=${draft.types.includes(type)} onChange=${() => toggle(type)} />
      <${Icon} name=${typeIcon(type)} />${typeLabel(type)}</label>`)}</div>
    <p class="form-hint">${draft.types.length ? "Only what is checked." : "None is checked: all of them."}</p>
  </fieldset>`;
}

/** On which assets. @param {any} properties */
export function About({ draft, set, watchlists }) {
  /** @param {string[]} symbols */
  const name = (symbols) => set({ symbols });
  return html`<fieldset class="rule-set">
    <legend>About</legend>
    <${ChoiceGroup} label="About" chosen=${draft.about} choose=${(/** @type {any} */ about) => set({ about })}
      choices=${[
        { value: "any", label: "Any asset" },
        { value: "symbols", label: "These assets" },
        { value: "watchlist", label: "A watchlist" },
      ]} />
    ${draft.about === "symbols" && html`
      <ul class="rule-assets">${draft.symbols.map((/** @type {string} */ id) => html`<li key=${id} class="chip">${assetName(id)}
        <button class="chip-close" type="button" aria-label=${`Leave out ${assetName(id)}`}
          onClick=${() => name(draft.symbols.filter((/** @type {string} */ one) => one !== id))}><${Icon} name="close" /></button></li>`)}</ul>
      <${AssetPicker} label="Add an asset to this rule" taken=${draft.symbols}
        choose=${(/** @type {any} */ asset) => name([...draft.symbols, asset.asset_id])} />`}
    ${draft.about === "watchlist" && (watchlists.length === 0
      ? html`<p class="form-hint">You have no watchlist yet. <a href="/watchlists">Make one</a>.</p>`
      : html`<div class="form-row"><label for="rule-watchlist">Watchlist</label>
          <select id="rule-watchlist" class="input" value=${draft.watchlist_id ?? ""} onChange=${(/** @type {any} */ event) => set({ watchlist_id: event.target.value || null })}>
            <option value="">Choose…</option>
            ${watchlists.map((/** @type {any} */ one) => html`<option key=${one.watchlist_id} value=${one.watchlist_id}>${one.name} (${one.assets.length})</option>`)}
          </select><span class="form-hint">The rule follows the list as it changes.</span></div>`)}
  </fieldset>`;
}

/** How strong, which way, how often. @param {any} properties */
export function Strength({ draft, set }) {
  return html`<fieldset class="rule-set rule-strength">
    <legend>Only</legend>
    <${Select} id="rule-way" label="Which way" value=${draft.direction ?? ""} set=${(/** @type {string} */ value) => set({ direction: value || null })}
      options=${[["", "either way"], ["up", "up"], ["down", "down"]]} />
    <${Select} id="rule-score" label="Strength" value=${draft.least_score ?? ""} set=${(/** @type {string} */ value) => set({ least_score: value ? Number(value) : null })}
      options=${[["", "any that fires"], ...choices(SCORES, draft.least_score).map((one) => [one, `${one} × its threshold or more`])]} />
    <${Select} id="rule-share" label="Confidence" value=${draft.min_confidence ?? ""} set=${(/** @type {string} */ value) => set({ min_confidence: value ? Number(value) : null })}
      options=${[["", "any, also none yet"], ...choices(SHARES, draft.min_confidence).map((one) => [one, `${Math.round(one * 100)} % or more`])]} />
    <${Select} id="rule-cooldown" label="Then silent on that asset" value=${draft.cooldown_seconds} set=${(/** @type {string} */ value) => set({ cooldown_seconds: Number(value) })}
      options=${choices(COOLDOWNS, draft.cooldown_seconds).map((one) => [one, one ? `for ${formatDuration(one)}` : "until the signal is over"])} />
  </fieldset>`;
}

/** Where alerts are sent. @param {any} properties */
export function Delivery({ draft, set, hooks }) {
  const able = (hooks ?? []).filter((/** @type {any} */ hook) => hook.events.includes("alert"));
  /** @param {string} id */
  const toggle = (id) =>
    set({ webhooks: draft.webhooks.includes(id) ? draft.webhooks.filter((/** @type {string} */ one) => one !== id) : [...draft.webhooks, id] });
  return html`<fieldset class="rule-set">
    <legend>Told</legend>
    <p class="form-hint">Always listed under What fired${hooks ? "." : "; webhooks are for the role trader."}</p>
    ${able.map((/** @type {any} */ hook) => html`<label key=${hook.webhook_id} class="rule-kind rule-hook">
      <input type="checkbox" checked=${draft.webhooks.includes(hook.webhook_id)} onChange=${() => toggle(hook.webhook_id)} />
      <span>${hook.url}</span>${!hook.active && html`<span class="chip" data-tone="warn">off</span>`}</label>`)}
    ${hooks && able.length === 0 && html`<p class="form-hint"><a href="/alerts/webhooks">Make a webhook</a> that takes alerts to have them sent to you.</p>`}
  </fieldset>`;
}

/** @param {number[]} usual @param {number | null} own @returns {number[]} with what the rule has, which may be none of them */
function choices(usual, own) {
  return own === null || usual.includes(own) ? usual : [...usual, own].sort((a, b) => a - b);
}

/** @param {any} properties */
function Select({ id, label, value, set, options }) {
  return html`<div class="form-row"><label for=${id}>${label}</label>
    <select id=${id} class="input" value=${String(value)} onChange=${(/** @type {any} */ event) => set(event.target.value)}>
      ${options.map((/** @type {any[]} */ [of, text]) => html`<option key=${of} value=${String(of)} selected=${String(of) === String(value)}>${text}</option>`)}
    </select></div>`;
}
