/** @import { Provider, Who } from "../../session.js" */
import { hasPasskeys, offersPasskeys, wasCancelled } from "../../passkeys.js";
import {
  FAILURES,
  fetchSession,
  leaveFor,
  PROVIDERS,
  signInByPasskey,
  signInByPassword,
} from "../../session.js";
import { store } from "../../store.js";
import { Icon } from "../../ui/icon.js";
import { html, useEffect, useRef, useState } from "../../ui/preact.js";
import { CodeForm } from "./code-form.js";
import { Field } from "./field.js";

/**
 * Every way to sign in that there is here, and the code that may follow.
 *
 * @param {object} properties
 * @param {() => void} properties.then what follows once the store knows who is signed in
 * @param {string} properties.next the page that follows a sign-in elsewhere
 */
export function SignIn({ then, next }) {
  const [who, setWho] = useState(/** @type {Who | null} */ (null));
  const [failure, setFailure] = useState(
    FAILURES[new URLSearchParams(location.search).get("failed") ?? ""] ?? "",
  );
  const [busy, setBusy] = useState(false);
  const waits = who?.next === "code";

  /** @param {() => Promise<Who | void>} signIn */
  const attempt = async (signIn) => {
    setBusy(true);
    setFailure("");
    try {
      await take(await signIn());
    } catch (error) {
      if (!wasCancelled(error)) setFailure(/** @type {Error} */ (error).message);
      throw error;
    } finally {
      setBusy(false);
    }
  };
  /** @param {Who | void} told */
  const take = async (told) => {
    if (!told) return;
    setWho(told);
    if (!told.user) return;
    await store.loadUser();
    then();
  };

  useEffect(() => {
    fetchSession().then(
      (told) => setWho((known) => known ?? told), // a quick reader has signed in meanwhile
      () => {},
    );
  }, []);
  useQuietPasskey(!waits, take);

  if (waits) {
    return html`<${CodeForm} attempt=${attempt} failure=${failure} busy=${busy}
      startAgain=${() => setWho({ .../** @type {Who} */ (who), next: null })} />`;
  }
  return html`<div class="sign-in">
    <${OtherWays} providers=${who?.providers ?? []} attempt=${attempt} busy=${busy} next=${next} />
    <${PasswordForm} attempt=${attempt} failure=${failure} busy=${busy} />
  </div>`;
}

/**
 * Offers passkeys among the suggestions of the e-mail field, as long as that is shown.
 *
 * @param {boolean} offered
 * @param {(told: Who) => Promise<void>} take
 */
function useQuietPasskey(offered, take) {
  useEffect(() => {
    if (!offered) return;
    const lifetime = new AbortController();
    offersPasskeys()
      .then((able) => able && !lifetime.signal.aborted && signInByPasskey({ quietly: lifetime.signal }))
      .then((told) => told && take(told))
      .catch(() => {}); // the button below says what is wrong
    return () => lifetime.abort();
  }, [offered]);
}

/** @param {{providers: Provider[], attempt: any, busy: boolean, next: string}} properties */
function OtherWays({ providers, attempt, busy, next }) {
  const byPasskey = () => attempt(signInByPasskey).catch(() => {});
  if (!hasPasskeys() && providers.length === 0) return null;
  return html`<div class="sign-in-ways">
    ${hasPasskeys() && html`<button class="button button-wide" type="button" disabled=${busy} onClick=${byPasskey}>
      <${Icon} name="key" />Use a passkey
    </button>`}
    ${providers.map((provider) => html`<button key=${provider} class="button button-wide" type="button" disabled=${busy}
      onClick=${() => attempt(() => leaveFor(provider, "sign-in", next)).catch(() => {})}>
      Continue with ${PROVIDERS[provider]}
    </button>`)}
    <p class="sign-in-or"><span>or by e-mail</span></p>
  </div>`;
}

/** @param {{attempt: any, failure: string, busy: boolean}} properties */
function PasswordForm({ attempt, failure, busy }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const field = useRef(/** @type {any} */ (null));
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      await attempt(() => signInByPassword(email, password));
    } catch {
      field.current?.focus();
      field.current?.select();
    }
  };
  return html`<form method="post" action="/session" onSubmit=${submit}>
    <${Field} label="E-mail" type="email" name="email" required autocomplete="username webauthn"
      value=${email} change=${setEmail} />
    <${Field} label="Password" type="password" name="password" required autocomplete="current-password"
      value=${password} change=${setPassword} inputRef=${field} />
    <p class="form-error" role="alert">${failure}</p>
    <button class="button button-primary button-wide" type="submit" disabled=${busy}>
      ${busy ? "Signing in…" : "Sign in"}
    </button>
  </form>`;
}
