import { get } from "../../api.js";
import { useCallback, useEffect, useRef, useState } from "../../ui/preact.js";
import { useView } from "../../ui/page.js";

/**
 * Loads a report: as it was made (a view of the dashboard), or reckoned anew by the API.
 *
 * @param {object} asked
 * @param {string} asked.kind
 * @param {string} asked.date of a day or a week
 * @param {{since: string, until: string} | null} asked.custom
 * @param {"made" | "now"} asked.known
 * @returns {import("../../ui/page.js").Loaded & {link: (format: string) => string}} `link` is where the
 *   same is in another format
 */
export function useReport({ kind, date, custom, known }) {
  const query = new URLSearchParams(custom ?? { date });
  const path = `/api/v1/reports/${kind}?${query}`;
  const made = kind !== "custom" && known === "made";
  const view = useView(made ? "report" : "reports", made ? { kind, date } : {}, { live: [] });
  const anew = useReckoned(made ? null : path);
  /** @param {string} format */
  const link = (format) =>
    made
      ? `/api/v1/dashboard/report?${new URLSearchParams({ kind, date, format })}`
      : `${path}&format=${format}`;
  return { ...(made ? view : anew), link };
}

/** @param {string | null} path null asks for nothing */
function useReckoned(path) {
  const [told, setTold] = useState(/** @type {any} */ ({ status: "loading" }));
  const turn = useRef(0);
  const load = useCallback(async () => {
    const mine = ++turn.current;
    if (path === null) return;
    setTold({ status: "loading" });
    const next = await get(path).then(
      (report) => ({ status: "ready", data: { report, previous: null, following: null }, error: null }),
      (error) => ({ status: "failed", error }),
    );
    if (mine === turn.current) setTold(next);
  }, [path]);
  useEffect(() => {
    load();
    return () => {
      turn.current += 1;
    };
  }, [load]);
  return { data: null, meta: null, error: null, keptAt: null, ...told, reload: load };
}
