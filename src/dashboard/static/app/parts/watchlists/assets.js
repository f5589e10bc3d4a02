import { formatPrice } from "../../format.js";
import { store } from "../../store.js";
import { Icon } from "../../ui/icon.js";
import { Native } from "../../ui/native.js";
import { html } from "../../ui/preact.js";
import { useStore } from "../../ui/store.js";
import { Freshness } from "../../ui/times.js";
import { assetBadge } from "../asset-badge.js";
import { Change } from "../reports/change.js";
import { setSparkline, sparkline } from "../sparkline.js";
import { AssetPicker } from "./asset-picker.js";

const MOST_ASSETS = 250;

/** The assets of a list in its order, their prices live. @param {any} properties */
export function Assets({ list, view, changes, arranging }) {
  useStore(["tick", "overview"], () => store.tick);
  const told = new Map(view.rows.map((/** @type {any} */ row) => [row.asset_id, row]));
  const unpriced = new Map(view.unpriced.map((/** @type {any} */ row) => [row.asset_id, row]));
  /** @param {string} id */
  const rowOf = (id) => {
    const live = store.assets.get(id);
    const first = told.get(id);
    const newer = live && (!first || String(live.observed_at) >= String(first.observed_at));
    return (newer ? live : first) ?? unpriced.get(id) ?? { asset_id: id, symbol: id, name: id };
  };
  /** @param {number} from @param {number} to */
  const move = (from, to) => {
    const assets = [...list.assets];
    const [id] = assets.splice(from, 1);
    assets.splice(to, 0, id);
    changes.rearrange(list, assets);
  };
  const rows = list.assets.map(rowOf);
  return html`
    ${rows.length === 0
      ? html`<div class="empty-state"><p class="empty-title">No asset yet</p>
          <p class="empty-text">Search below for what you follow: a name or a ticker.</p></div>`
      : html`<div class="table-place" tabindex="0" role="region" aria-label=${`Assets of ${list.name}`}>
          <table class="table watch-table" data-arranging=${arranging ? "" : null}>
            <thead><tr>
              <th scope="col">Asset</th><th scope="col" class="number">Price</th>
              <th scope="col" class="number">1 h</th><th scope="col" class="number">24 h</th>
              <th scope="col" class="watch-day">Day</th>
              <th scope="col" class="watch-seen">Source</th>
              <th scope="col" class="watch-order"><span class="visually-hidden">Order and removal</span></th>
            </tr></thead>
            <tbody>${rows.map((/** @type {any} */ row, /** @type {number} */ index) => html`<${Row} key=${row.asset_id} row=${row}
              points=${view.sparklines[row.asset_id]} busy=${changes.busy}
              up=${index > 0 ? () => move(index, index - 1) : null}
              down=${index < rows.length - 1 ? () => move(index, index + 1) : null}
              remove=${() => changes.rearrange(list, list.assets.filter((/** @type {string} */ id) => id !== row.asset_id), `Removed ${row.name} from ${list.name}.`)} />`)}</tbody>
          </table>
        </div>`}
    ${rows.length < MOST_ASSETS && html`<${AssetPicker} label=${`Add an asset to ${list.name}`} taken=${list.assets}
      choose=${(/** @type {any} */ asset) => changes.rearrange(list, [...list.assets, asset.asset_id])} />`}
  `;
}

/** @param {any} properties */
function Row({ row, points, busy, up, down, remove }) {
  return html`<tr data-asset=${row.asset_id}>
    <th scope="row"><a class="watch-asset" href=${`/asset/${encodeURIComponent(row.asset_id)}`}>
      <${Native} class="inline" make=${() => assetBadge(row.symbol)} />
      <span class="watch-names"><span>${row.name}</span><span class="quiet">${row.symbol}</span></span></a></th>
    <td class="number watch-price">${formatPrice(row.price)}</td>
    <td class="number"><${Change} of=${row.change_1h ?? null} /></td>
    <td class="number"><${Change} of=${row.change_24h ?? null} /></td>
    <td class="watch-day"><${Native} value=${points}
      make=${() => { const element = sparkline(); return { element, update: (/** @type {any} */ now) => setSparkline(element, now) }; }} /></td>
    <td class="watch-seen">${row.observed_at
      ? html`<span class="quiet">${row.source}</span> <${Freshness} at=${row.observed_at} />`
      : html`<span class="quiet">no price for a day</span>`}</td>
    <td class="watch-order">
      <button class="icon-button watch-up" type="button" aria-label=${`Move ${row.name} up`} disabled=${!up || busy} onClick=${up}><${Icon} name="chevron" /></button>
      <button class="icon-button" type="button" aria-label=${`Move ${row.name} down`} disabled=${!down || busy} onClick=${down}><${Icon} name="chevron" /></button>
      <button class="icon-button" type="button" aria-label=${`Remove ${row.name} from this list`} disabled=${busy} onClick=${remove}><${Icon} name="close" /></button>
    </td>
  </tr>`;
}
