import { change, get } from "../api.js";
import { Icon } from "../ui/icon.js";
import { html, useRef, useState } from "../ui/preact.js";
import { useUser } from "../ui/store.js";

const PATH = "/api/v1/watchlists";
const FIRST_LIST = "Watchlist";

/**
 * Puts an asset into the reader's watchlists, or takes it out.
 *
 * @param {{assetId: string, name: string}} properties
 */
export function WatchButton({ assetId, name }) {
  const { user } = useUser();
  const details = useRef(/** @type {any} */ (null));
  const turn = useRef(/** @type {Promise<any>} */ (Promise.resolve()));
  const [lists, setLists] = useState(/** @type {any[] | null} */ (null));
  const [told, setTold] = useState("");
  if (!user) {
    const next = encodeURIComponent(location.pathname + location.search);
    return html`<a class="button button-small" href=${`/login?next=${next}`}><${Icon} name="star" />Watch</a>`;
  }

  const load = () =>
    get(PATH).then(setLists, (error) => {
      setTold(error.message);
    });
  /** @param {() => Promise<unknown>} work @param {string} done */
  const doing = (work, done) => {
    // One after the other: the last choice is what stays.
    turn.current = turn.current
      .then(work)
      .then(() => setTold(done), (/** @type {Error} */ error) => setTold(error.message))
      .then(load);
  };
  /** @param {any} list @param {boolean} watched */
  const put = (list, watched) => {
    const others = list.assets.filter((/** @type {string} */ id) => id !== assetId);
    const symbols = watched ? [...others, assetId] : others;
    const path = `${PATH}/${encodeURIComponent(list.watchlist_id)}`;
    // Shown at once; what is stored is asked for behind it.
    setLists(lists?.map((one) => (one === list ? { ...one, assets: symbols } : one)) ?? null);
    doing(
      () => change("PUT", path, { name: list.name, symbols }),
      `${watched ? "Added to" : "Removed from"} ${list.name}.`,
    );
  };
  const make = () =>
    doing(
      () => change("POST", PATH, { name: FIRST_LIST, symbols: [assetId] }),
      `Added to a new list, ${FIRST_LIST}.`,
    );
  /** @param {KeyboardEvent} event */
  const close = (event) => {
    if (event.key !== "Escape" || !details.current.open) return;
    details.current.open = false;
    details.current.querySelector("summary").focus();
  };
  return html`<details class="watch" ref=${details} onKeyDown=${close}
    onToggle=${() => details.current.open && load()}>
    <summary class="button button-small"><${Icon} name="star" />Watch</summary>
    <div class="watch-menu">
      ${lists === null && !told && html`<p class="panel-note">Loading …</p>`}
      ${lists?.length === 0 && html`<button class="button button-wide" type="button" onClick=${make}>
        Start a watchlist with ${name}
      </button>`}
      ${lists?.map((list) => html`<label key=${list.watchlist_id} class="watch-choice">
        <input type="checkbox" checked=${list.assets.includes(assetId)}
          onChange=${(/** @type {any} */ event) => put(list, event.target.checked)} />
        ${list.name}
      </label>`)}
      <p class="panel-note" role="status">${told}</p>
    </div>
  </details>`;
}
