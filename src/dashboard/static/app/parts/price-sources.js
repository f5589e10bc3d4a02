/** @import { Asset, Consensus, Prices, SourcePrice } from "../types.js" */
import { fill, h, outsideLink, setText } from "../dom.js";
import { formatChange, formatCompact, formatCount, formatPrice, formatSpread } from "../format.js";
import { freshness, setFreshness } from "./time.js";

/**
 * What every source says an asset costs, below what they agree on.
 *
 * @returns {{element: HTMLElement, update: (asset: Asset, prices: Prices | null) => void}}
 */
export function priceSources() {
  const alone = h("p", { class: "price-alone" }, "One source: its price is shown as it is.");
  const agreed = consensusRow();
  const body = h("tbody", {});
  const element = h(
    "section",
    { class: "asset-prices", "aria-labelledby": "asset-prices" },
    h(
      "div",
      { class: "section-head" },
      h("h2", { class: "section-title", id: "asset-prices" }, "Prices by source"),
      alone,
    ),
    h(
      "div",
      { class: "panel" },
      h(
        "table",
        { class: "price-table", "aria-labelledby": "asset-prices" },
        h("thead", {}, h("tr", {}, ["Source", "Price", "Difference", "24 h volume"].map(heading))),
        body,
      ),
    ),
  );
  /** @type {Map<string, ReturnType<typeof sourceRow>>} */
  const rows = new Map();

  /**
   * @param {Asset} asset
   * @param {Prices | null} prices
   */
  const update = (asset, prices) => {
    const { consensus, sources } = prices ?? { consensus: null, sources: [] };
    element.hidden = sources.length === 0;
    alone.hidden = consensus !== null || sources.length !== 1;
    if (consensus) agreed.update(asset, consensus);
    for (const told of sources) {
      if (!rows.has(told.source)) rows.set(told.source, sourceRow(told));
      rows.get(told.source)?.update(told, consensus && asset.price, consensus);
    }
    const wanted = sources.flatMap(({ source }) => rows.get(source)?.element ?? []);
    if (consensus) wanted.unshift(...agreed.elements);
    // Left alone when they are the same: the reader may have the focus in one.
    const same = wanted.length === body.children.length;
    if (!same || wanted.some((row, place) => row !== body.children[place])) fill(body, wanted);
  };
  return { element, update };
}

/** @param {string} text */
function heading(text) {
  const more = text === "Difference" && h("span", { class: "visually-hidden" }, " from consensus");
  return h("th", { scope: "col" }, text, more);
}

function consensusRow() {
  const method = h("td", { colspan: 4 });
  const observed = freshness(null);
  const cells = valueCells();
  const elements = [
    h("tr", { class: "price-consensus" }, rowHead("Consensus", observed), cells.elements),
    h("tr", { class: "price-method" }, method),
  ];
  /**
   * @param {Asset} asset
   * @param {Consensus} consensus
   */
  const update = (asset, consensus) => {
    setText(method, methodText(consensus));
    setFreshness(observed, asset.observed_at);
    cells.update(asset.price, null, asset.volume_24h);
  };
  return { elements, update };
}

/** @param {SourcePrice} first */
function sourceRow(first) {
  const observed = freshness(null);
  const reason = h("span", { class: "price-rejected" });
  const cells = valueCells();
  const element = h(
    "tr",
    { data: { source: first.source } },
    rowHead(
      outsideLink(first.attribution_url, first.attribution || first.source),
      observed,
      reason,
    ),
    cells.elements,
  );
  /**
   * @param {SourcePrice} told
   * @param {number | null} agreed
   * @param {Consensus | null} consensus
   */
  const update = (told, agreed, consensus) => {
    const why = consensus?.rejected[told.source];
    reason.hidden = !why;
    setText(reason, why ? `Left out: ${why}` : "");
    element.toggleAttribute("data-rejected", Boolean(why));
    setFreshness(observed, told.observed_at);
    cells.update(told.price, agreed, told.volume_24h);
  };
  return { element, update };
}

/**
 * @param {Node | string} name
 * @param {...Node} told
 */
function rowHead(name, ...told) {
  return h(
    "th",
    { scope: "row" },
    h("span", { class: "price-head" }, h("span", { class: "price-name" }, name), told),
  );
}

function valueCells() {
  const price = h("td", { class: "price-cell" });
  const difference = h("td", {});
  const volume = h("td", {});
  /**
   * @param {number | null} told
   * @param {number | null} agreed
   * @param {number | null} traded
   */
  const update = (told, agreed, traded) => {
    setText(price, formatPrice(told));
    setText(difference, formatChange(told && agreed ? 100 * (told / agreed - 1) : null));
    setText(volume, formatCompact(traded));
  };
  return { elements: [price, difference, volume], update };
}

/** @param {Consensus} consensus */
function methodText({ used, spread }) {
  const count = Object.keys(used).length;
  if (count === 1) return "The one source that was not left out";
  return `Volume-weighted median of ${formatCount(count)} sources, spread ${formatSpread(spread)}`;
}
