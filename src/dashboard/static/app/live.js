/** @import { ConnectionState } from "./types.js" */

const PING_EVERY_MS = 30_000;
const PONG_WITHIN_MS = 10_000;
const POLL_EVERY_MS = 60_000;
const TRIES_BEFORE_POLLING = 3;
const LONGEST_WAIT_S = 30;
const API_FRESH_MS = 3_000;

/**
 * The live stream: one WebSocket that resumes where it stopped, and polling while it cannot be had.
 */
export class LiveConnection {
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {number | null} */
  #seq = null;
  #failures = 0;
  #retryTimer = 0;
  #pingTimer = 0;
  #pongTimer = 0;
  #pollTimer = 0;

  /**
   * @param {object} handlers
   * @param {(message: any) => void} handlers.onEvent a tick or a signal
   * @param {(state: ConnectionState) => void} handlers.onState
   * @param {() => Promise<unknown>} handlers.refresh loads everything anew: events were missed
   */
  constructor({ onEvent, onState, refresh }) {
    this.onEvent = onEvent;
    this.onState = onState;
    this.refresh = refresh;
  }

  start() {
    this.onState(navigator.onLine ? "reconnecting" : "offline");
    addEventListener("offline", () => this.#lose());
    addEventListener("online", () => {
      this.onState("reconnecting");
      this.#connect();
    });
    this.#connect();
  }

  #connect() {
    clearTimeout(this.#retryTimer);
    if (this.#socket) return;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const query = this.#seq === null ? "" : `?after=${this.#seq}`;
    const socket = new WebSocket(`${scheme}//${location.host}/live${query}`);
    socket.addEventListener("message", ({ data }) => this.#receive(data));
    socket.addEventListener("close", () => {
      if (socket === this.#socket) this.#lose();
    });
    this.#socket = socket;
  }

  /** @param {string} text */
  #receive(text) {
    clearTimeout(this.#pongTimer);
    if (text === "pong") return;
    const message = JSON.parse(text);
    if (message.event === "hello") return this.#greet(message.seq);
    const missed = this.#seq !== null && message.seq > this.#seq + 1;
    if (this.#seq !== null && message.seq <= this.#seq) return;
    this.#seq = message.seq;
    if (missed) this.refresh().catch(() => {});
    this.onEvent(message);
  }

  /** @param {number} seq the newest event the server knows */
  #greet(seq) {
    // What was missed is sent again, unless it is too long ago for the server to have kept it.
    const missed = this.#seq !== null && seq !== this.#seq;
    // What came between the first load and this greeting is in the API, a moment later for sure.
    if (this.#seq === null) setTimeout(() => this.refresh().catch(() => {}), API_FRESH_MS);
    if (missed || this.#pollTimer) this.refresh().catch(() => {});
    // A smaller number than ours means that the server counts anew: nothing can be resumed.
    if (this.#seq === null || seq < this.#seq) this.#seq = seq;
    this.#failures = 0;
    this.#stopPolling();
    clearInterval(this.#pingTimer);
    this.#pingTimer = setInterval(() => this.#ping(), PING_EVERY_MS);
    this.onState("live");
  }

  #ping() {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    this.#socket.send("ping");
    this.#pongTimer = setTimeout(() => this.#lose(), PONG_WITHIN_MS);
  }

  #lose() {
    clearInterval(this.#pingTimer);
    clearTimeout(this.#pongTimer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#failures += 1;
    if (this.#failures >= TRIES_BEFORE_POLLING) this.#startPolling();
    if (!this.#pollTimer || !navigator.onLine) {
      this.onState(navigator.onLine ? "reconnecting" : "offline");
    }
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => this.#connect(), waitBefore(this.#failures));
  }

  #startPolling() {
    if (this.#pollTimer) return;
    this.#pollTimer = setInterval(() => this.#poll(), POLL_EVERY_MS);
    this.#poll();
  }

  async #poll() {
    try {
      await this.refresh();
      if (this.#pollTimer) this.onState("reconnecting");
    } catch {
      if (this.#pollTimer) this.onState("offline");
    }
  }

  #stopPolling() {
    clearInterval(this.#pollTimer);
    this.#pollTimer = 0;
  }
}

/**
 * @param {number} failures in a row
 * @returns {number} milliseconds: doubling from 1 s to 30 s, the upper half of each at random
 */
function waitBefore(failures) {
  const longest = Math.min(LONGEST_WAIT_S, 2 ** failures);
  return 1000 * Math.max(1, longest * (0.5 + Math.random() / 2));
}
