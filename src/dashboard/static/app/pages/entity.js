import { formatCount, formatSigned } from "../format.js";
import { keyOf, kindText, RelationshipGraph } from "../parts/relationship-graph.js";
import { entityPath, StoryList } from "../parts/story-list.js";
import { eventList } from "../parts/event-list.js";
import { toneOf } from "../parts/news-list.js";
import { Panel } from "../ui/figures.js";
import { LineChart } from "../ui/line-chart.js";
import { Native } from "../ui/native.js";
import { Empty, PageHead, Skeleton, useView, View } from "../ui/page.js";
import { html, useMemo } from "../ui/preact.js";
import { Age } from "../ui/times.js";

const MOST_LISTED = 20;
const ONE_PAGE = 25; // of stories, as the view tells them

/** @param {{parameters: string[]}} properties */
function Entity({ parameters: [type, name] }) {
  const view = useView("entity", { type, name });
  const label = view.data?.label ?? name;
  return html`
    <${PageHead} title=${label}>
      <span class="chip">${type}</span>
      ${type === "asset" && html`<a class="button" href=${`/asset/${encodeURIComponent(name)}`}>Prices and chart</a>`}
    <//>
    <${View} of=${view} skeleton=${html`<${Skeleton} rows=${8} />`}>
      ${(/** @type {any} */ data) => html`<${Told} data=${data} />`}
    <//>
  `;
}

/** @param {{data: any}} properties */
function Told({ data }) {
  const { entity, days, label, stories, signals } = data;
  return html`
    <div class="grid-2">
      <${Mentions} days=${days} entity=${entity} />
      <${Panel} title="Told of together, 30 days">
        ${entity.relations.length === 0
          ? html`<${Empty} title="With nobody so far" text="No story of the last 30 days names another entity beside this one." />`
          : html`<${RelationshipGraph} label=${label} relations=${entity.relations} />`}
      <//>
    </div>
    ${entity.relations.length > 0 && html`<${Relations} rows=${entity.relations.slice(0, MOST_LISTED)} />`}
    ${signals.length > 0 &&
    html`<${Panel} title="Signals">
      <${Native} value=${signals} make=${() => signalList(signals)} />
    <//>`}
    <${Panel} title="Stories">
      ${stories.length === 0
        ? html`<${Empty} title="No story" text="None of the last days names it." />`
        : html`<${StoryList} stories=${stories} />`}
      ${stories.length >= ONE_PAGE && html`<p class="more"><a class="button" href=${`/news?entity=${encodeURIComponent(entity.name)}`}>All stories</a></p>`}
    <//>
  `;
}

/** @param {any[]} signals */
function signalList(signals) {
  const list = eventList({ linkAsset: false });
  list.show(signals);
  return { element: list.element, update: list.show };
}

/** @param {{days: any[], entity: any}} properties */
function Mentions({ days, entity }) {
  const told = entity.mentions.reduce((/** @type {number} */ sum, /** @type {any} */ { count }) => sum + count, 0);
  const seen = entity.mentions.map((/** @type {any} */ one) => one.last_seen).sort().at(-1) ?? null;
  const lines = useMemo(
    () => [{ name: "Stories", points: days.map(({ day, stories }) => [Date.parse(day) / 1000, stories]) }],
    [days],
  );
  const last = days.at(-1);
  return html`<${Panel} title="Mentions a day">
    <p class="panel-note">
      ${formatCount(told)} stories in all, from ${entity.sources.join(", ")}; the last one${" "}<${Age} at=${seen} />.
      ${last && html` Tone of the last day: <span class="sentiment" data-direction=${toneOf(last.tone)}>${formatSigned(last.tone)}</span>`}
    </p>
    ${days.length > 0 && html`<${LineChart} label="Stories a day" lines=${lines} write=${formatCount} />`}
  <//>`;
}

/** @param {{rows: any[]}} properties */
function Relations({ rows }) {
  return html`<${Panel} title="Relations">
    <div class="table-place" tabindex="0" role="group" aria-label="Relations">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">With</th>
            <th scope="col">What they are</th>
            <th scope="col">How</th>
            <th scope="col" class="number">Stories</th>
            <th scope="col">Last</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) => html`<tr key=${keyOf(row)}>
              <td><a href=${entityPath(row.with)}>${row.with.name}</a></td>
              <td>${row.with.type}</td>
              <td>${kindText(row.kind)}</td>
              <td class="number">${formatCount(row.stories)}</td>
              <td><${Age} at=${row.last_seen} /></td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  <//>`;
}

export default { title: "Entity", Page: Entity };
