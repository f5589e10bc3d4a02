import { outsideLink } from "../dom.js";
import { store } from "../store.js";
import { Native } from "../ui/native.js";
import { html } from "../ui/preact.js";
import { Age } from "../ui/times.js";
import { toneOf, toneText } from "./news-list.js";

const MOST_NAMED = 6;

/** @param {{type: string, name: string}} entity */
export function entityPath({ type, name }) {
  return `/entity/${encodeURIComponent(type)}/${encodeURIComponent(name)}`;
}

/**
 * Stories with their tone and whom they mention.
 *
 * @param {{stories: any[]}} properties
 */
export function StoryList({ stories }) {
  return html`<ul class="stories">
    ${stories.map((story) => html`<${StoryItem} key=${story.id} story=${story} />`)}
  </ul>`;
}

/** @param {number} count */
function others(count) {
  return count === 1 ? "1 other" : `${count} others`;
}

/** @param {{type: string, name: string}} entity whose name, of an asset, is its id */
function nameOf({ type, name }) {
  return (type === "asset" && store.assets.get(name)?.name) || name;
}

/** @param {{story: any}} properties */
function StoryItem({ story }) {
  return html`<li class="story">
    <${Native} make=${() => outsideLink(story.url, story.title, "story-title")} />
    <p class="story-foot">
      <span>${story.publisher ?? story.attribution}</span>
      <${Age} at=${story.published_at} />
      ${story.published_is_estimated && html`<span title="The feed gave no time; this is when it was found.">estimated</span>`}
      ${story.duplicates > 0 && html`<span>also told by ${others(story.duplicates)}</span>`}
      <span
        class="sentiment"
        data-direction=${toneOf(story.sentiment)}
        title=${story.sentiment_model && `Measured by ${story.sentiment_model}`}
        >${toneText(story)}</span
      >
    </p>
    ${story.mentions.length > 0 &&
    html`<p class="story-mentions">
      ${story.mentions
        .slice(0, MOST_NAMED)
        .map(
          (/** @type {any} */ entity) =>
            html`<a key=${`${entity.type} ${entity.name}`} class="chip" href=${entityPath(entity)}>${nameOf(entity)}</a>`,
        )}
    </p>`}
  </li>`;
}
