/** @import { Security } from "../../session.js" */
import { formatDate } from "../../format.js";
import {
  beginSecondFactor,
  confirmSecondFactor,
  endSecondFactor,
  renewRecoveryCodes,
} from "../../session.js";
import { html, useState } from "../../ui/preact.js";
import { Moment } from "../../ui/times.js";
import { Field } from "../sign-in/field.js";
import { Outcome, Panel, useAction } from "./asked.js";
import { QrCode } from "./qr-code.js";
import { RecoveryCodes } from "./recovery-codes.js";

const FEW = 3;
const OFF = "After your password, a code of an app on your phone is asked for. A passkey needs no code.";

/** @param {{security: Security, reload: () => Promise<void>}} properties */
export function SecondFactor({ security, reload }) {
  const [begun, setBegun] = useState(/** @type {{secret: string, uri: string} | null} */ (null));
  const [codes, setCodes] = useState(/** @type {string[] | null} */ (null));
  const action = useAction();
  const begin = () => action.run(async () => setBegun(await beginSecondFactor()));
  const renew = () => action.run(async () => setCodes((await renewRecoveryCodes()).recovery_codes));
  /** @param {string} code */
  const confirm = (code) =>
    action.run(async () => {
      setCodes((await confirmSecondFactor(code)).recovery_codes);
      setBegun(null);
    });
  const end = async () => {
    if (await action.run(endSecondFactor, "No code is asked for any more.")) await reload();
  };
  const close = async () => {
    setCodes(null);
    await reload();
  };
  const on = security.mfa || codes !== null;
  return html`<${Panel} title="Authenticator app" note=${on ? null : OFF}
    action=${!on && !begun && html`<button class="button" type="button" disabled=${action.busy} onClick=${begin}>Set up</button>`}>
    ${begun && html`<${Enrolment} begun=${begun} confirm=${confirm} busy=${action.busy} cancel=${() => setBegun(null)} />`}
    ${codes && html`<${RecoveryCodes} codes=${codes} close=${close} />`}
    ${security.mfa && !codes && html`<${On} security=${security} renew=${renew} end=${end} busy=${action.busy} />`}
    <${Outcome} of=${action} />
  <//>`;
}

/** @param {{begun: {secret: string, uri: string}, confirm: (code: string) => void, busy: boolean, cancel: () => void}} properties */
function Enrolment({ begun, confirm, busy, cancel }) {
  const [code, setCode] = useState("");
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    confirm(code);
  };
  return html`<form class="enrolment" onSubmit=${submit}>
    <${QrCode} text=${begun.uri} label="QR code for your authenticator app" />
    <div class="enrolment-steps">
      <p>1. Scan the code with an authenticator app, or type this key into it:</p>
      <p><code class="enrolment-secret">${begun.secret.match(/.{1,4}/g)?.join(" ")}</code></p>
      <p>2. Type the six digits that it shows:</p>
      <${Field} label="Code from your app" required inputmode="numeric" autocomplete="one-time-code" pattern="[0-9 ]{6,7}"
        maxlength="7" class="input input-code" value=${code} change=${setCode} />
      <p class="form-actions">
        <button class="button button-primary" type="submit" disabled=${busy}>Switch on</button>
        <button class="button" type="button" onClick=${cancel}>Cancel</button>
      </p>
    </div>
  </form>`;
}

/** @param {{security: Security, renew: () => void, end: () => void, busy: boolean}} properties */
function On({ security, renew, end, busy }) {
  const left = security.recovery_codes_left;
  return html`<ul class="rows">
    <li class="row">
      <div class="row-main">
        <p class="row-title">App codes <span class="chip" data-tone="good">On</span></p>
        <p class="row-note">Since <${Moment} at=${security.mfa_since} write=${formatDate} /></p>
      </div>
      <button class="button" type="button" disabled=${busy} onClick=${end}>Switch off</button>
    </li>
    <li class="row">
      <div class="row-main">
        <p class="row-title">Recovery codes${left <= FEW && html` <span class="chip" data-tone="warn">${left} left</span>`}</p>
        <p class="row-note">${left} of 10 unused. New ones replace all old ones.</p>
      </div>
      <button class="button" type="button" disabled=${busy} onClick=${renew}>Make new ones</button>
    </li>
  </ul>`;
}
