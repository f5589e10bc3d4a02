// Publishes what it is sent, so that tests decide what happens on the live stream.
export default {
  async fetch(request, env) {
    if (request.method !== "POST") return new Response("ready");
    return Response.json({ new: await env.HUB.getByName("main").publish(await request.text()) });
  },
};
