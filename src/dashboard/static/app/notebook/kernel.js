const WORKER = "/notebook/worker.js";
const INTERRUPT = 2; // SIGINT, as Pyodide reads it

/**
 * @typedef {"off" | "loading" | "ready" | "busy" | "failed"} KernelState
 * @typedef {{ok: boolean, number: number, milliseconds: number}} Ran
 * @typedef {{resolve: (ran: Ran | null) => void, onOutput: (output: any) => void, number: number}} Run
 */

/**
 * Python in a worker of its own. Cells run one after another; `change` is fired with every change
 * of state. It is loaded with the first cell.
 */
export class Kernel extends EventTarget {
  /** @type {KernelState} */
  state = "off";
  loaded = 0;
  total = 0;
  version = "";
  failure = "";

  /** @type {Worker | null} */
  #worker = null;
  /** @type {Uint8Array | null} shared with the worker where the page is isolated (_headers) */
  #shared = null;
  /** @type {Map<number, Run>} */
  #runs = new Map();
  /** @type {Promise<unknown>} */
  #before = Promise.resolve();
  #ready = Promise.withResolvers();
  #asked = 0;
  #executed = 0;
  #session = 0;

  start() {
    if (this.#worker) return;
    this.loaded = this.total = 0;
    this.#shared = crossOriginIsolated ? new Uint8Array(new SharedArrayBuffer(1)) : null;
    const worker = new Worker(WORKER, { type: "module", name: "python" });
    this.#worker = worker;
    worker.addEventListener("message", ({ data }) => worker === this.#worker && this.#take(data));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      if (worker === this.#worker) this.#fail(event.message || "The worker could not be loaded.");
    });
    worker.postMessage({ type: "start", interrupt: this.#shared });
    this.#turn("loading");
  }

  /**
   * @param {string} source
   * @param {{onStart: (number: number) => void, onOutput: (output: any) => void}} listeners
   * @returns {Promise<Ran | null>} null when the cell was not run, or not to its end
   */
  run(source, { onStart, onOutput }) {
    this.start();
    const session = this.#session;
    const ran = this.#before.then(async () => {
      if (session !== this.#session) return null;
      if (!(await this.#ready.promise) || session !== this.#session) return null;
      const number = ++this.#executed;
      onStart(number);
      return this.#execute(source, number, onOutput);
    });
    this.#before = ran;
    return ran;
  }

  /** Ends the cell that runs, and forgets those that wait. */
  interrupt() {
    const [id] = this.#runs.keys();
    if (id === undefined) return;
    if (!this.#shared) return this.restart();
    this.#session += 1;
    this.#shared[0] = INTERRUPT;
    this.#worker?.postMessage({ type: "cancel", id });
  }

  /** Begins with a new Python: no name and no import is left. */
  restart() {
    this.stop();
    this.start();
  }

  stop() {
    this.#session += 1;
    this.#worker?.terminate();
    this.#worker = null;
    this.#executed = 0;
    for (const run of this.#runs.values()) run.resolve(null);
    this.#runs.clear();
    this.#ready.resolve(false);
    this.#ready = Promise.withResolvers();
    this.#turn("off");
  }

  /**
   * @param {string} source
   * @param {number} number
   * @param {(output: any) => void} onOutput
   * @returns {Promise<Ran | null>}
   */
  #execute(source, number, onOutput) {
    const id = ++this.#asked;
    if (this.#shared) this.#shared[0] = 0;
    this.#worker?.postMessage({ type: "run", id, source, number });
    this.#turn("busy");
    return new Promise((resolve) => this.#runs.set(id, { resolve, onOutput, number }));
  }

  /** @param {any} message of the worker */
  #take(message) {
    const run = this.#runs.get(message.id);
    switch (message.type) {
      case "progress":
        this.loaded = message.loaded;
        this.total = message.total;
        return this.dispatchEvent(new Event("change"));
      case "ready":
        this.version = message.version;
        this.#turn("ready");
        return this.#ready.resolve(true);
      case "failed":
        return this.#fail(message.message);
      case "output":
        return run?.onOutput(message.output);
      case "done":
        this.#runs.delete(message.id);
        this.#turn("ready");
        return run?.resolve({
          ok: message.ok,
          number: run.number,
          milliseconds: message.milliseconds,
        });
    }
  }

  /** @param {string} message */
  #fail(message) {
    this.stop();
    this.failure = message;
    this.#turn("failed");
  }

  /** @param {KernelState} state */
  #turn(state) {
    this.state = state;
    this.dispatchEvent(new Event("change"));
  }
}
