/** @import { NewsItem } from "../types.js" */
import { fill, h, oncePerFrame } from "../dom.js";
import { formatDayAndClock, parseTime } from "../format.js";
import { toneOf, toneText } from "../parts/news-list.js";

const WIDTH = 24; // of a mark, which the pointer must hit: closer ones become one
const MOST_TOLD = 4;

/**
 * The news of an asset as a row of marks below the chart. A mark tells its headlines with their
 * tone on hover and focus; arrow keys go from mark to mark.
 *
 * @param {(moment: string) => number | null} placeOf pixels from the left, null outside the view
 * @param {(story: NewsItem) => void} choose a mark was pressed: its newest story
 */
export function newsLane(placeOf, choose) {
  const list = h("ul", { class: "news-lane-marks", "aria-label": "News on the chart" });
  const tip = h("div", { class: "news-tip", id: "news-tip", role: "tooltip", hidden: true });
  const element = h("div", { class: "news-lane" }, list, tip);
  /** @type {NewsItem[]} */
  let stories = [];

  const hide = () => {
    tip.hidden = true;
  };
  const draw = () => {
    const groups = gather(stories, placeOf);
    const focused = list.contains(document.activeElement);
    fill(list, groups.map(mark));
    element.hidden = stories.length === 0;
    hide();
    const newest = [...list.querySelectorAll("button")].at(-1);
    if (newest) newest.tabIndex = 0;
    if (focused) newest?.focus({ preventScroll: true });
  };

  /** @param {{at: number, stories: NewsItem[]}} group */
  function mark({ at, stories: told }) {
    const tone = toneOf(mean(told));
    const count = told.length > 1 ? String(told.length) : "";
    const button = h(
      "button",
      {
        class: "news-mark",
        type: "button",
        tabindex: -1,
        "aria-label": `${count ? `${count} stories, newest: ` : ""}${told[0].title}, ${toneText(told[0])}`,
        "aria-describedby": "news-tip",
        data: { direction: tone },
        on: {
          click: () => choose(told[0]),
          focus: () => show(button, at, told),
          blur: hide,
          mouseenter: () => show(button, at, told),
        },
      },
      h("span", { class: "news-dot", "aria-hidden": "true" }, count),
    );
    const item = h("li", { class: "news-lane-mark" }, button);
    item.style.left = `${at - WIDTH / 2}px`;
    return item;
  }

  /**
   * @param {HTMLElement} button
   * @param {number} at
   * @param {NewsItem[]} told the newest first
   */
  function show(button, at, told) {
    fill(
      tip,
      told.slice(0, MOST_TOLD).map((story) =>
        h(
          "p",
          { class: "news-tip-story" },
          h("span", { class: "news-tip-title" }, story.title),
          h("span", { class: "news-tip-foot" }, footOf(story)),
        ),
      ),
      told.length > MOST_TOLD && h("p", { class: "news-tip-foot" }, `and ${told.length - MOST_TOLD} more`),
    );
    tip.hidden = false;
    const room = element.clientWidth - tip.offsetWidth;
    tip.style.left = `${Math.max(0, Math.min(at - tip.offsetWidth / 2, room))}px`;
  }

  element.addEventListener("mouseleave", hide);
  list.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return hide();
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [...list.querySelectorAll("button")];
    const next = all[all.indexOf(/** @type {any} */ (document.activeElement)) + step];
    if (!next) return;
    for (const one of all) one.tabIndex = one === next ? 0 : -1;
    next.focus();
  });

  return {
    element,
    /** @param {NewsItem[]} told */
    show(told) {
      stories = told;
      draw();
    },
    /** The chart shows other bars, or the same elsewhere. */
    moved: oncePerFrame(draw),
  };
}

/**
 * @param {NewsItem[]} stories
 * @param {(moment: string) => number | null} placeOf
 */
function gather(stories, placeOf) {
  /** @type {{at: number, stories: NewsItem[]}[]} */
  const groups = [];
  const placed = stories.flatMap((story) => {
    const at = placeOf(story.published_at);
    return at === null ? [] : [{ at, story }];
  });
  for (const { at, story } of placed.sort((a, b) => a.at - b.at)) {
    const last = groups.at(-1);
    if (last && at - last.at < WIDTH) last.stories.unshift(story);
    else groups.push({ at, stories: [story] });
  }
  return groups;
}

/** @param {NewsItem[]} told */
function mean(told) {
  const known = told.flatMap(({ sentiment }) => (sentiment === null ? [] : [sentiment]));
  return known.length ? known.reduce((sum, one) => sum + one, 0) / known.length : null;
}

/** @param {NewsItem} story */
function footOf(story) {
  const date = parseTime(story.published_at);
  return [story.source, date && formatDayAndClock(date), toneText(story)].filter(Boolean).join(" · ");
}
