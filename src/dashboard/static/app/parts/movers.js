/** @import { Asset, Fired } from "../types.js" */
import { formatCompact, formatPrice } from "../format.js";
import { store } from "../store.js";
import { Icon } from "../ui/icon.js";
import { Native } from "../ui/native.js";
import { html } from "../ui/preact.js";
import { Age } from "../ui/times.js";
import { assetBadge } from "./asset-badge.js";
import { changeValue, setChange } from "./change.js";
import { confidence } from "./confidence.js";
import { typeIcon, typeLabel } from "./signal-types.js";
import { setSparkline, sparkline } from "./sparkline.js";
import { movers, WINDOWS } from "./windows.js";

const SHOWN = 5;

/**
 * What rose and what fell most among what is traded enough, with the reason where one is known.
 *
 * @param {{window: string}} properties of WINDOWS
 */
export function Movers({ window: chosen }) {
  const { key, said } = WINDOWS[chosen];
  return html`<section class="panel movers" aria-labelledby="movers-title">
    <div class="panel-head">
      <h2 class="panel-title" id="movers-title">Movers, ${WINDOWS[chosen].label}</h2>
      <p class="panel-note">with ${formatCompact(store.leastVolume)} or more of 24 h volume</p>
    </div>
    <div class="movers-columns">
      ${[
        { sign: 1, title: "Up", none: `Nothing rose in ${said}.` },
        { sign: -1, title: "Down", none: `Nothing fell in ${said}.` },
      ].map(({ sign, title, none }) => {
        const found = movers(store.assets.values(), key, /** @type {1 | -1} */ (sign), store.leastVolume, SHOWN);
        return html`<div key=${title}>
          <h3 class="movers-label">${title}</h3>
          ${found.length === 0 && html`<p class="movers-none">${none}</p>`}
          <ol class="movers-list">
            ${found.map((asset) => html`<${Mover} key=${asset.asset_id} asset=${asset} change=${asset[key] ?? null} />`)}
          </ol>
        </div>`;
      })}
    </div>
  </section>`;
}

/** @param {{asset: Asset, change: number | null}} properties */
function Mover({ asset, change }) {
  const reason = store.reasons.get(asset.asset_id);
  return html`<li class="mover" data-asset=${asset.asset_id}>
    <a class="mover-link" href=${`/asset/${encodeURIComponent(asset.asset_id)}`}>
      <${Native} class="inline" make=${() => assetBadge(asset.symbol)} />
      <span class="mover-name">
        <span class="mover-symbol">${asset.symbol}</span>
        <span class="mover-full">${asset.name}</span>
      </span>
      <${Line} points=${store.sparklines.get(asset.asset_id)} />
      <span class="mover-price" data-field="price" data-value=${asset.price}>${formatPrice(asset.price)}</span>
      <${Native} class="mover-change" value=${change} make=${() => part(changeValue(change), setChange)} />
      <span class="mover-volume"><span class="visually-hidden">volume </span>${formatCompact(asset.volume_24h)}</span>
    </a>
    ${reason && html`<${Reason} key=${reason.signal_id} reason=${reason} />`}
  </li>`;
}

/** The newest signal of the asset: why, and how far to believe it. @param {{reason: Fired}} properties */
export function Reason({ reason }) {
  const { type, explanation, created_at, calibration, horizon_seconds } = reason;
  const claim = horizon_seconds === null ? undefined : { horizon: horizon_seconds };
  const told = /** @type {any} */ ({ metadata: { calibration: calibration ?? undefined, claim } });
  return html`<div class="mover-reason">
    <p class="mover-why" title=${explanation}>
      <${Icon} name=${typeIcon(type)} /><span class="visually-hidden">${typeLabel(type)}: </span
      ><span class="mover-sentence">${firstSentence(explanation)}</span>
    </p>
    <p class="mover-belief"><${Age} at=${created_at} /> <${Native} class="inline" make=${() => confidence(told)} /></p>
  </div>`;
}

/** What was measured; how far to believe it is told beside it. @param {string} explanation */
const firstSentence = (explanation) => explanation.split("; ")[0];

/** @param {{points: (number | null)[] | undefined}} properties */
function Line({ points }) {
  return html`<${Native}
    class="mover-line"
    value=${points}
    make=${() => part(sparkline(), setSparkline, points)}
  />`;
}

/**
 * @template {Element} E
 * @param {E} element
 * @param {(element: E, value: any) => void} set
 * @param {any} [first]
 */
function part(element, set, first) {
  if (first !== undefined) set(element, first);
  return { element, update: (/** @type {any} */ value) => set(element, value) };
}
