/**
 * @import { Transport } from "./live-transport.js"
 * @import { ConnectionState } from "./types.js"
 */
import { dispatch, onTopicsChanged, subscribe, watchlistTopics } from "./live-topics.js";
import { openEvents, openSocket } from "./live-transport.js";

const EVENTS = ["signal", "ended", "tick"];
const POLL_EVERY_MS = 60_000;
const TRIES_EACH_WAY = 3;
const BETTER_WAY_AFTER_MS = 5 * 60_000;
const STEADY_MS = 10_000; // what ends sooner has failed
const HIDDEN_MS = 5 * 60_000;
const LONGEST_WAIT_S = 30;
const API_FRESH_MS = 3_000;
const COME_AGAIN = 4001; // the server wants to know anew who we are

/** What pages use: see subscribe. */
export const live = { subscribe };

/**
 * The live stream of the page: a WebSocket, or else server-sent events, or else polling, and back
 * up again. It resumes after the last event that came.
 */
export class LiveConnection {
  /** @type {Transport | null} */
  #transport = null;
  /** @type {number | null} */
  #seq = null;
  /** In a row, also of both ways together. */
  #failures = 0;
  #greetedAt = 0;
  #hidden = false;
  /** @type {string[]} */
  #watchlists = [];
  #timers = { retry: 0, poll: 0, better: 0, hide: 0 };

  /**
   * @param {object} handlers
   * @param {(message: any) => void} handlers.onEvent a tick or a signal
   * @param {(state: ConnectionState) => void} handlers.onState
   * @param {() => Promise<unknown>} handlers.refresh loads everything anew: events were missed
   */
  constructor({ onEvent, onState, refresh }) {
    this.onEvent = onEvent;
    this.onState = onState;
    this.refresh = () => {
      refresh().catch(() => {});
      dispatch({ event: "gap" });
    };
    this.poll = refresh;
  }

