import { navigate } from "../router.js";
import { store } from "../store.js";
import { Empty, PageHead, Skeleton } from "../ui/page.js";
import { html, useEffect } from "../ui/preact.js";
import { useStore } from "../ui/store.js";

const MOST_SHOWN = 8;
/** Pages of others whose address ends with the name of an asset. */
const COIN_PAGE = /\/(?:coins|currencies|asset|assets|price|token)\/([a-z0-9-]+)/i;
const FEWEST_LETTERS = 3; // of a name or ticker that is written without a sign

/**
 * Where another app shares something with this one (manifest.webmanifest, share_target): the asset
 * that it is about is opened; if it may be several, the reader chooses.
 */
function Share() {
  const shared = new URLSearchParams(location.search);
  const text = ["title", "text", "url"].map((name) => shared.get(name) ?? "").join(" \n ").trim();
  const ready = useStore(["overview", "overview-failed"], () => store.status);
  const found = ready === "ready" ? assetsIn(text, [...store.assets.values()]) : [];
  const only = found.length === 1 ? found[0].asset_id : null;
  useEffect(() => {
    if (only) navigate(`/asset/${encodeURIComponent(only)}`);
  }, [only]);

  if (ready === "loading" || only) return html`<${PageHead} title="Shared with CryptoIntel" /><${Skeleton} />`;
  return html`<${PageHead} title="Shared with CryptoIntel" />
    ${found.length > 0 ? html`<${Choose} assets=${found} />` : html`<${Nothing} text=${text} />`}`;
}

/** @param {{assets: any[]}} properties */
function Choose({ assets }) {
  return html`<section class="panel" aria-labelledby="share-title">
    <h2 class="panel-title" id="share-title">Which do you mean?</h2>
    <ul class="share-list">
      ${assets.slice(0, MOST_SHOWN).map(
        (asset) => html`<li key=${asset.asset_id}>
          <a class="button" href=${`/asset/${encodeURIComponent(asset.asset_id)}`}>${asset.name} (${asset.symbol})</a>
        </li>`,
      )}
    </ul>
  </section>`;
}

/** @param {{text: string}} properties */
function Nothing({ text }) {
  return html`<${Empty}
    title="No asset was found in it"
    text=${text ? `“${text.slice(0, 160)}” names none that is watched here.` : "Nothing was shared."}
  >
    <a class="button" href="/market">Search the market</a>
  <//>`;
}

/**
 * The assets that a text is about, the surest first: by the address of a coin's page, else by
 * cashtags ($BTC), else by names and tickers as they are written.
 *
 * @param {string} text
 * @param {{asset_id: string, symbol: string, name: string}[]} assets the largest first
 */
export function assetsIn(text, assets) {
  const page = COIN_PAGE.exec(text)?.[1]?.toLowerCase();
  const paged = assets.filter((asset) => page && [asset.asset_id, slug(asset.name)].includes(page));
  if (paged.length > 0) return paged.slice(0, 1);
  const tagged = new Set([...text.matchAll(/\$([a-z][a-z0-9]{1,9})\b/gi)].map(([, tag]) => tag.toUpperCase()));
  const byTag = firsts(assets.filter((asset) => tagged.has(asset.symbol)));
  if (byTag.length > 0) return byTag;
  const words = new Set(text.match(/[A-Za-z0-9]+/g) ?? []);
  const plain = ` ${text.toLowerCase().replace(/[^a-z0-9]+/g, " ")} `;
  return firsts(
    assets.filter(
      ({ symbol, name }) =>
        (symbol.length >= FEWEST_LETTERS && words.has(symbol)) ||
        (name.length >= FEWEST_LETTERS && plain.includes(` ${slug(name).replaceAll("-", " ")} `)),
    ),
  );
}

/** @param {{symbol: string}[]} assets the first of each symbol */
function firsts(assets) {
  return /** @type {any[]} */ (assets.filter((one, place) => assets.findIndex(({ symbol }) => symbol === one.symbol) === place));
}

/** @param {string} name */
const slug = (name) => name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");

export default { title: "Shared", Page: Share };
