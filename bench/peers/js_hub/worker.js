// The live hub as a JavaScript project would write it: one Durable Object with hibernating sockets
// that numbers events, keeps the newest 300 and sends each to everybody. It knows no topics, no
// watchlists, no shards and no slow readers, which ours does.
import { DurableObject } from "cloudflare:workers";

const KEPT = 300;

export class JsHub extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    this.sql = ctx.storage.sql;
    this.sql.exec(`CREATE TABLE IF NOT EXISTS events (
      seq INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, body TEXT NOT NULL)`);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  publish(events) {
    let known = 0;
    for (const { key, body } of JSON.parse(events)) {
      const [row] = this.sql
        .exec("INSERT INTO events (key, body) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING seq", key, body)
        .toArray();
      if (!row) continue;
      known += 1;
      const frame = `{"seq":${row.seq},${body.slice(1)}`;
      for (const socket of this.ctx.getWebSockets()) {
        try {
          socket.send(frame);
        } catch {
          socket.close(1011, "send failed");
        }
      }
    }
    this.sql.exec("DELETE FROM events WHERE seq <= (SELECT max(seq) FROM events) - ?", KEPT);
    return known;
  }

  fetch() {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    server.send(JSON.stringify({ event: "hello" }));
    return new Response(null, { status: 101, webSocket: client });
  }

  webSocketClose(socket) {
    socket.close(1000, "bye");
  }
}

export default {
  async fetch(request, env) {
    const own = env.JS_HUB.getByName("main");
    if (request.headers.get("upgrade") === "websocket") return own.fetch(request);
    if (request.method !== "POST") return new Response("ready");
    const hub = new URL(request.url).pathname === "/ours" ? env.HUB.getByName("main") : own;
    return Response.json({ new: await hub.publish(await request.text()) });
  },
};
