/** @import { NewsItem } from "../types.js" */
import { h, outsideLink } from "../dom.js";
import { formatSigned } from "../format.js";
import { emptyState } from "./notices.js";
import { age } from "./time.js";

const NEUTRAL_WITHIN = 0.1;
const WORDS = { up: "Positive", down: "Negative", flat: "Neutral" };
const MOST_SHOWN = 30;

/**
 * @param {number | null | undefined} tone -1..1
 * @returns {"up" | "down" | "flat"}
 */
export function toneOf(tone) {
  if (tone === null || tone === undefined || Math.abs(tone) < NEUTRAL_WITHIN) return "flat";
  return tone > 0 ? "up" : "down";
}

/**
 * @param {{sentiment: number | null}} item
 * @returns {string} "Positive +0.42"
 */
export function toneText({ sentiment }) {
  if (sentiment === null || sentiment === undefined) return "tone not measured";
  return `${WORDS[toneOf(sentiment)]} ${formatSigned(sentiment)}`;
}

/**
 * @param {NewsItem[]} news
 * @returns {HTMLElement}
 */
export function newsList(news) {
  if (news.length === 0) {
    return emptyState({ title: "No news", text: "No article named this asset lately." });
  }
  return h("ul", { class: "asset-news-list" }, news.slice(0, MOST_SHOWN).map(newsItem));
}

/** @param {NewsItem} item */
function newsItem(item) {
  return h(
    "li",
    { class: "asset-story", data: { url: item.url } },
    outsideLink(item.url, item.title, "asset-story-title"),
    h(
      "p",
      { class: "asset-story-foot" },
      h("span", {}, item.source),
      age(item.published_at),
      sentimentChip(item),
    ),
  );
}

/** @param {NewsItem} item */
function sentimentChip(item) {
  const { sentiment, sentiment_model } = item;
  if (sentiment === null || sentiment === undefined) return null;
  return h(
    "span",
    {
      class: "sentiment",
      data: { direction: toneOf(sentiment) },
      title: sentiment_model ? `Measured by ${sentiment_model}` : null,
    },
    toneText(item),
  );
}
