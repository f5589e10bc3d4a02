import { change, send } from "../../api.js";
import { formatCount } from "../../format.js";
import { Icon } from "../../ui/icon.js";
import { Empty } from "../../ui/page.js";
import { html, useState } from "../../ui/preact.js";
import { Age } from "../../ui/times.js";
import { Deliveries } from "./deliveries.js";

const PATH = "/api/v1/webhooks";
const MOST = 10;
/** @type {[string, string][]} */
const EVENTS = [["alert", "Alerts of rules"], ["signal", "Every signal"], ["signal.ended", "Every end of a signal"]];

/** Where the reader is sent signals and alerts. @param {{hooks: any[] | null, reload: () => Promise<void>, undo: any}} properties */
export function Webhooks({ hooks, reload, undo }) {
  const [secret, setSecret] = useState(/** @type {any} */ (null));
  if (hooks === null) {
    return html`<div class="panel"><${Empty} title="Webhooks are for traders" text="Your role has no webhooks. What your rules fire on is listed under What fired." /></div>`;
  }
  /** @param {() => Promise<any>} work */
  const doing = async (work) => {
    try {
      return await work();
    } catch (error) {
      undo.fail(error);
    } finally {
      await reload();
    }
  };
  const create = (/** @type {object} */ hook) => doing(async () => setSecret(await send(PATH, hook)));
  return html`
    ${secret && html`<${Secret} of=${secret} close=${() => setSecret(null)} />`}
    ${hooks.length < MOST && html`<${NewWebhook} create=${create} />`}
    ${hooks.length === 0
      ? html`<div class="panel"><${Empty} title="No webhook yet" text="Give an address of yours: alerts are sent there, signed, and tried again when it does not answer." /></div>`
      : html`<ul class="rule-list">${hooks.map((hook) => html`<${Webhook} key=${hook.webhook_id} hook=${hook} doing=${doing} tell=${undo.tell} show=${setSecret} />`)}</ul>`}`;
}

/** The secret, which is shown once. @param {{of: any, close: () => void}} properties */
function Secret({ of, close }) {
  const [copied, setCopied] = useState(false);
  const copy = () => navigator.clipboard.writeText(of.secret).then(() => setCopied(true), () => {});
  return html`<section class="panel hook-secret" aria-labelledby="secret-title">
    <h2 class="panel-title" id="secret-title">The secret of ${of.url}</h2>
    <p>It is shown only now. Keep it where your receiver checks signatures (Standard Webhooks).</p>
    <p><code class="hook-code">${of.secret}</code></p>
    <div class="toolbar"><button class="button button-primary" type="button" onClick=${copy}>${copied ? "Copied" : "Copy"}</button>
      <button class="button" type="button" onClick=${close}>I have kept it</button></div>
  </section>`;
}

/** @param {{create: (hook: object) => void}} properties */
function NewWebhook({ create }) {
  const [url, setUrl] = useState("");
  const [events, setEvents] = useState(["alert"]);
  const make = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (url && events.length) create({ url, events, active: true });
  };
  return html`<form class="panel hook-form" onSubmit=${make} aria-labelledby="hook-new">
    <h2 class="panel-title" id="hook-new">New webhook</h2>
    <div class="form-row"><label for="hook-url">Address</label>
      <input id="hook-url" class="input" type="url" required maxlength="2000" placeholder="https://hooks.example.com/cryptointel" value=${url}
        aria-describedby="hook-hint" onInput=${(/** @type {any} */ event) => setUrl(event.target.value)} />
      <span class="form-hint" id="hook-hint">HTTPS, on the public internet. It is sent signed POST requests.</span></div>
    <fieldset class="rule-set"><legend>Sent</legend><div class="rule-kinds">${EVENTS.map(([name, label]) => html`<label key=${name} class="rule-kind">
      <input type="checkbox" checked=${events.includes(name)} onChange=${() => setEvents(events.includes(name) ? events.filter((one) => one !== name) : [...events, name])} />${label}</label>`)}</div></fieldset>
    <div class="toolbar"><button class="button button-primary" type="submit" disabled=${events.length === 0}>Make it</button></div>
  </form>`;
}

/** @param {any} properties */
function Webhook({ hook, doing, tell, show }) {
  const [log, setLog] = useState(0); // how often the log was asked for; 0 hides it
  const path = `${PATH}/${hook.webhook_id}`;
  const test = () =>
    doing(async () => {
      const { state, attempts } = await send(`${path}/test`, {});
      const last = attempts[attempts.length - 1];
      tell(state === "delivered" ? `${hook.url} took the ping (status ${last.status}).` : `${hook.url} did not take the ping: ${last?.error ?? `status ${last?.status}`}.`);
      setLog((seen) => seen && seen + 1);
    });
  const { url, events, active } = hook;
  return html`<li class="panel rule">
    <div class="rule-head"><h2 class="panel-title hook-url">${url}</h2>
      ${hook.failing_since && active ? html`<span class="chip" data-tone="bad">failing since <${Age} at=${hook.failing_since} /></span>` : html`<span class="chip" data-tone=${active ? "good" : null}>${active ? "on" : "off"}</span>`}</div>
    <p class="panel-note">${events.map((/** @type {string} */ name) => EVENTS.find(([one]) => one === name)?.[1] ?? name).join(", ")}${hook.switched_off_reason ? ` · switched off: ${hook.switched_off_reason}` : ""} · secret ${formatCount(hook.secret_version)}</p>
    <div class="toolbar">
      <button class="button" type="button" disabled=${!active} onClick=${test}><${Icon} name="play" />Test</button>
      <button class="button" type="button" aria-expanded=${String(log > 0)} onClick=${() => setLog(log ? 0 : 1)}>Deliveries</button>
      <button class="button" type="button" onClick=${() => doing(() => change("PUT", path, { url, events, active: !active }))}>${active ? "Switch off" : "Switch on"}</button>
      <button class="button" type="button" title="The old secret signs along for 24 hours" onClick=${() => doing(async () => show(await send(`${path}/rotate-secret`, {})))}><${Icon} name="key" />New secret</button>
      <button class="button" type="button" onClick=${() => confirm(`Remove ${url}? Its deliveries and its place in rules go too, and its secret is of no use any more.`) && doing(() => change("DELETE", path))}><${Icon} name="trash" />Remove</button>
    </div>
    ${log > 0 && html`<${Deliveries} key=${log} path=${path} canSend=${active} tell=${tell} />`}
  </li>`;
}
