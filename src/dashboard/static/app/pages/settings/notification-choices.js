import { SIGNAL_TYPES, typeLabel } from "../../parts/signal-types.js";
import { ChoiceGroup } from "../../ui/choices.js";
import { html, useId } from "../../ui/preact.js";

const SCOPES = [
  { value: "all", label: "All assets" },
  { value: "watchlist", label: "A watchlist" },
  { value: "none", label: "Only my rules" },
];
const LEAST = [null, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
const CAPS = [5, 10, 20, 50, 100, null];
const NIGHT = { start: "22:00", end: "07:00" };

/**
 * @typedef {object} Properties
 * @property {any} preferences
 * @property {(changes: object) => void} change
 */

/** Which signals. @param {Properties & {lists: any[]}} properties */
export function What({ preferences, change, lists }) {
  const { enabled, scope, watchlist_id: list, types, rules } = preferences;
  const wanted = types === "all" ? SIGNAL_TYPES : types;
  const choose = (/** @type {string} */ type) => {
    const next = SIGNAL_TYPES.filter((one) => wanted.includes(one) !== (one === type));
    if (next.length > 0) change({ types: next.length === SIGNAL_TYPES.length ? "all" : next });
  };
  return html`<section class="panel" aria-labelledby="what-title">
    <div class="panel-head">
      <h2 class="panel-title" id="what-title">What to tell</h2>
      <${Check} label="Notifications on" checked=${enabled} set=${(/** @type {boolean} */ on) => change({ enabled: on })} />
    </div>
    <fieldset class="notifications-fields" disabled=${!enabled}>
      <div class="form-row">
        <span class="form-label">Signals of</span>
        <${ChoiceGroup} label="Signals of" choices=${SCOPES} chosen=${scope}
          choose=${(/** @type {string} */ value) =>
            change({ scope: value, watchlist_id: value === "watchlist" ? (list ?? lists[0]?.watchlist_id ?? null) : null })} />
      </div>
      ${scope === "watchlist" && html`<${List} lists=${lists} chosen=${list} change=${change} />`}
      <${Check} label="Also what my alert rules fire on" checked=${rules || scope === "none"}
        disabled=${scope === "none"} set=${(/** @type {boolean} */ on) => change({ rules: on })} />
      ${scope !== "none" &&
      html`<fieldset class="notifications-types">
          <legend class="form-label">Kinds of signals</legend>
          ${SIGNAL_TYPES.map(
            (type) => html`<${Check} key=${type} label=${typeLabel(type)} checked=${wanted.includes(type)}
              set=${() => choose(type)} />`,
          )}
        </fieldset>
        <${Select} label="Least confidence" value=${preferences.min_confidence} options=${LEAST}
          write=${(/** @type {number | null} */ one) => (one === null ? "any, even without a probability" : `${Math.round(one * 100)} %`)}
          set=${(/** @type {number | null} */ one) => change({ min_confidence: one })}
          hint="Confidence is how often such a signal was right. Few reach 60 %." />`}
    </fieldset>
  </section>`;
}

/** @param {{lists: any[], chosen: string | null, change: (changes: object) => void}} properties */
function List({ lists, chosen, change }) {
  if (lists.length === 0) {
    return html`<p class="form-hint">You have no watchlist yet. <a href="/watchlists">Make one</a>.</p>`;
  }
  const name = new Map(lists.map((one) => [one.watchlist_id, one.name]));
  return html`<${Select} label="Watchlist" value=${chosen} options=${[...name.keys()]}
    write=${(/** @type {string} */ one) => name.get(one) ?? "removed"}
    set=${(/** @type {string} */ one) => change({ watchlist_id: one })} />`;
}

/** When, and how often. @param {Properties} properties */
export function When({ preferences, change }) {
  const { enabled, quiet_hours: quiet, time_zone: zone, daily_cap: cap, badges } = preferences;
  const zones = useZones(zone);
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const hour = (/** @type {"start" | "end"} */ which, /** @type {string} */ label) =>
    html`<label class="form-row"><span class="form-label">${label}</span>
      <input class="input" type="time" required value=${quiet[which]}
        onChange=${(/** @type {any} */ event) =>
          event.target.value && change({ quiet_hours: { ...quiet, [which]: event.target.value.slice(0, 5) } })} />
    </label>`;
  return html`<section class="panel" aria-labelledby="when-title">
    <div class="panel-head"><h2 class="panel-title" id="when-title">When</h2></div>
    <fieldset class="notifications-fields" disabled=${!enabled}>
      <${Check} label="Quiet hours" checked=${quiet !== null}
        set=${(/** @type {boolean} */ on) => change({ quiet_hours: on ? NIGHT : null, ...(on && own && { time_zone: own }) })} />
      ${quiet &&
      html`<div class="notifications-hours">
          ${hour("start", "From")} ${hour("end", "To")}
          <${Select} label="Time zone" value=${zone} options=${zones} write=${(/** @type {string} */ one) => one.replaceAll("_", " ")}
            set=${(/** @type {string} */ one) => change({ time_zone: one })} />
        </div>
        <p class="form-hint">What fires meanwhile is told in one summary when they are over. Nothing is lost.</p>`}
      <${Select} label="At most a day" value=${cap} options=${CAPS}
        write=${(/** @type {number | null} */ one) => (one === null ? "no limit" : `${one} notifications`)}
        set=${(/** @type {number | null} */ one) => change({ daily_cap: one })}
        hint="What goes beyond it comes in one summary the next day." />
      <${Check} label="Count unread signals on the app's icon" checked=${badges}
        set=${(/** @type {boolean} */ on) => change({ badges: on })} />
    </fieldset>
  </section>`;
}

/** @param {string} zone in use */
function useZones(zone) {
  const known = Intl.supportedValuesOf?.("timeZone") ?? [];
  return [...new Set(["UTC", zone, ...known])].sort();
}

/** @param {{label: string, checked: boolean, set: (on: boolean) => void, disabled?: boolean}} properties */
function Check({ label, checked, set, disabled = false }) {
  return html`<label class="notifications-check">
    <input type="checkbox" checked=${checked} disabled=${disabled}
      onChange=${(/** @type {any} */ event) => set(event.target.checked)} />
    <span>${label}</span>
  </label>`;
}

/**
 * @param {{label: string, value: any, options: any[], write: (one: any) => string, set: (one: any) => void, hint?: string}} properties
 */
function Select({ label, value, options, write, set, hint }) {
  const id = useId();
  const all = options.includes(value) ? options : [value, ...options];
  return html`<div class="form-row">
    <label for=${id}>${label}</label>
    <select class="input" id=${id} onChange=${(/** @type {any} */ event) => set(all[event.target.selectedIndex])}>
      ${all.map((one) => html`<option key=${String(one)} selected=${one === value}>${write(one)}</option>`)}
    </select>
    ${hint && html`<span class="form-hint">${hint}</span>`}
  </div>`;
}
