import { formatPrice } from "../../format.js";
import { store } from "../../store.js";
import { Icon } from "../../ui/icon.js";
import { html, useId, useState } from "../../ui/preact.js";
import { useStore } from "../../ui/store.js";

const RESULTS = 6;

/**
 * Finds an asset by name or ticker: a combobox (WAI-ARIA, list autocomplete with manual selection).
 *
 * @param {{label: string, taken: string[], choose: (asset: import("../../types.js").Asset) => void}} properties
 */
export function AssetPicker({ label, taken, choose }) {
  const id = useId();
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const [open, setOpen] = useState(false);
  useStore(["overview"], () => store.tick);
  const found = open ? findAssets(text, taken) : [];
  const shown = open && text.trim() !== "";
  /** @param {any} asset */
  const take = (asset) => {
    if (!asset) return;
    setText("");
    setActive(0);
    choose(asset);
  };
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) setActive((active + step + found.length) % found.length);
    else if (event.key === "Enter" && shown) take(found[active]);
    else if (event.key === "Escape") setText("");
    else return;
    event.preventDefault();
  };
  return html`<div class="asset-picker">
    <label class="visually-hidden" for=${id}>${label}</label>
    <span class="asset-picker-field">
      <${Icon} name="plus" />
      <input id=${id} class="input" type="text" placeholder="Add an asset" autocomplete="off" spellcheck="false"
        role="combobox" aria-autocomplete="list" aria-expanded=${String(shown)} aria-controls=${`${id}-list`}
        aria-activedescendant=${shown && found.length ? `${id}-${active}` : null} value=${text}
        onInput=${(/** @type {any} */ event) => { setText(event.target.value); setActive(0); setOpen(true); }}
        onFocus=${() => setOpen(true)} onBlur=${() => setOpen(false)} onKeyDown=${onKeyDown} />
    </span>
    <ul class="asset-picker-list" id=${`${id}-list`} role="listbox" aria-label="Assets" hidden=${!shown}>
      ${found.map((asset, index) => html`<li key=${asset.asset_id} id=${`${id}-${index}`} class="asset-picker-option"
        role="option" aria-selected=${String(index === active)}
        onMouseDown=${(/** @type {Event} */ event) => { event.preventDefault(); take(asset); }}>
        <strong>${asset.symbol}</strong><span>${asset.name}</span><span class="quiet">${formatPrice(asset.price)}</span></li>`)}
      ${shown && found.length === 0 && html`<li class="asset-picker-option quiet" role="option" aria-selected="false" aria-disabled="true">Nothing collected has this name, or it is here already.</li>`}
    </ul>
  </div>`;
}

/**
 * Symbols before names, beginnings before middles, larger before smaller.
 *
 * @param {string} text
 * @param {string[]} taken
 */
function findAssets(text, taken) {
  const wanted = text.trim().toLocaleLowerCase();
  if (!wanted) return [];
  const rank = (/** @type {any} */ asset) => {
    const symbol = asset.symbol.toLocaleLowerCase();
    const name = asset.name.toLocaleLowerCase();
    if (symbol === wanted) return 0;
    if (symbol.startsWith(wanted)) return 1;
    if (name.startsWith(wanted)) return 2;
    return name.includes(wanted) ? 3 : 4;
  };
  return [...store.assets.values()]
    .filter(({ asset_id }) => !taken.includes(asset_id))
    .map((asset) => ({ asset, rank: rank(asset) }))
    .filter((one) => one.rank < 4)
    .sort((a, b) => a.rank - b.rank || (b.asset.market_cap ?? 0) - (a.asset.market_cap ?? 0))
    .slice(0, RESULTS)
    .map(({ asset }) => asset);
}
