import { formatCompact, formatCount, formatDuration, formatPrice, formatRate, formatSigned, parseTime, formatUtc } from "../../format.js";
import { html } from "../../ui/preact.js";
import { OutsideLink } from "../../ui/outside-link.js";
import { Change } from "./change.js";
import { Section, Table } from "./section.js";
import { Source } from "./source.js";

/** What rose and what fell most. @param {{moves: any}} properties */
export function Moves({ moves }) {
  const note = `${formatCount(moves.assets)} assets had a price at both ends.`;
  return html`<${Section} title="What moved" note=${note}>
    <div class="report-pair">
      <${MovesTable} title="Rose most" rows=${moves.up} />
      <${MovesTable} title="Fell most" rows=${moves.down} />
    </div>
  <//>`;
}

/** @param {{title: string, rows: any[]}} properties */
function MovesTable({ title, rows }) {
  return html`<${Table} title=${title} head=${["Asset", "#Change", "#Price", "Source"]}
    empty="No asset did."
    rows=${rows.map((row) => [
      row.asset_id,
      html`<a href=${`/asset/${encodeURIComponent(row.asset_id)}`}>${row.name}</a> <span class="quiet">${row.symbol}</span>`,
      html`<${Change} of=${row.change} />`,
      formatPrice(row.price),
      html`<${Source} of=${row} />`,
    ])} />`;
}

/** Where value was locked and taken out. @param {{locked: any}} properties */
export function Locked({ locked }) {
  const note = locked.protocols
    ? `Of ${formatCount(locked.protocols)} protocols, by the dollars that came and went.`
    : "";
  return html`<${Section} title="Value locked" note=${note}>
    <div class="report-pair">
      <${LockedTable} title="Most came" rows=${locked.up} />
      <${LockedTable} title="Most left" rows=${locked.down} />
    </div>
  <//>`;
}

/** @param {{title: string, rows: any[]}} properties */
function LockedTable({ title, rows }) {
  return html`<${Table} title=${title} head=${["Protocol", "#Dollars", "#Change", "#Locked", "Source"]}
    empty="Nothing that was told at both ends of the period."
    rows=${rows.map((row) => [
      row.key,
      row.name,
      html`<span class="change" data-direction=${row.difference > 0 ? "up" : "down"}>${row.difference > 0 ? "+" : "−"}${formatCompact(Math.abs(row.difference))}</span>`,
      html`<${Change} of=${row.change} />`,
      formatCompact(row.value),
      html`<${Source} of=${row} />`,
    ])} />`;
}

/** The stories that most told. @param {{tone: any, stories: any[]}} properties */
export function News({ tone, stories }) {
  const note = tone.n
    ? `Tone ${formatSigned(tone.tone)} over ${formatCount(tone.n)} stories of ${formatCount(tone.sources.length)} sources.`
    : "No story of this period has a tone.";
  return html`<${Section} title="News most told" note=${note}>
    <${Table} head=${["Story", "#Sources", "#Times", "#Tone", "First told by"]}
      empty="No story was told in this period."
      rows=${stories.map((row) => [
        row.id,
        html`<${OutsideLink} href=${row.url}>${row.title}<//>`,
        formatCount(row.sources),
        formatCount(row.times),
        row.sentiment === null ? "–" : formatSigned(row.sentiment),
        html`<span title=${utc(row.published_at)}>${row.source}, ${formatDuration(Math.max(0, row.age_seconds))} old</span>`,
      ])} />
  <//>`;
}

/** How the sources were in the period. @param {{rows: any[]}} properties */
export function Sources({ rows }) {
  const bad = rows.filter((row) => row.success_rate < 1).length;
  const note = rows.length
    ? `${bad ? `${formatCount(bad)} of ${formatCount(rows.length)} failed at times` : `All ${formatCount(rows.length)} answered every time`}.`
    : "";
  return html`<${Section} title="Health of the sources" note=${note}>
    <${Table} head=${["Source", "#Runs that succeeded", "#Rows", "Last run", "Data by"]}
      empty="No source was asked in this period."
      rows=${rows.map((row) => [
        row.source,
        html`<strong>${row.source}</strong>`,
        html`<span class="chip" data-tone=${row.success_rate < 0.9 ? "bad" : row.success_rate < 1 ? "warn" : "good"}>${formatRate(row.success_rate)}</span> ${formatCount(row.ok)} of ${formatCount(row.runs)}`,
        formatCount(row.parsed),
        html`<span title=${utc(row.observed_at)}>${formatDuration(Math.max(0, row.age_seconds))} before</span>`,
        html`<${OutsideLink} href=${row.attribution_url}>${row.attribution}<//>`,
      ])} />
  <//>`;
}

/** @param {string | null} iso */
function utc(iso) {
  const date = parseTime(iso);
  return date && formatUtc(date);
}
