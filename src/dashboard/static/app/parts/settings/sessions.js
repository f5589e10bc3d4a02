import { formatDayAndClock } from "../../format.js";
import { endOtherSessions, endSession, fetchSessions } from "../../session.js";
import { html } from "../../ui/preact.js";
import { Age, Moment } from "../../ui/times.js";
import { Asked, Outcome, Panel, useAction, useAsked } from "./asked.js";

/** @type {Record<string, string>} */
const WAYS = {
  password: "password",
  passkey: "passkey",
  github: "GitHub",
  google: "Google",
  totp: "app code",
  recovery: "recovery code",
};
const countries = new Intl.DisplayNames(undefined, { type: "region" });

export function Sessions() {
  const sessions = useAsked(fetchSessions);
  const action = useAction();
  /** @param {() => Promise<any>} work @param {string} done */
  const change = async (work, done) => (await action.run(work, done)) && sessions.reload();
  return html`<${Panel} title="Where you are signed in"
    note="A session ends by itself after 12 hours without use, and after 14 days in any case."
    action=${sessions.data?.length > 1 && html`<button class="button" type="button" disabled=${action.busy}
      onClick=${() => change(endOtherSessions, "All other sessions have ended.")}>Sign out everywhere else</button>`}>
    <${Outcome} of=${action} />
    <${Asked} of=${sessions}>${(/** @type {any[]} */ all) => html`<ul class="rows">
      ${all.map((one) => html`<li class="row" key=${one.session_id}>
        <div class="row-main">
          <p class="row-title">${one.device}${one.current && html` <span class="chip" data-tone="good">This one</span>`}</p>
          <p class="row-note">
            ${one.country && `${countries.of(one.country)} · `}by ${way(one.method)} ·
            since <${Moment} at=${one.created_at} write=${formatDayAndClock} /> · used <${Age} at=${one.seen_at} />
          </p>
        </div>
        ${!one.current && html`<button class="button" type="button" disabled=${action.busy}
          aria-label=${`Sign out ${one.device}`}
          onClick=${() => change(() => endSession(one.session_id), `${one.device} is signed out.`)}>Sign out</button>`}
      </li>`)}
    </ul>`}<//>
  <//>`;
}

/** @param {string} method */
const way = (method) =>
  method
    .split("+")
    .map((part) => WAYS[part] ?? part)
    .join(" and ");
