import { get } from "../../api.js";
import { formatDate } from "../../format.js";
import { html } from "../../ui/preact.js";
import { Moment } from "../../ui/times.js";
import { Asked, Panel, useAsked } from "./asked.js";

const ROLES = {
  viewer: "Reads market data, signals and news, and keeps watchlists.",
  analyst: "Also tries rules on the past, has alert rules and feeds, and exports data.",
  trader: "Also has signals delivered to webhooks.",
  admin: "May do everything, for everybody.",
  service: "A program of ours.",
};

export function Profile() {
  const account = useAsked(() => get("/api/v1/me"));
  return html`<${Panel} title="Profile">
    <${Asked} of=${account}>${(/** @type {any} */ me) => html`<dl class="facts">
      <div><dt>E-mail</dt><dd>${me.email}<span class="fact-more">Not verified: we send no e-mail.</span></dd></div>
      <div><dt>Role</dt><dd>${me.role}<span class="fact-more">${ROLES[/** @type {keyof typeof ROLES} */ (me.role)]}</span></dd></div>
      <div><dt>Plan</dt><dd>${me.plan}<span class="fact-more"><a href="/usage">What you used of it</a></span></dd></div>
      <div><dt>Member since</dt><dd><${Moment} at=${me.created_at} write=${formatDate} /></dd></div>
      <div><dt>Account number</dt><dd><code>${me.user_id}</code></dd></div>
    </dl>`}<//>
  <//>`;
}
