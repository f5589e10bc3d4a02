import { h } from "../dom.js";
import { formatCount } from "../format.js";
import { store } from "../store.js";
import { age } from "./time.js";

const MOST_SHOWN = 8;

/**
 * Whom the news name together with an asset, and how.
 *
 * @param {string} assetId
 * @param {any} entity of the view, null while no story named the asset
 */
export function relationsPanel(assetId, entity) {
  const relations = entity?.relations ?? [];
  if (relations.length === 0) {
    return h("p", { class: "panel-note" }, "The news named nobody together with this asset lately.");
  }
  return h(
    "div",
    { class: "relations" },
    h("ul", { class: "named-with-list" }, relations.slice(0, MOST_SHOWN).map(relation)),
    h(
      "p",
      { class: "panel-note" },
      `Of 30 days, from ${formatCount(entity.sources.length)} sources. `,
      h("a", { href: `/entity/asset/${encodeURIComponent(assetId)}` }, "All relationships"),
    ),
  );
}

/** @param {any} relation */
function relation({ with: other, kind, role, stories, last_seen }) {
  const told = kind.replaceAll("_", " ");
  return h(
    "li",
    { class: "named-with" },
    h(
      "a",
      {
        href: `/entity/${encodeURIComponent(other.type)}/${encodeURIComponent(other.name)}`,
      },
      nameOf(other),
    ),
    h("span", { class: "quiet" }, role === "object" ? `${told} this` : told),
    h(
      "span",
      { class: "named-with-foot" },
      `${formatCount(stories)} ${stories === 1 ? "story" : "stories"}, `,
      age(last_seen),
    ),
  );
}

/** @param {{type: string, name: string}} other */
function nameOf({ type, name }) {
  return type === "asset" ? (store.assets.get(name)?.name ?? name) : name;
}
