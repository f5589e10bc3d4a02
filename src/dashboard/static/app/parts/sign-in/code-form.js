import { signInByCode } from "../../session.js";
import { html, useEffect, useRef, useState } from "../../ui/preact.js";
import { Field } from "./field.js";

/**
 * The code that a sign-in waits for: the app's six digits, or a recovery code.
 *
 * @param {{attempt: any, failure: string, busy: boolean, startAgain: () => void}} properties
 */
export function CodeForm({ attempt, failure, busy, startAgain }) {
  const [code, setCode] = useState("");
  const [lost, setLost] = useState(false);
  const field = useRef(/** @type {any} */ (null));
  useEffect(() => field.current?.focus(), [lost]);
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      await attempt(() => signInByCode(code));
    } catch {
      field.current?.focus();
      field.current?.select();
    }
  };
  const change = () => {
    setLost(!lost);
    setCode("");
  };
  return html`<form class="code-form" method="post" action="/session/code" onSubmit=${submit}>
    <${Field} ...${lost ? RECOVERY : APP} required inputRef=${field} key=${lost} value=${code} change=${setCode} />
    <p class="form-error" role="alert">${failure}</p>
    <button class="button button-primary button-wide" type="submit" disabled=${busy}>
      ${busy ? "Checking…" : "Verify"}
    </button>
    <p class="code-form-ways">
      <button class="link-button" type="button" onClick=${change}>
        ${lost ? "Use the app's code" : "Use a recovery code"}
      </button>
      <button class="link-button" type="button" onClick=${startAgain}>Start again</button>
    </p>
  </form>`;
}

const APP = {
  label: "Code from your app",
  hint: "The six digits that your authenticator app shows for CryptoIntel now.",
  inputmode: "numeric",
  autocomplete: "one-time-code",
  pattern: "[0-9 ]{6,7}",
  maxlength: 7,
  class: "input input-code",
};
const RECOVERY = {
  label: "Recovery code",
  hint: "One of the ten that you were shown. Each works once.",
  autocomplete: "off",
  autocapitalize: "none",
  spellcheck: false,
  maxlength: 20,
  class: "input input-code",
};
