import { h, svg } from "../dom.js";
import { formatCount, formatDayAndClock, formatSigned } from "../format.js";
import { toneOf } from "./news-list.js";
import { age } from "./time.js";

const WINDOWS = 28;
const [WIDTH, HEIGHT] = [336, 72];

/**
 * How often the news named an asset, and in which tone: a bar for each window of time.
 *
 * @param {any} mentions of the view
 * @param {string | null} newest when the newest story was published
 */
export function mentionsPanel({ points, window_seconds: seconds, as_of, n, tone, sources }, newest) {
  if (!n) return h("p", { class: "panel-note" }, "No story named this asset in the last days.");
  const known = new Map(points.map((/** @type {any} */ one) => [Date.parse(one.time) / 1000, one]));
  const last = Math.max(...known.keys(), Math.floor(Date.parse(as_of) / 1000 / seconds) * seconds);
  const windows = Array.from({ length: WINDOWS }, (_, place) => {
    const time = last - (WINDOWS - 1 - place) * seconds;
    return known.get(time) ?? { time: new Date(time * 1000).toISOString(), n: 0, tone: null };
  });
  return h(
    "div",
    { class: "mentions" },
    h(
      "p",
      { class: "mentions-text" },
      h("strong", {}, formatCount(n)),
      n === 1 ? " story, tone " : " stories, mean tone ",
      h("span", { class: "sentiment", data: { direction: toneOf(tone) } }, formatSigned(tone)),
    ),
    bars(windows),
    h(
      "p",
      { class: "panel-note mentions-axis", "aria-hidden": "true" },
      h("span", {}, formatDayAndClock(new Date(windows[0].time))),
      h("span", {}, "now"),
    ),
    h(
      "p",
      { class: "panel-note" },
      `Windows of ${seconds / 3600} h, from ${formatCount(Object.keys(sources).length)} sources, newest story `,
      age(newest),
    ),
    table(windows.filter((one) => one.n > 0)),
  );
}

/** @param {any[]} windows */
function bars(windows) {
  const most = Math.max(...windows.map((one) => one.n), 1);
  const step = WIDTH / windows.length;
  return svg(
    "svg",
    { class: "mentions-bars", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true", preserveAspectRatio: "none" },
    ...windows.map(({ n, tone }, place) => {
      const height = n ? Math.max((HEIGHT * n) / most, 3) : 1;
      return svg("rect", {
        class: `mentions-bar mentions-${n ? toneOf(tone) : "none"}`,
        x: place * step + 1,
        y: HEIGHT - height,
        width: step - 2,
        height,
      });
    }),
  );
}

/** @param {any[]} windows with stories */
function table(windows) {
  return h(
    "table",
    { class: "visually-hidden" },
    h("caption", {}, "Stories by window"),
    h(
      "thead",
      {},
      h("tr", {}, ["From", "Stories", "Tone"].map((name) => h("th", { scope: "col" }, name))),
    ),
    h(
      "tbody",
      {},
      windows.map(({ time, n, tone }) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, formatDayAndClock(new Date(time))),
          h("td", {}, formatCount(n)),
          h("td", {}, formatSigned(tone)),
        ),
      ),
    ),
  );
}
