import { Icon } from "../../ui/icon.js";
import { html, useEffect, useRef, useState } from "../../ui/preact.js";

/** A list's name, which can be changed in its place, and what else can be done to it. @param {any} properties */
export function ListHead({ list, changes, arranging, arrange }) {
  const [renaming, setRenaming] = useState(false);
  const needed = list.rules.length > 0;
  return html`<div class="panel-head">
    ${renaming
      ? html`<${Rename} list=${list} changes=${changes} done=${() => setRenaming(false)} />`
      : html`<h2 class="panel-title">${list.name}</h2>`}
    <div class="toolbar">
      ${!renaming && html`<button class="button" type="button" onClick=${() => setRenaming(true)}><${Icon} name="pencil" />Rename</button>`}
      <button class="button watch-arrange" type="button" aria-pressed=${String(arranging)} onClick=${arrange}><${Icon} name="settings" />Arrange</button>
      <a class="button" href=${`/alerts/new?watchlist=${list.watchlist_id}`}><${Icon} name="bell" />Alert rule</a>
      <button class="button" type="button" disabled=${needed || changes.busy}
        title=${needed ? `Alert rules follow this list: ${list.rules.join(", ")}. Change them first.` : null}
        onClick=${() => changes.remove(list)}><${Icon} name="trash" />Remove</button>
    </div>
  </div>
  ${needed && html`<p class="panel-note watch-needed">Followed by ${list.rules.length === 1 ? "the alert rule" : "the alert rules"} ${list.rules.join(", ")}.</p>`}`;
}

/** @param {{list: any, changes: any, done: () => void}} properties */
function Rename({ list, changes, done }) {
  const [name, setName] = useState(list.name);
  const input = useRef(/** @type {any} */ (null));
  useEffect(() => input.current.select(), []);
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const wanted = name.trim();
    if (wanted && wanted !== list.name) await changes.rename(list, wanted);
    done();
  };
  return html`<form class="watch-rename" onSubmit=${save}
    onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === "Escape" && done()}>
    <label class="visually-hidden" for="watch-rename">Name of this watchlist</label>
    <input id="watch-rename" ref=${input} class="input" value=${name} maxlength="80" required
      onInput=${(/** @type {any} */ event) => setName(event.target.value)} />
    <button class="button button-primary" type="submit">Save</button>
    <button class="button" type="button" onClick=${done}>Cancel</button>
  </form>`;
}
