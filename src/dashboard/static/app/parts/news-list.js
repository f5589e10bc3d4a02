/** @import { NewsItem } from "../types.js" */
import { h, outsideLink } from "../dom.js";
import { formatSigned } from "../format.js";
import { emptyState } from "./notices.js";
import { age } from "./time.js";

const NEUTRAL_WITHIN = 0.1;
const WORDS = { up: "Positive", down: "Negative", flat: "Neutral" };

/**
 * @param {NewsItem[]} news
 * @returns {HTMLElement}
 */
export function newsList(news) {
  if (news.length === 0) {
    return emptyState({ title: "No news", text: "No article named this asset lately." });
  }
  return h("ul", { class: "news-list" }, news.map(newsItem));
}

/** @param {NewsItem} item */
function newsItem(item) {
  return h(
    "li",
    { class: "news" },
    outsideLink(item.url, item.title, "news-title"),
    h(
      "p",
      { class: "news-foot" },
      h("span", {}, item.source),
      age(item.published_at),
      sentimentChip(item),
    ),
  );
}

/** @param {NewsItem} item */
function sentimentChip({ sentiment, sentiment_model }) {
  if (sentiment === null || sentiment === undefined) return null;
  const direction = Math.abs(sentiment) < NEUTRAL_WITHIN ? "flat" : sentiment > 0 ? "up" : "down";
  return h(
    "span",
    {
      class: "sentiment",
      data: { direction },
      title: sentiment_model ? `Measured by ${sentiment_model}` : null,
    },
    `${WORDS[direction]} ${formatSigned(sentiment)}`,
  );
}
