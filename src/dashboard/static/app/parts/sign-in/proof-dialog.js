/** @import { Provider } from "../../session.js" */
import { wasCancelled } from "../../passkeys.js";
import { fetchProofs, leaveFor, prove, proveByPasskey, PROVIDERS } from "../../session.js";
import { Icon } from "../../ui/icon.js";
import { html, useEffect, useRef, useState } from "../../ui/preact.js";
import { Field } from "./field.js";

/**
 * Asks for a proof that it is the reader, by what the account has.
 *
 * @param {{done: (proved: boolean) => void}} properties
 */
export function ProofDialog({ done }) {
  const dialog = useRef(/** @type {any} */ (null));
  const [ways, setWays] = useState(/** @type {string[] | null} */ (null));
  const [text, setText] = useState("");
  const [failure, setFailure] = useState("");
  const [busy, setBusy] = useState(false);
  const field = useRef(/** @type {any} */ (null));
  const asksCode = ways?.includes("code");
  const asksText = asksCode || ways?.includes("password");

  useEffect(() => {
    dialog.current.showModal();
    fetchProofs().then(
      (told) => setWays(told.ways),
      (error) => setFailure(error.message),
    );
  }, []);
  useEffect(() => field.current?.focus(), [ways]);

  /** @param {() => Promise<any>} attempt */
  const attempt = async (attempt) => {
    setBusy(true);
    setFailure("");
    try {
      await attempt();
      done(true);
    } catch (error) {
      if (!wasCancelled(error)) setFailure(/** @type {Error} */ (error).message);
      setBusy(false);
      field.current?.select();
    }
  };
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    attempt(() => prove(asksCode ? { code: text } : { password: text }));
  };
  /** @param {Provider} provider */
  const leave = (provider) =>
    leaveFor(provider, "proof", location.pathname).catch((error) => setFailure(error.message));

  return html`<dialog class="dialog" ref=${dialog} aria-labelledby="proof-title" onClose=${() => done(false)}>
    <form method="dialog" onSubmit=${submit}>
      <h2 class="dialog-title" id="proof-title">Is it you?</h2>
      <p class="dialog-text">This is sensitive, so we ask again. It then holds for ten minutes.</p>
      ${ways?.includes("passkey") && html`<button class="button button-wide" type="button" disabled=${busy}
        onClick=${() => attempt(proveByPasskey)}><${Icon} name="key" />Use a passkey</button>`}
      ${(ways ?? []).filter((way) => way in PROVIDERS).map((way) => html`<button key=${way} type="button"
        class="button button-wide" onClick=${() => leave(/** @type {Provider} */ (way))}>
        Sign in again with ${PROVIDERS[/** @type {Provider} */ (way)]}
      </button>`)}
      ${asksText && html`<${Field} label=${asksCode ? "Code from your app, or a recovery code" : "Your password"}
        type=${asksCode ? "text" : "password"} autocomplete=${asksCode ? "one-time-code" : "current-password"}
        inputRef=${field} value=${text} change=${setText} required maxlength="256" />`}
      <p class="form-error" role="alert">${failure}</p>
      <p class="dialog-actions">
        <button class="button" type="button" onClick=${() => done(false)}>Cancel</button>
        ${asksText && html`<button class="button button-primary" type="submit" disabled=${busy}>Continue</button>`}
      </p>
    </form>
  </dialog>`;
}
