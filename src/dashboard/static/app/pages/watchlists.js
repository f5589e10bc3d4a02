import { Failure, PageHead, SignInFirst, Skeleton, useView, View } from "../ui/page.js";
import { html, useState } from "../ui/preact.js";
import { useUser } from "../ui/store.js";
import { UndoBar, useUndo } from "../ui/undo.js";
import { Assets } from "../parts/watchlists/assets.js";
import { ListHead } from "../parts/watchlists/list-head.js";
import { Lists } from "../parts/watchlists/lists.js";
import { ListSignals } from "../parts/watchlists/list-signals.js";
import { useChanges } from "../parts/watchlists/changes.js";

/**
 * The reader's lists of assets: one of them with its prices and signals, all of them beside it.
 *
 * @param {{parameters: (string | undefined)[]}} properties
 */
function Watchlists({ parameters: [chosen] }) {
  const { user, known } = useUser();
  return html`
    <${PageHead} title="Watchlists"
      lead="The assets you follow, in your order, with live prices and what fired on them. Alert rules can follow a list." />
    ${!known ? html`<${Skeleton} />` : user ? html`<${Own} key=${user.email} chosen=${chosen ?? null} />` : html`<${Visitor} />`}
  `;
}

function Visitor() {
  return html`<${SignInFirst} title="Sign in to keep watchlists"
    text="A watchlist holds the assets you follow: their prices live, their signals in one place, and alert rules that follow the list as it changes." />`;
}

/** @param {{chosen: string | null}} properties */
function Own({ chosen }) {
  const view = useView("watchlists", { watchlist_id: chosen }, { live: ["signal", "ended"] });
  const undo = useUndo();
  const changes = useChanges(view, undo);
  const [arranging, setArranging] = useState(false);
  if (view.status === "failed" && view.error?.status === 404 && chosen) {
    return html`<${UndoBar} of=${undo} /><${Failure} error=${view.error} retry=${view.reload} />
      <p class="watch-back"><a class="button" href="/watchlists">All watchlists</a></p>`;
  }
  return html`
    <${UndoBar} of=${undo} />
    <${View} of=${view}>${(/** @type {any} */ data) => {
      const list = data.lists.find((/** @type {any} */ one) => one.watchlist_id === data.chosen);
      return html`<div class="watch" data-empty=${data.lists.length === 0 ? "" : null}>
        <${Lists} lists=${data.lists} chosen=${data.chosen} create=${changes.create} />
        ${list && html`<section class="panel watch-list" aria-label=${list.name} key=${list.watchlist_id}>
          <${ListHead} list=${list} changes=${changes} arranging=${arranging} arrange=${() => setArranging(!arranging)} />
          <${Assets} list=${list} view=${data} changes=${changes} arranging=${arranging} />
        </section>
        <${ListSignals} signals=${data.signals} hasAssets=${list.assets.length > 0} />`}
      </div>`;
    }}<//>`;
}

export default { title: "Watchlists", Page: Watchlists };
