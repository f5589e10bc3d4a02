import { get } from "../api.js";
import { oncePerFrame } from "../dom.js";
import { freshnessNotice } from "../parts/notices.js";
import { Market } from "../screener/model.js";
import { saveCsv } from "../screener/csv.js";
import { readState, sortedBy } from "../screener/state.js";
import { screenerTable, tellCount } from "../screener/table.js";
import { Chooser, Filters, TextFilter } from "../screener/tools.js";
import { store } from "../store.js";
import { Icon } from "../ui/icon.js";
import { Native } from "../ui/native.js";
import { Empty, PageHead, useQuery, useView, View } from "../ui/page.js";
import { html, useEffect, useMemo, useRef, useState } from "../ui/preact.js";
import { useUser } from "../ui/store.js";

function Page() {
  const view = useView("market", {}, { live: ["overview"] });
  return html`
    <${PageHead} title="Market" />
    <${Native} class="notice-place" make=${freshnessNotice} />
    <${View}
      of=${view}
      skeleton=${html`<span class="skeleton screener-skeleton" aria-busy="true"></span>`}
      isEmpty=${(/** @type {any} */ data) => data.columns.asset_id.length === 0}
      empty=${html`<${Empty} title="No prices yet" text="The first tick is collected within 15 minutes." />`}
    >
      ${(/** @type {any} */ data, /** @type {any} */ meta) => html`<${Screener} data=${data} meta=${meta} />`}
    <//>
  `;
}

/** @param {{data: any, meta: any}} properties */
function Screener({ data, meta }) {
  const [query, setQuery] = useQuery();
  const state = readState(query);
  const listed = useWatchlist(state.watchlist);
  const market = useMemo(() => new Market(data, meta), [data]);
  const count = useRef(/** @type {any} */ (null));
  const told = useRef(/** @type {any} */ ({}));
  const [empty, setEmpty] = useState(false);

  // What the handlers below, which outlive a rendering, are to use.
  told.current.market = market;
  told.current.state = state;
  told.current.listed = listed;
  told.current.setQuery = setQuery;

  const show = () => {
    const now = told.current;
    const asked = `${location.search} ${now.listed?.size}`;
    now.order = now.market.arrange(now.state, now.listed);
    now.table?.update(now.market, now.state, now.order, asked !== now.shown);
    now.shown = asked;
    if (count.current) tellCount(count.current, now.order.length, now.market.size);
    setEmpty(now.order.length === 0);
  };
  useEffect(show);
  useEffect(() => {
    const lifetime = new AbortController();
    const showSoon = oncePerFrame(() => lifetime.signal.aborted || show());
    store.on(
      "tick",
      (assets) => {
        told.current.market.takeTick(assets, store.tick);
        showSoon();
      },
      lifetime.signal,
    );
    store.on(
      "signal",
      (signal) => {
        told.current.market.takeSignal(signal);
        showSoon();
      },
      lifetime.signal,
    );
    return () => lifetime.abort();
  }, []);

  const make = (/** @type {AbortSignal} */ lifetime) => {
    const sort = (/** @type {string} */ key) => told.current.setQuery(sortedBy(key, told.current.state));
    told.current.table = screenerTable(lifetime, sort);
    return told.current.table.element;
  };
  return html`
    <div class="toolbar market-tools">
      <${TextFilter} text=${state.text} set=${setQuery} />
      <p class="market-count" role="status" ref=${count}></p>
      <${Chooser} chosen=${state.columns} set=${setQuery} />
      <button class="button" type="button" disabled=${empty} onClick=${() => saveCsv(market, told.current.order)}>
        <${Icon} name="download" />CSV
      </button>
      <${Filters} state=${state} set=${setQuery} />
    </div>
    <${Native} class=${empty ? "screener screener-none" : "screener"} make=${make} />
    ${empty && html`<${Empty} title="No asset matches" text="Change the filters to see more." />`}
  `;
}

/**
 * @param {string | null} id
 * @returns {Set<string> | null} its assets; none while they are not known
 */
function useWatchlist(id) {
  const { user } = useUser();
  const [assets, setAssets] = useState(/** @type {Set<string>} */ (new Set()));
  useEffect(() => {
    setAssets(new Set());
    if (!id || !user) return;
    const lifetime = new AbortController();
    get(`/api/v1/watchlists/${encodeURIComponent(id)}`, lifetime.signal).then(
      ({ rows, assets: all }) => setAssets(new Set(all ?? rows.map((/** @type {any} */ row) => row.asset_id))),
      () => {},
    );
    return () => lifetime.abort();
  }, [id, user]);
  return id === null ? null : assets;
}

export default { title: "Market", Page };
