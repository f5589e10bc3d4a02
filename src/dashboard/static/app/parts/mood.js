/** @import { BeyondNumber, Mood } from "../types.js" */
import { formatCount, formatPlain, formatSigned } from "../format.js";
import { html } from "../ui/preact.js";
import { Age, Freshness } from "../ui/times.js";
import { Gauge } from "./gauge.js";

const DAY = 86_400;
const INDEX_IS_OLD = 2 * DAY; // it is of a day
const SLIGHT = 0.05; // a mean tone nearer to nothing than this is neither good nor bad
const WIDEST = 0.5; // a mean tone of many stories hardly ever leaves -0.5 to 0.5
const [WIDTH, HEIGHT] = [128, 34];

/**
 * Which mood the market is in: the index of fear and greed, and the tone of the news.
 *
 * @param {{index: BeyondNumber | undefined, mood: Mood | null}} properties
 */
export function MoodPanel({ index, mood }) {
  return html`<section class="panel mood" aria-labelledby="mood-title">
    <h2 class="visually-hidden" id="mood-title">Mood of the market</h2>
    <${FearAndGreed} index=${index} />
    <${NewsTone} mood=${mood} />
  </section>`;
}

/** @param {{index: BeyondNumber | undefined}} properties */
function FearAndGreed({ index }) {
  return html`<div class="mood-part" data-mood="fear_greed">
    <h3 class="mood-label">Fear and greed</h3>
    ${index
      ? html`<${Gauge} share=${index.value / 100} />
          <p class="mood-value">${formatPlain(index.value)} <span class="mood-word">${index.label}</span></p>
          <p class="mood-note">
            <a href=${index.attribution_url} target="_blank" rel="noopener noreferrer">${index.attribution}</a>${" "}
            <${Freshness} at=${index.observed_at} after=${INDEX_IS_OLD} />
          </p>`
      : html`<p class="mood-none">The index was not told within two days.</p>`}
  </div>`;
}

/** @param {{mood: Mood | null}} properties */
function NewsTone({ mood }) {
  const tone = mood?.tone ?? null;
  return html`<div class="mood-part" data-mood="sentiment">
    <h3 class="mood-label">News sentiment, 24 h</h3>
    ${mood && tone !== null
      ? html`<${Trend} points=${mood.points} />
          <p class="mood-value">${formatSigned(tone)} <span class="mood-word">${wordOf(tone)}</span></p>
          <p class="mood-note">
            ${formatCount(mood.n)} ${mood.n === 1 ? "story" : "stories"} of${" "}
            ${formatCount(Object.keys(mood.sources).length)} ${Object.keys(mood.sources).length === 1 ? "source" : "sources"},
            newest <${Age} at=${mood.newest_at} />
          </p>
          <p class="mood-note">${comparedWith(mood)}</p>`
      : html`<p class="mood-none">No story was judged within a day.</p>`}
  </div>`;
}

/** A bar for each two hours, up for good news. @param {{points: Mood["points"]}} properties */
function Trend({ points }) {
  const step = WIDTH / 12;
  const last = Date.parse(points.at(-1)?.time ?? "");
  const middle = HEIGHT / 2;
  return html`<svg class="tone-trend" viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label=${spoken(points)}>
    <path class="tone-zero" d=${`M0 ${middle}H${WIDTH}`} />
    ${points.map(({ time, tone, n }) => {
      const back = Math.round((last - Date.parse(time)) / 7_200_000);
      const size = Math.max(1.5, Math.min(1, Math.abs(tone) / WIDEST) * (middle - 1));
      return html`<rect
        key=${time}
        class="tone-bar"
        data-direction=${tone < -SLIGHT ? "down" : tone > SLIGHT ? "up" : "flat"}
        x=${(WIDTH - (back + 1) * step + 1.5).toFixed(1)}
        y=${(tone < 0 ? middle : middle - size).toFixed(1)}
        width=${(step - 3).toFixed(1)}
        height=${size.toFixed(1)}
      ><title>${`${formatSigned(tone)}, ${n} stories`}</title></rect>`;
    })}
  </svg>`;
}

/** @param {Mood["points"]} points */
const spoken = (points) =>
  `Tone by two hours, the oldest first: ${points.map(({ tone }) => formatSigned(tone)).join(", ")}`;

/** @param {number} tone */
const wordOf = (tone) => (tone > SLIGHT ? "Positive" : tone < -SLIGHT ? "Negative" : "Neutral");

/** @param {Mood} mood */
function comparedWith({ tone, before }) {
  if (before.tone === null || tone === null) return "No stories the day before to compare with.";
  const stories = `${formatCount(before.n)} ${before.n === 1 ? "story" : "stories"}`;
  const difference = formatSigned(tone - before.tone);
  return `${difference} against the day before (${formatSigned(before.tone)}, ${stories})`;
}
