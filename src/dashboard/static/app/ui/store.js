import { store } from "../store.js";
import { useEffect, useState } from "./preact.js";

/**
 * Reads the store, again after each of these events.
 *
 * @template T
 * @param {string[]} events
 * @param {() => T} read
 * @returns {T}
 */
export function useStore(events, read) {
  const [, again] = useState(0);
  useEffect(() => {
    const lifetime = new AbortController();
    for (const event of events) {
      store.on(event, () => again((/** @type {number} */ n) => n + 1), lifetime.signal);
    }
    again((/** @type {number} */ n) => n + 1); // what was told before anybody listened here
    return () => lifetime.abort();
  }, []);
  return read();
}

/** @returns {{user: import("../types.js").User | null, known: boolean}} who is signed in */
export function useUser() {
  return useStore(["user"], () => ({ user: store.user, known: store.userKnown }));
}
