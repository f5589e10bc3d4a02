/** @import { Provider, Security } from "../../session.js" */
import { formatDate } from "../../format.js";
import { fetchSession, leaveFor, PROVIDERS, unlink } from "../../session.js";
import { html } from "../../ui/preact.js";
import { Moment } from "../../ui/times.js";
import { Outcome, Panel, useAction, useAsked } from "./asked.js";

const BACK = "/settings/security";

/** @param {{security: Security, reload: () => Promise<void>}} properties */
export function Linked({ security, reload }) {
  const who = useAsked(fetchSession);
  const action = useAction();
  const linked = new Map(security.linked.map((one) => [one.provider, one]));
  const shown = /** @type {Provider[]} */ (Object.keys(PROVIDERS)).filter(
    (provider) => linked.has(provider) || who.data?.providers.includes(provider),
  );
  /** @param {Provider} provider */
  const end = async (provider) => {
    const done = `${PROVIDERS[provider]} no longer opens this account.`;
    if (await action.run(() => unlink(provider), done)) await reload();
  };
  if (shown.length === 0) return null;
  return html`<${Panel} title="Linked accounts" note="An account elsewhere that opens this one. It is linked from here alone, never because of an e-mail address.">
    <${Outcome} of=${action} />
    <ul class="rows">
      ${shown.map((provider) => {
        const one = linked.get(provider);
        return html`<li class="row" key=${provider}>
          <div class="row-main">
            <p class="row-title">${PROVIDERS[provider]}</p>
            <p class="row-note">${one ? html`${one.label} · linked <${Moment} at=${one.created_at} write=${formatDate} />` : "Not linked"}</p>
          </div>
          ${one
            ? html`<button class="button" type="button" disabled=${action.busy} aria-label=${`Unlink ${PROVIDERS[provider]}`} onClick=${() => end(provider)}>Unlink</button>`
            : html`<button class="button" type="button" disabled=${action.busy} aria-label=${`Link ${PROVIDERS[provider]}`}
                onClick=${() => action.run(() => leaveFor(provider, "link", BACK))}>Link</button>`}
        </li>`;
      })}
    </ul>
  <//>`;
}
