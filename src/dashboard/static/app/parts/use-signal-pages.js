/** @import { Signal } from "../types.js" */
import { fetchView } from "../api.js";
import { store } from "../store.js";
import { useView } from "../ui/page.js";
import { useCallback, useEffect, useReducer, useRef } from "../ui/preact.js";

const AT_TOP_PX = 160;

/**
 * @typedef {object} Pages
 * @property {Signal[]} signals newest first
 * @property {number} waiting how many newer ones wait until the reader asks for them
 * @property {string[]} fresh ids that came while the page was open
 * @property {string | null} next the cursor of older ones
 * @property {"idle" | "loading" | "failed"} older how loading older ones goes
 */

/**
 * The signals that pass the filters: the newest page, which the stream keeps current, and older
 * pages as the reader asks for them. What is new goes on top; while the reader is further down it
 * waits, so that nothing moves under the eyes.
 *
 * @param {Record<string, string | null>} filters of the view
 * @param {(signal: Signal) => boolean} passes the same for one that the stream brings
 */
export function useSignalPages(filters, passes) {
  const view = useView("signals", filters, { live: ["overview"] });
  const [, renew] = useReducer((/** @type {number} */ n) => n + 1, 0);
  const held = useRef(nothing());
  const pages = held.current;

  const take = useCallback((/** @type {Signal[]} */ signals, /** @type {boolean} */ isNew) => {
    const newest = pages.order[0]?.created_at ?? "";
    for (const signal of signals) {
      const known = pages.known.get(signal.id);
      // An end that was told stays told: a cached page may be older than it.
      const told = known?.ended_at && !signal.ended_at ? { ...signal, ended_at: known.ended_at } : signal;
      pages.known.set(signal.id, known?.outcomes && !told.outcomes ? { ...told, outcomes: known.outcomes } : told);
      if (known || !isNew) continue;
      pages.fresh.push(signal.id);
      if (scrollY > AT_TOP_PX && signal.created_at >= newest) pages.waiting.add(signal.id);
    }
    pages.order = [...pages.known.values()].sort(newestFirst);
    renew(0);
  }, []);

  useEffect(() => {
    if (view.status !== "ready" || view.data === pages.told) return;
    const first = pages.told === null;
    const missed = !view.data.signals.some((/** @type {Signal} */ one) => pages.known.has(one.id));
    pages.told = view.data;
    if (first || missed) {
      pages.next = view.meta.next;
      if (missed) pages.known.clear();
    }
    take(view.data.signals, !first && !missed);
  }, [view.data]);

  useEffect(() => {
    const lifetime = new AbortController();
    store.on("signal", (signal) => passes(signal) && take([signal], true), lifetime.signal);
    store.on("ended", (signal) => pages.known.has(signal.id) && take([signal], false), lifetime.signal);
    return () => lifetime.abort();
  }, []);

  const showWaiting = () => {
    pages.waiting.clear();
    scrollTo({ top: 0, behavior: "instant" });
    renew(0);
  };
  const loadOlder = async () => {
    pages.older = "loading";
    renew(0);
    try {
      const asked = Object.entries({ ...filters, cursor: pages.next }).filter(([, value]) => value);
      const { data, meta } = await fetchView("signals", new URLSearchParams(/** @type {any} */ (asked)).toString());
      pages.next = meta.next;
      pages.older = "idle";
      take(data.signals, false);
    } catch {
      pages.older = "failed";
      renew(0);
    }
  };
  const signals = pages.order.filter((signal) => !pages.waiting.has(signal.id));
  const { fresh, next, older } = pages;
  return { view, signals, waiting: pages.waiting.size, fresh, next, older, showWaiting, loadOlder };
}

function nothing() {
  return {
    /** @type {Map<string, Signal>} */
    known: new Map(),
    /** @type {Signal[]} */
    order: [],
    /** @type {Set<string>} */
    waiting: new Set(),
    /** @type {string[]} */
    fresh: [],
    /** @type {any} */
    told: null,
    /** @type {string | null} */
    next: null,
    /** @type {Pages["older"]} */
    older: "idle",
  };
}

/**
 * @param {Signal} one
 * @param {Signal} other
 */
function newestFirst(one, other) {
  if (one.created_at !== other.created_at) return one.created_at < other.created_at ? 1 : -1;
  return one.id < other.id ? 1 : -1;
}
