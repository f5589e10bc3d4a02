/** @import { Asset } from "../types.js" */
import { formatChange, formatCompact, formatPrice } from "../format.js";
import { treemap } from "../treemap.js";
import { html, useLayoutEffect, useMemo, useRef, useState } from "../ui/preact.js";
import { heatOf, WINDOWS } from "./windows.js";

const AREA_OF_A_TILE = 7600; // px² on average: below it numbers cannot be read
const [FEWEST, MOST] = [16, 80];
const GAP = 2;
const STEPS = [-3, -2, -1, 0, 1, 2, 3];

export const SIZES = {
  market_cap: { label: "Market cap", said: "market cap" },
  volume_24h: { label: "Volume", said: "24 h volume" },
};

/**
 * The largest assets as tiles: the area tells the size, the colour and the number the change. Areas
 * go with the square root, or two assets would leave no room for anything else.
 *
 * @param {object} properties
 * @param {Asset[]} properties.assets
 * @param {string} properties.window of WINDOWS
 * @param {keyof typeof SIZES} properties.size
 */
export function HeatMap({ assets, window: chosen, size }) {
  const place = useRef(/** @type {any} */ (null));
  const [room, setRoom] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = place.current;
      setRoom((before) => (before.width === width && before.height === height ? before : { width, height }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);

  const fitting = Math.round((room.width * room.height) / AREA_OF_A_TILE);
  const shown = assets
    .filter((asset) => (asset[size] ?? 0) > 0)
    .sort((a, b) => Number(b[size]) - Number(a[size]))
    .slice(0, Math.min(MOST, Math.max(FEWEST, fitting)));
  const sizes = shown.map((asset) => Math.sqrt(Number(asset[size])));
  // A tick that changes no order and hardly any size moves nothing under the reader's eyes.
  const order = `${room.width} ${room.height} ${size} ${shown.map((one) => one.asset_id).join(" ")}`;
  const tiles = useMemo(() => treemap(sizes, room.width, room.height), [order]);

  return html`<ul
    class="heat-map"
    ref=${place}
    aria-label=${`The largest assets by ${SIZES[size].said}, with their change over ${WINDOWS[chosen].said}`}
    onKeyDown=${moveFocus}
  >
    ${shown.map((asset, index) => {
      const tile = tiles[index];
      const first = index === 0;
      return (
        tile &&
        html`<${Tile} key=${asset.asset_id} asset=${asset} tile=${tile} window=${chosen} first=${first} />`
      );
    })}
  </ul>`;
}

/** @param {{asset: Asset, tile: {x: number, y: number, width: number, height: number}, window: string, first: boolean}} properties */
function Tile({ asset, tile, window: chosen, first }) {
  const { key, steps, said } = WINDOWS[chosen];
  const change = asset[key] ?? null;
  const style = {
    left: `${tile.x}px`,
    top: `${tile.y}px`,
    width: `${Math.max(0, tile.width - GAP)}px`,
    height: `${Math.max(0, tile.height - GAP)}px`,
  };
  const told = change === null ? "change not known" : `${formatChange(change)} in ${said}`;
  const [cap, volume] = [formatCompact(asset.market_cap), formatCompact(asset.volume_24h)];
  const sizes = `market cap ${cap}, volume ${volume}`;
  return html`<li class="heat-tile" style=${style} data-size=${sizeOf(asset.symbol, tile)}>
    <a
      class="heat-link"
      href=${`/asset/${encodeURIComponent(asset.asset_id)}`}
      data-heat=${heatOf(change, steps)}
      data-asset=${asset.asset_id}
      tabindex=${first ? 0 : -1}
      title=${`${asset.name}: ${formatPrice(asset.price)}, ${told}, ${sizes}`}
    >
      <span class="heat-symbol">${asset.symbol}</span>
      <span class="visually-hidden">, ${asset.name}, </span>
      <span class="heat-change" data-field="change" data-value=${change}>${formatChange(change)}</span>
    </a>
  </li>`;
}

/**
 * @param {string} symbol
 * @param {{width: number, height: number}} tile
 * @returns {string} how large its text may be
 */
function sizeOf(symbol, { width, height }) {
  const letter = width / Math.max(symbol.length, 6);
  if (letter > 20 && height > 84) return "large";
  if (letter > 11.5 && height > 48) return "middle";
  return letter > 7.6 && height > 34 ? "small" : "tiny";
}

/** Arrows go to the next tile that way: the map is one stop of the Tab key. @param {KeyboardEvent} event */
function moveFocus(event) {
  const way = /** @type {Record<string, number[]>} */ ({
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
  })[event.key];
  const map = /** @type {HTMLElement} */ (event.currentTarget);
  const from = /** @type {HTMLElement} */ (event.target).closest("a");
  if (!way || !from) return;
  event.preventDefault();
  const here = centre(from);
  let nearest = from;
  let least = Infinity;
  for (const link of map.querySelectorAll("a")) {
    const there = centre(link);
    const [x, y] = [there.x - here.x, there.y - here.y];
    const ahead = x * way[0] + y * way[1];
    const aside = Math.abs(x * way[1]) + Math.abs(y * way[0]);
    const far = ahead + 2 * aside;
    if (ahead > 1 && aside <= 2 * ahead && far < least) [nearest, least] = [link, far];
  }
  from.tabIndex = -1;
  nearest.tabIndex = 0;
  nearest.focus();
}

/** @param {Element} element */
function centre(element) {
  const { x, y, width, height } = element.getBoundingClientRect();
  return { x: x + width / 2, y: y + height / 2 };
}

/** What the colours mean. @param {{window: string}} properties */
export function HeatLegend({ window: chosen }) {
  const [middling, large] = WINDOWS[chosen].steps;
  const label = (/** @type {number} */ step) =>
    Math.abs(step) < 2 ? "" : formatChange(Math.sign(step) * (Math.abs(step) === 3 ? large : middling));
  return html`<ul class="heat-legend" aria-label="What the colours mean">
    ${STEPS.map(
      (step) => html`<li key=${step} class="heat-step" data-heat=${step}>
        <span class=${step === 0 || Math.abs(step) === 1 ? "visually-hidden" : ""}>
          ${step === 0 ? "no change" : label(step) || (step > 0 ? "a little up" : "a little down")}
        </span>
      </li>`,
    )}
  </ul>`;
}
