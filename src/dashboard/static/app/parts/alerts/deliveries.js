import { get, send } from "../../api.js";
import { formatCount } from "../../format.js";
import { Failure, Skeleton } from "../../ui/page.js";
import { html, useCallback, useEffect, useState } from "../../ui/preact.js";
import { Age } from "../../ui/times.js";

/** @type {Record<string, string>} */
const TONES = { delivered: "good", failed: "bad", pending: "warn" };

/** What was sent to a webhook, with its last attempt, and a way to send it once more. @param {{path: string, canSend: boolean, tell: (text: string) => void}} properties */
export function Deliveries({ path, canSend, tell }) {
  const [told, setTold] = useState(/** @type {any} */ ({ status: "loading" }));
  const load = useCallback(
    () => get(`${path}/deliveries?limit=20`).then((rows) => setTold({ status: "ready", rows }), (error) => setTold({ status: "failed", error })),
    [path],
  );
  useEffect(() => void load(), [load]);
  if (told.status === "loading") return html`<${Skeleton} rows=${2} />`;
  if (told.status === "failed") return html`<${Failure} error=${told.error} retry=${load} />`;
  if (told.rows.length === 0) return html`<p class="quiet">Nothing was sent yet. Test it to send a ping.</p>`;
  const replay = async (/** @type {string} */ id) => {
    const sent = await send(`${path}/deliveries/${id}/replay`, {}).catch((error) => error);
    tell(sent instanceof Error ? sent.message : `Sent once more: ${sent.state}.`);
    load();
  };
  return html`<div class="table-place" tabindex="0" role="region" aria-label="Deliveries"><table class="table">
    <thead><tr><th scope="col">Sent</th><th scope="col">What</th><th scope="col">State</th><th scope="col" class="number">Attempts</th><th scope="col">Last answer</th><th scope="col"><span class="visually-hidden">Send again</span></th></tr></thead>
    <tbody>${told.rows.map((/** @type {any} */ one) => {
      const last = one.attempts[one.attempts.length - 1];
      return html`<tr key=${one.delivery_id}>
        <td><${Age} at=${one.created_at} /></td>
        <td>${one.event}</td>
        <td><span class="chip" data-tone=${TONES[one.state]}>${one.state}${one.acknowledged_at ? ", acknowledged" : ""}</span></td>
        <td class="number">${formatCount(one.attempts.length)}</td>
        <td>${last ? `${last.status ?? last.error ?? "no answer"}, ${formatCount(last.milliseconds)} ms` : "–"}</td>
        <td><button class="button" type="button" disabled=${!canSend} onClick=${() => replay(one.delivery_id)}>Send again</button></td></tr>`;
    })}</tbody></table></div>`;
}
