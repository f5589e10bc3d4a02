import { change } from "../../api.js";
import { queued } from "../../offline.js";
import { navigate } from "../../router.js";
import { useEffect, useState } from "../../ui/preact.js";

const PATH = "/api/v1/watchlists";

/**
 * What a reader can do to his lists. A change shows at once and is sent; when it is refused, the
 * lists are shown as they are and the reader is told why.
 *
 * @param {import("../../ui/page.js").Loaded} view
 * @param {import("../../ui/undo.js").Undo} undo
 */
export function useChanges(view, undo) {
  const [busy, setBusy] = useState(false);

  /** @param {() => Promise<void>} work */
  const doing = async (work) => {
    undo.close(); // what came before is undone no more: it would take back this, too
    setBusy(true);
    try {
      await work();
    } catch (error) {
      undo.fail(error);
    } finally {
      await view.reload();
      setBusy(false);
    }
  };

  /** @param {any} list @param {{name?: string, assets?: string[]}} changes */
  const put = (list, { name = list.name, assets = list.assets }) =>
    queued("PUT", `${PATH}/${list.watchlist_id}`, { name, symbols: assets }, `Change ${list.name}`);

  /** @param {string} name @param {string[]} [assets] */
  const create = (name, assets = []) =>
    doing(async () => {
      const { watchlist_id } = await change("POST", PATH, { name, symbols: assets });
      undo.close();
      navigate(`/watchlists/${watchlist_id}`);
    });

  useEffect(offerBack, []);

  return {
    busy,
    create,
    /** @param {any} list @param {string} name */
    rename: (list, name) =>
      doing(async () => {
        await put(list, { name });
        undo.tell(`Renamed to ${name}.`, () => doing(async () => void (await put(list, {}))));
      }),
    /** @param {any} list @param {string[]} assets @param {string} [says] what was done, if it can be undone */
    rearrange: (list, assets, says) =>
      doing(async () => {
        await put(list, { assets });
        if (says) undo.tell(says, () => doing(async () => void (await put(list, {}))));
      }),
    /** @param {any} list */
    remove: (list) =>
      doing(async () => {
        await queued("DELETE", `${PATH}/${list.watchlist_id}`, undefined, `Remove ${list.name}`);
        removed = list;
        if (location.pathname === "/watchlists") offerBack();
        else navigate("/watchlists");
      }),
  };

  /** Says which list was removed just now, on the page that is shown since. */
  function offerBack() {
    const list = removed;
    removed = null;
    if (list) undo.tell(`Removed ${list.name}.`, () => create(list.name, list.assets));
  }
}

/** The list that was removed last, until a page says so. @type {any} */
let removed = null;
