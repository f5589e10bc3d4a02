/**
 * A rule while it is written: what the form holds, what is sent of it, and what it says in words.
 *
 * @typedef {object} Draft
 * @property {string} name
 * @property {string[]} types empty for all
 * @property {"any" | "symbols" | "watchlist"} about
 * @property {string[]} symbols ids of assets
 * @property {string | null} watchlist_id
 * @property {"up" | "down" | null} direction
 * @property {number | null} least_score
 * @property {number | null} min_confidence 0..1
 * @property {number} cooldown_seconds
 * @property {boolean} active
 * @property {string | null} snoozed_until
 * @property {string[]} webhooks
 */
import { formatDuration, formatPlain, formatRate } from "../../format.js";
import { store } from "../../store.js";
import { typeLabel } from "../signal-types.js";

const or = new Intl.ListFormat("en", { type: "disjunction" });

/** @returns {Draft} */
export const newDraft = () => ({
  name: "",
  types: [],
  about: "any",
  symbols: [],
  watchlist_id: null,
  direction: null,
  least_score: null,
  min_confidence: null,
  cooldown_seconds: 3600,
  active: true,
  snoozed_until: null,
  webhooks: [],
});

/** @param {any} rule as the API tells it @returns {Draft} */
export function draftOf(rule) {
  const { types, symbols, watchlist_id } = rule;
  return {
    ...newDraft(),
    ...Object.fromEntries(Object.keys(newDraft()).flatMap((name) => (name in rule ? [[name, rule[name]]] : []))),
    types: types === "all" ? [] : types,
    about: watchlist_id ? "watchlist" : symbols === "any" ? "any" : "symbols",
    symbols: Array.isArray(symbols) ? symbols : [],
  };
}

/** @param {Draft} draft @returns {object} what is tried, and with more what is stored */
export function conditionOf({ types, about, symbols, watchlist_id, direction, least_score, min_confidence, cooldown_seconds }) {
  return {
    types: types.length ? types : "all",
    symbols: about === "symbols" ? symbols : "any",
    ...(about === "watchlist" && { watchlist_id }),
    direction,
    least_score,
    min_confidence,
    cooldown_seconds,
  };
}

/** @param {Draft} draft @returns {object} */
export const ruleOf = (draft) => ({
  ...conditionOf(draft),
  name: draft.name.trim(),
  active: draft.active,
  snoozed_until: draft.snoozed_until,
  webhooks: draft.webhooks,
});

/** @param {Draft} draft @returns {string} what keeps it from being tried; empty when nothing does */
export function whatLacks({ about, symbols, watchlist_id }) {
  if (about === "symbols" && symbols.length === 0) return "Choose an asset, or any asset.";
  if (about === "watchlist" && !watchlist_id) return "Choose a watchlist.";
  return "";
}

/**
 * @param {Draft} draft
 * @param {any[]} watchlists
 * @returns {string} what the rule does
 */
export function sentenceOf(draft, watchlists) {
  const what = draft.types.length ? or.format(draft.types.map((type) => typeLabel(/** @type {any} */ (type)).toLowerCase())) : "signal of any kind";
  const way = draft.direction ? ` that goes ${draft.direction}` : "";
  const strong = [
    draft.least_score && `at least ${formatPlain(draft.least_score)} times as strong as its threshold`,
    draft.min_confidence && `with a confidence of at least ${formatRate(draft.min_confidence)}`,
  ].filter(Boolean);
  const silent = draft.cooldown_seconds
    ? `silent on that asset for ${formatDuration(draft.cooldown_seconds)}`
    : "silent on that asset until that signal is over";
  const article = /^[aeiou]/.test(what) ? "an" : "a";
  return `Tells you of ${article} ${what}${way} on ${subjectOf(draft, watchlists)}${strong.length ? `, ${strong.join(" and ")}` : ""}; then it is ${silent}.`;
}

/** @param {Draft} draft @param {any[]} watchlists */
function subjectOf({ about, symbols, watchlist_id }, watchlists) {
  if (about === "watchlist") {
    const list = watchlists.find((one) => one.watchlist_id === watchlist_id);
    return list ? `any asset of the watchlist ${list.name}` : "the assets of a watchlist";
  }
  if (about === "any") return "any asset";
  const names = symbols.map(assetName);
  if (names.length > 4) return or.format([...names.slice(0, 3), `${names.length - 3} others`]);
  return names.length ? or.format(names) : "no asset yet";
}

/** @param {string} id */
export const assetName = (id) => (id === "market" ? "the market as a whole" : (store.assets.get(id)?.name ?? id));
