/** @import { Signal } from "../types.js" */
import { eventList } from "../parts/event-list.js";
import { mutes } from "../parts/mutes.js";
import { freshnessNotice } from "../parts/notices.js";
import { hasProbability } from "../parts/confidence.js";
import { filtersOf, passesFilters, SignalFilters } from "../parts/signal-filters.js";
import { useSignalPages } from "../parts/use-signal-pages.js";
import { store } from "../store.js";
import { Native } from "../ui/native.js";
import { Empty, PageHead, Skeleton, useQuery, useView, View } from "../ui/page.js";
import { html, useEffect, useMemo, useReducer, useState } from "../ui/preact.js";

export default { title: "Signals", Page: SignalsPage };

function SignalsPage() {
  const [query, setQuery] = useQuery();
  const id = query.get("id");
  if (id) return html`<${SharedSignal} key=${id} id=${id} />`;
  const filters = filtersOf(query);
  return html`
    <${PageHead} title="Signals" lead="What moved, why, and how often such signals were followed by what they say." />
    <${Native} class="notice-place" make=${freshnessNotice} />
    <div class="signals-page">
      <${SignalFilters} filters=${filters} setQuery=${setQuery} />
      <${Feed} key=${JSON.stringify(filters)} filters=${filters} />
    </div>
  `;
}

/** @param {{filters: Record<string, string | null>}} properties */
function Feed({ filters }) {
  const pages = useSignalPages(filters, (signal) => passesFilters(filters, signal));
  const [showMuted, setShowMuted] = useState(false);
  useMutes();
  const { signals, waiting, next, older } = pages;
  const seen = showMuted ? signals : signals.filter((signal) => !mutes.hides(signal));
  const muted = signals.filter((signal) => mutes.hides(signal)).length;
  const empty = html`<${Empty}
    title="No signals"
    text=${Object.keys(filters).length
      ? "Nothing that fired passes these filters."
      : "Nothing unusual was measured. Signals appear here the moment they fire."}
  />`;
  return html`<section class="signals-feed" aria-label="Signals, newest first">
    <${View} of=${pages.view} skeleton=${html`<${Skeleton} rows=${8} />`}>
      ${() => html`
        <div class="signals-bar">
          <p class="panel-note">${summary(seen)}</p>
          ${muted > 0 && html`<button class="button button-small" type="button" aria-pressed=${String(showMuted)}
            onClick=${() => setShowMuted(!showMuted)}>${muted} muted, ${showMuted ? "hide" : "show"}</button>`}
        </div>
        ${waiting > 0 && html`<button class="button button-primary signals-waiting" type="button"
          onClick=${pages.showWaiting}>${waiting === 1 ? "1 new signal" : `${waiting} new signals`}</button>`}
        <${Events} signals=${signals} shown=${seen} fresh=${pages.fresh} />
        ${seen.length === 0 && !next && empty}
        ${next && html`<${Older} state=${older} none=${seen.length === 0} load=${pages.loadOlder} />`}
      `}
    <//>
  </section>`;
}

/** @param {{state: "idle" | "loading" | "failed", none: boolean, load: () => void}} properties */
function Older({ state, none, load }) {
  return html`<div class="signals-older">
    ${none && html`<p class="panel-note">None of the newest passes; older ones may.</p>`}
    ${state === "failed" && html`<p class="panel-note" role="alert">Older signals could not be loaded.</p>`}
    <button class="button" type="button" disabled=${state === "loading"} onClick=${load}>
      ${state === "loading" ? "Loading …" : state === "failed" ? "Try again" : "Older signals"}
    </button>
  </div>`;
}

/**
 * @param {{signals: Signal[], shown: Signal[], fresh?: string[], open?: string}} properties
 */
function Events({ signals, shown, fresh = [], open }) {
  const value = useMemo(() => ({ signals, shown, fresh }), [signals, shown, fresh.length]);
  return html`<${Native}
    value=${value}
    make=${() => {
      const list = eventList();
      const marked = new Set();
      let opened = false;
      return {
        element: list.element,
        update: (/** @type {typeof value} */ now) => {
          list.show(now.signals, now.shown);
          for (const id of now.fresh) if (!marked.has(id)) list.markFresh(id);
          now.fresh.forEach((id) => marked.add(id));
          if (open && !opened && now.shown.length) opened = list.open(open);
        },
      };
    }}
  />`;
}

/** One signal that somebody linked to, with the others of its event. @param {{id: string}} properties */
function SharedSignal({ id }) {
  const view = useView("signals", { id }, { live: ["overview"] });
  const [ends, setEnds] = useState(/** @type {Map<string, Signal>} */ (new Map()));
  useEffect(() => {
    const lifetime = new AbortController();
    store.on("ended", (signal) => setEnds((now) => new Map(now).set(signal.id, signal)), lifetime.signal);
    return () => lifetime.abort();
  }, []);
  return html`
    <${PageHead} title="Signal"><a class="button button-small" href="/signals">All signals</a><//>
    <div class="signals-shared">
      <${View} of=${view} skeleton=${html`<${Skeleton} rows=${1} />`}>
        ${(/** @type {{signals: Signal[]}} */ { signals }) => {
          const now = signals.map((one) => ({ ...one, ended_at: one.ended_at ?? ends.get(one.id)?.ended_at ?? null }));
          return html`<${Events} signals=${now} shown=${now} open=${id} />`;
        }}
      <//>
    </div>
  `;
}

/** Shows the component again when the reader mutes something. */
function useMutes() {
  const [, renew] = useReducer((/** @type {number} */ n) => n + 1, 0);
  useEffect(() => {
    const again = () => renew(0);
    mutes.addEventListener("change", again);
    return () => mutes.removeEventListener("change", again);
  }, []);
}

/**
 * @param {Signal[]} signals
 * @returns {string} how far to believe them, all together
 */
function summary(signals) {
  if (signals.length === 0) return "";
  const known = signals.filter(({ metadata }) => hasProbability(metadata.calibration));
  const edge = known.filter(({ metadata }) => metadata.calibration?.edge).length;
  const told = [
    `${edge || "none"} of a kind that beats the base rate`,
    known.length > edge && `${known.length - edge} without an edge`,
    signals.length > known.length && `${signals.length - known.length} too seldom judged to tell`,
  ];
  const all = signals.length === 1 ? "1 signal" : `${signals.length} signals`;
  return `${all}: ${told.filter(Boolean).join(", ")}.`;
}