  start() {
    this.onState(navigator.onLine ? "reconnecting" : "offline");
    addEventListener("offline", () => this.#lose(0));
    addEventListener("online", () => this.#again());
    document.addEventListener("visibilitychange", () => this.#hideOrShow());
    onTopicsChanged(() => this.#follow());
    this.#connect();
  }

  /** The way to try next: each three times, then both in turn while the views are polled. */
  #usesSocket() {
    if (this.#failures < 2 * TRIES_EACH_WAY) return this.#failures < TRIES_EACH_WAY;
    return this.#failures % 2 === 0;
  }

  #connect() {
    clearTimeout(this.#timers.retry);
    if (this.#transport || this.#hidden) return;
    const open = this.#usesSocket() ? openSocket : openEvents;
    const query = new URLSearchParams();
    if (this.#seq !== null) query.set("after", String(this.#seq));
    this.#watchlists = [];
    if (open === openEvents && this.#failures % TRIES_EACH_WAY === 0 && watchlistTopics().length) {
      // It cannot be told later. If it is refused because of them, the next try leaves them out.
      this.#watchlists = watchlistTopics();
      query.set("topics", ["all", ...this.#watchlists].join(","));
    }
    this.#greetedAt = 0;
    this.#transport = open(query.size ? `?${query}` : "", {
      onMessage: (message) => this.#receive(message),
      onEnd: (code) => this.#lose(code),
    });
  }

  /** @param {any} message */
  #receive(message) {
    if (message.event === "hello") return this.#greet(message);
    if (message.event === "gap") {
      this.#seq = message.seq;
      return this.refresh();
    }
    // All that was wanted up to there has come: frames keep their order.
    if (message.event === "pong") this.#seq = Math.max(this.#seq ?? 0, message.seq);
    if (!EVENTS.includes(message.event)) return;
    if (this.#seq !== null && message.seq <= this.#seq) return;
    const before = message.prev ?? message.seq - 1;
    const missed = this.#seq !== null && before > this.#seq;
    this.#seq = message.seq;
    if (missed) this.refresh();
    const told = message.event === "tick" ? withAssets(message) : message;
    this.onEvent(told);
    dispatch(told);
  }

  /** @param {{seq: number, skipped?: boolean}} hello `seq` is the newest event the server knows */
  #greet({ seq, skipped }) {
    const first = this.#seq === null;
    // What came between the first load and this greeting is in the API, a moment later for sure.
    if (first) setTimeout(() => this.refresh(), API_FRESH_MS);
    else if (skipped || this.#timers.poll) this.refresh();
    // A smaller number than ours means that the server counts anew: it sends a gap.
    if (first) this.#seq = seq;
    this.#greetedAt = Date.now();
    clearInterval(this.#timers.poll);
    this.#timers.poll = 0;
    this.onState("live");
    clearTimeout(this.#timers.better);
    if (this.#transport?.say === null) {
      this.#timers.better = setTimeout(() => this.#reconnect(TRIES_EACH_WAY - 1), BETTER_WAY_AFTER_MS);
    }
    this.#follow();
  }

  /** Tells the server which watchlists are looked at. */
  #follow() {
    if (!this.#greetedAt) return;
    const wanted = watchlistTopics();
    const added = wanted.filter((topic) => !this.#watchlists.includes(topic));
    const removed = this.#watchlists.filter((topic) => !wanted.includes(topic));
    if (!added.length && !removed.length) return;
    if (this.#transport?.say === null) {
      if (added.length && this.#failures % TRIES_EACH_WAY === 0) this.#reconnect(this.#failures);
      return;
    }
    // One by one: a list that is refused does not keep the others away.
    for (const topic of added) this.#transport?.say?.({ op: "subscribe", topics: [topic] });
    if (removed.length) this.#transport?.say?.({ op: "unsubscribe", topics: removed });
    this.#watchlists = wanted;
  }

  /** @param {number} code of the WebSocket's end, 0 for any other */
  #lose(code) {
    const wasSteady = this.#greetedAt && Date.now() - this.#greetedAt > STEADY_MS;
    this.#close();
    const expected = code === COME_AGAIN;
    if (wasSteady || expected) this.#failures = this.#usesSocket() ? 0 : TRIES_EACH_WAY;
    if (!expected) this.#failures += wasSteady ? 0 : 1;
    if (this.#failures >= 2 * TRIES_EACH_WAY) this.#startPolling();
    else if (!expected) this.onState(navigator.onLine ? "reconnecting" : "offline");
    if (!navigator.onLine) this.onState("offline");
    this.#timers.retry = setTimeout(() => this.#connect(), waitBefore(this.#failures));
  }

  /** Connects at once, the best way first. */
  #again() {
    if (!this.#timers.poll) this.onState("reconnecting");
    this.#reconnect(0);
  }

  /** @param {number} failures which say the way to try */
  #reconnect(failures) {
    this.#close();
    this.#failures = failures;
    this.#connect();
  }

  #close() {
    clearTimeout(this.#timers.retry);
    clearTimeout(this.#timers.better);
    this.#transport?.close();
    this.#transport = null;
    this.#greetedAt = 0;
  }

  /** Nobody looks at a page that was hidden for long: it comes back with what it missed. */
  #hideOrShow() {
    clearTimeout(this.#timers.hide);
    if (document.hidden) {
      this.#timers.hide = setTimeout(() => {
        this.#hidden = true;
        this.#close();
        clearInterval(this.#timers.poll);
        this.#timers.poll = 0;
      }, HIDDEN_MS);
    } else if (this.#hidden) {
      this.#hidden = false;
      this.#again();
    }
  }

  #startPolling() {
    if (this.#timers.poll) return;
    const poll = async () => {
      try {
        await this.poll();
        if (this.#timers.poll) this.onState("polling");
      } catch {
        if (this.#timers.poll) this.onState("offline");
      }
    };
    this.#timers.poll = setInterval(poll, POLL_EVERY_MS);
    poll();
  }
}

/** @param {{columns: string[], rows: any[][]}} tick a row an asset, with the columns told once */
function withAssets({ columns, rows, ...tick }) {
  const assets = rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])));
  return { ...tick, assets };
}

/**
 * @param {number} failures in a row
 * @returns {number} milliseconds, at random: longer with each failure of a way, and 15 to 30 s in
 *   the end
 */
function waitBefore(failures) {
  const isNew = failures < 2 * TRIES_EACH_WAY;
  const longest = Math.min(LONGEST_WAIT_S, 2 ** (isNew ? failures % TRIES_EACH_WAY : failures - 2));
  return 1000 * Math.max(1, longest * (0.5 + Math.random() / 2));
}
