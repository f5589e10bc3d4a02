const PING_EVERY_MS = 30_000;
const PONG_WITHIN_MS = 10_000;
const SILENT_MS = 40_000; // a stream of events says something every 15 seconds

/**
 * @typedef {object} Listeners
 * @property {(message: any) => void} onMessage
 * @property {(code: number) => void} onEnd called once, unless it was closed from here
 *
 * @typedef {object} Transport
 * @property {() => void} close
 * @property {((message: object) => void) | null} say null where the server cannot be told anything
 */

/**
 * @param {string} query
 * @param {Listeners} listeners
 * @returns {Transport} a WebSocket
 */
export function openSocket(query, { onMessage, onEnd }) {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(`${scheme}//${location.host}/live${query}`);
  let pongTimer = 0;
  const ping = () => {
    if (socket.readyState !== WebSocket.OPEN) return;
    socket.send("ping");
    clearTimeout(pongTimer);
    pongTimer = setTimeout(() => end(0), PONG_WITHIN_MS);
  };
  const pingTimer = setInterval(ping, PING_EVERY_MS);
  let open = true;
  const close = () => {
    open = false;
    clearInterval(pingTimer);
    clearTimeout(pongTimer);
    socket.close();
  };
  /** @param {number} code */
  const end = (code) => {
    if (!open) return;
    close();
    onEnd(code);
  };
  socket.addEventListener("message", ({ data }) => {
    clearTimeout(pongTimer);
    if (open) onMessage(JSON.parse(data));
  });
  socket.addEventListener("close", ({ code }) => end(code));
  return {
    close,
    say: (message) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
  };
}

/**
 * @param {string} query
 * @param {Listeners} listeners
 * @returns {Transport} server-sent events, where no WebSocket gets through
 */
export function openEvents(query, { onMessage, onEnd }) {
  const source = new EventSource(`/live/events${query}`);
  let silence = 0;
  let open = true;
  const close = () => {
    open = false;
    clearTimeout(silence);
    source.close();
  };
  const end = () => {
    if (!open) return;
    close();
    onEnd(0);
  };
  const listen = () => {
    clearTimeout(silence);
    silence = setTimeout(end, SILENT_MS);
  };
  listen();
  source.addEventListener("message", ({ data }) => {
    if (!open) return;
    listen();
    onMessage(JSON.parse(data));
  });
  // It would try again by itself, for ever, and never another way.
  source.addEventListener("error", end);
  return { close, say: null };
}
