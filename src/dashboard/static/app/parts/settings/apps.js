import { change, get } from "../../api.js";
import { formatDate } from "../../format.js";
import { html } from "../../ui/preact.js";
import { Moment } from "../../ui/times.js";
import { Asked, Outcome, Panel, useAction, useAsked } from "./asked.js";

const PATH = "/api/v1/oauth/grants";

export function Apps() {
  const grants = useAsked(() => get(PATH));
  const action = useAction();
  /** @param {any} app */
  const withdraw = async (app) => {
    const done = `“${app.name}” may no longer use your account.`;
    const path = `${PATH}/${encodeURIComponent(app.client_id)}`;
    if (await action.run(() => change("DELETE", path), done)) await grants.reload();
  };
  return html`<${Panel} title="Connected apps" note="Apps of others that you allowed to use your account. They never see your password.">
    <${Outcome} of=${action} />
    <${Asked} of=${grants}>${(/** @type {any[]} */ all) =>
      all.length === 0
        ? html`<p class="settings-none">You allowed none.</p>`
        : html`<ul class="rows">${all.map((app) => html`<li class="row" key=${app.client_id}>
            <div class="row-main">
              <p class="row-title"><bdi>${app.name}</bdi></p>
              <p class="row-note">Allowed <${Moment} at=${app.granted_at} write=${formatDate} /> · ${app.scopes.join(", ")}</p>
            </div>
            <button class="button" type="button" disabled=${action.busy} aria-label=${`Withdraw what you allowed ${app.name}`} onClick=${() => withdraw(app)}>Withdraw</button>
          </li>`)}</ul>`}<//>
  <//>`;
}
