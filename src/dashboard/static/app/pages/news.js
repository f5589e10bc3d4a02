import { formatCount, formatPlain, formatSigned } from "../format.js";
import { entityPath, StoryList } from "../parts/story-list.js";
import { toneOf } from "../parts/news-list.js";
import { Panel } from "../ui/figures.js";
import { LineChart } from "../ui/line-chart.js";
import { MoreButton, useOlder } from "../ui/older.js";
import { Empty, PageHead, Skeleton, useQuery, useView, View } from "../ui/page.js";
import { html, useMemo } from "../ui/preact.js";
import { Age } from "../ui/times.js";

const TONES = [
  { value: "", label: "Any tone", bounds: {} },
  { value: "positive", label: "Positive", bounds: { min_sentiment: "0.1" } },
  { value: "negative", label: "Negative", bounds: { max_sentiment: "-0.1" } },
];

function News() {
  const [query, setQuery] = useQuery();
  const entity = query.get("entity") ?? "";
  const tone = TONES.find(({ value }) => value === query.get("tone")) ?? TONES[0];
  const source = query.get("source") ?? "";
  const parameters = /** @type {Record<string, string>} */ ({
    ...(entity && { entity }),
    ...(source && { source }),
    ...tone.bounds,
  });
  const view = useView("news", parameters);
  const older = useOlder("news", parameters, view.meta?.next ?? null, (data) => data.stories);
  const sources = Object.keys(view.data?.sentiment?.sources ?? {}).sort();
  const choose = (/** @type {string} */ name) => (/** @type {any} */ event) => setQuery({ [name]: event.target.value });
  return html`
    <${PageHead} title="News" lead="Each story once, however many publish it; its tone is measured by a model that is named." />
    <form class="toolbar" role="search" onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
      <input class="input" type="search" aria-label="Who is mentioned" placeholder="Mentions, e.g. Binance"
        maxlength="80" value=${entity} onChange=${choose("entity")} />
      <select class="input" aria-label="Tone" value=${tone.value} onChange=${choose("tone")}>
        ${TONES.map(({ value, label }) => html`<option key=${value} value=${value}>${label}</option>`)}
      </select>
      <select class="input" aria-label="Source" value=${source} onChange=${choose("source")}>
        <option value="">All sources</option>
        ${[...new Set([...sources, ...(source ? [source] : [])])].map(
          (name) => html`<option key=${name} value=${name}>${name}</option>`,
        )}
      </select>
    </form>
    <${View} of=${view} skeleton=${html`<${Skeleton} rows=${10} />`}>
      ${(/** @type {any} */ data) => html`<div class="news-columns">
        <${Panel} title="Stories">
          ${data.stories.length === 0
            ? html`<${Empty} title="No story like this" text="Loosen a filter, or come back after the next tick." />`
            : html`<${StoryList} stories=${[...data.stories, ...older.rows]} />`}
          <${MoreButton} older=${older} label="Show older stories" />
        <//>
        <div class="news-aside">
          <${Tone} sentiment=${data.sentiment} />
          <${MostTold} rows=${data.most_told} />
        </div>
      </div>`}
    <//>
  `;
}

/** @param {{sentiment: any}} properties */
function Tone({ sentiment }) {
  const lines = useMemo(
    () => [
      {
        name: "Tone",
        points: (sentiment?.points ?? []).map((/** @type {any} */ { time, tone }) => [Date.parse(time) / 1000, tone]),
      },
    ],
    [sentiment],
  );
  if (!sentiment || sentiment.n === 0) return null;
  return html`<${Panel} title="Tone of the news, 7 days">
    <p class="tone-now" data-direction=${toneOf(sentiment.tone)}>${formatSigned(sentiment.tone)}</p>
    <p class="panel-note">
      Mean of ${formatCount(sentiment.n)} stories, from −1 to 1, by
      ${` ${Object.keys(sentiment.models).join(", ")}`}. As of <${Age} at=${sentiment.as_of} />.
    </p>
    <${LineChart} label="Tone of the news" lines=${lines} height=${140} range=${[-1, 1]} write=${formatSigned} />
  <//>`;
}

/** @param {{rows: any[] | null}} properties */
function MostTold({ rows }) {
  if (!rows || rows.length === 0) return null;
  return html`<${Panel} title="Most told of, 24 h">
    <div class="table-place">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Who</th>
            <th scope="col" class="number">Stories</th>
            <th scope="col" class="number" title="A day of the week before">Usual</th>
            <th scope="col" class="number">Tone</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) => html`<tr key=${`${row.type} ${row.name}`}>
              <td><a href=${entityPath(row)}>${row.label}</a></td>
              <td class="number">${formatCount(row.stories)}</td>
              <td class="number">${formatPlain(row.usual)}</td>
              <td class="number"><span class="sentiment" data-direction=${toneOf(row.tone)}>${formatSigned(row.tone)}</span></td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  <//>`;
}

export default { title: "News", Page: News };
