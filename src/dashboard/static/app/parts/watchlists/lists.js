import { formatCount } from "../../format.js";
import { Icon } from "../../ui/icon.js";
import { html, useState } from "../../ui/preact.js";

const MOST_LISTS = 20;

/** All lists, and a way to make one. @param {{lists: any[], chosen: string | null, create: (name: string) => void}} properties */
export function Lists({ lists, chosen, create }) {
  return html`<nav class="panel watch-lists" aria-label="Your watchlists">
    ${lists.length === 0
      ? html`<div class="watch-first">
          <p class="empty-title">No watchlist yet</p>
          <p class="quiet">Name one, then add the assets you follow.</p>
        </div>`
      : html`<ul>${lists.map((list) => html`<li key=${list.watchlist_id}>
          <a class="watch-link" href=${`/watchlists/${list.watchlist_id}`}
            aria-current=${list.watchlist_id === chosen ? "page" : null}>
            <span class="watch-link-name">${list.name}</span>
            <span class="quiet">${formatCount(list.assets.length)}</span>
          </a></li>`)}</ul>`}
    ${lists.length < MOST_LISTS ? html`<${NewList} create=${create} />` : html`<p class="form-hint">You have ${MOST_LISTS} lists, as many as one may.</p>`}
  </nav>`;
}

/** @param {{create: (name: string) => void}} properties */
function NewList({ create }) {
  const [name, setName] = useState("");
  const make = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (name.trim()) create(name.trim());
  };
  return html`<form class="watch-new" onSubmit=${make}>
    <label class="visually-hidden" for="watch-new">Name of a new watchlist</label>
    <input id="watch-new" class="input" placeholder="New watchlist" maxlength="80" required value=${name}
      autocomplete="off" onInput=${(/** @type {any} */ event) => setName(event.target.value)} />
    <button class="icon-button" type="submit" aria-label="Make this watchlist"><${Icon} name="plus" /></button>
  </form>`;
}
