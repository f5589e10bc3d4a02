/** @import { Asset } from "../types.js" */
import { fill, h } from "../dom.js";
import { formatPrice } from "../format.js";
import { icon } from "../icons.js";
import { navigate } from "../router.js";
import { store } from "../store.js";
import { assetBadge } from "./asset-badge.js";

const RESULTS = 8;

/**
 * Search by name or symbol: a combobox whose options are assets; `/` focuses it from anywhere.
 *
 * @returns {HTMLElement}
 */
export function searchBox() {
  const input = h("input", {
    class: "search-input",
    type: "text",
    placeholder: "Search assets",
    autocomplete: "off",
    spellcheck: "false",
    role: "combobox",
    "aria-label": "Search assets by name or symbol",
    "aria-expanded": "false",
    "aria-controls": "search-results",
    "aria-autocomplete": "list",
    "aria-keyshortcuts": "/",
  });
  const list = h("ul", {
    class: "search-results",
    id: "search-results",
    role: "listbox",
    "aria-label": "Assets",
    hidden: true,
  });
  /** @type {Asset[]} */
  let found = [];
  let active = 0;

  const render = () => {
    const open = input.value.trim() !== "" && document.activeElement === input;
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) return input.removeAttribute("aria-activedescendant");
    found = findAssets(input.value);
    active = Math.min(active, Math.max(0, found.length - 1));
    fill(
      list,
      found.length ? found.map((asset, index) => option(asset, index === active)) : nothing(),
    );
    if (found.length) input.setAttribute("aria-activedescendant", optionId(found[active]));
    else input.removeAttribute("aria-activedescendant");
  };
  /** @param {Asset | undefined} asset */
  const open = (asset) => {
    if (!asset) return;
    input.value = "";
    input.blur();
    navigate(`/asset/${encodeURIComponent(asset.asset_id)}`);
  };

  input.addEventListener("input", () => {
    active = 0;
    render();
  });
  input.addEventListener("focus", () => {
    render();
    store.loadAssets().then(render);
  });
  input.addEventListener("blur", render);
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) {
      active = (active + step + found.length) % found.length;
      event.preventDefault();
      render();
    } else if (event.key === "Enter" && !list.hidden) {
      open(found[active]);
    } else if (event.key === "Escape") {
      input.value = "";
      input.blur();
    }
  });
  // Before the input loses focus, or the list would be gone when the click arrives.
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const chosen = /** @type {Element} */ (event.target).closest("[role=option]");
    open(found.find((asset) => chosen?.id === optionId(asset)));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (/** @type {Element} */ (event.target).closest("input, select, textarea")) return;
    event.preventDefault();
    input.focus();
  });
  return h(
    "search",
    { class: "search" },
    icon("search", "search-icon"),
    input,
    h("kbd", { class: "search-key", "aria-hidden": "true" }, "/"),
    list,
  );
}

/**
 * Symbols before names, beginnings before middles, larger before smaller.
 *
 * @param {string} text
 * @returns {Asset[]}
 */
function findAssets(text) {
  const wanted = text.trim().toLocaleLowerCase();
  /** @param {Asset} asset */
  const rank = (asset) => {
    const symbol = asset.symbol.toLocaleLowerCase();
    const name = asset.name.toLocaleLowerCase();
    if (symbol === wanted) return 0;
    if (symbol.startsWith(wanted)) return 1;
    if (name.startsWith(wanted)) return 2;
    return name.includes(wanted) || symbol.includes(wanted) ? 3 : 4;
  };
  return [...store.assets.values()]
    .map((asset) => ({ asset, rank: rank(asset) }))
    .filter((candidate) => candidate.rank < 4)
    .sort((a, b) => a.rank - b.rank || (b.asset.market_cap ?? 0) - (a.asset.market_cap ?? 0))
    .slice(0, RESULTS)
    .map((candidate) => candidate.asset);
}

/** @param {Asset} asset */
const optionId = (asset) => `search-${asset.asset_id}`;

/**
 * @param {Asset} asset
 * @param {boolean} active
 */
function option(asset, active) {
  return h(
    "li",
    {
      class: "search-option",
      role: "option",
      id: optionId(asset),
      "aria-selected": String(active),
    },
    assetBadge(asset.symbol),
    h("span", { class: "search-name" }, asset.name),
    h("span", { class: "search-symbol" }, asset.symbol),
    h("span", { class: "search-price" }, formatPrice(asset.price)),
  );
}

function nothing() {
  return h(
    "li",
    { class: "search-nothing", role: "option", "aria-disabled": "true", "aria-selected": "false" },
    "No asset of that name",
  );
}
