import { Field } from "../parts/sign-in/field.js";
import { navigate } from "../router.js";
import { nextPath, register, signInByPassword } from "../session.js";
import { store } from "../store.js";
import { html, useRef, useState } from "../ui/preact.js";

const LEAST = 12;
const TAKEN =
  "There may be an account with this address already. Sign in to it with its own password.";

function SignUp() {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const [failure, setFailure] = useState("");
  const [busy, setBusy] = useState(false);
  const field = useRef(/** @type {any} */ (null));
  const next = nextPath();

  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    setFailure("");
    try {
      await register(email, password);
      await signInByPassword(email, password);
      await store.loadUser();
      navigate(next);
    } catch (error) {
      const { kind, message } = /** @type {any} */ (error);
      setFailure(kind === "wrong-credentials" ? TAKEN : message);
      field.current?.focus();
    } finally {
      setBusy(false);
    }
  };
  return html`<section class="lone login">
    <h1 class="lone-title">Create your account</h1>
    <form class="login-card" method="post" action="/session" onSubmit=${submit}>
      <${Field} label="E-mail" type="email" name="email" required autocomplete="username"
        value=${email} change=${setEmail} />
      <${Field} label="Password" type=${shown ? "text" : "password"} name="password" required minlength=${LEAST}
        maxlength="256" autocomplete="new-password" inputRef=${field} value=${password} change=${setPassword}
        hint=${`At least ${LEAST} characters. Three or four unrelated words are easy to keep and hard to guess.`} />
      <label class="check"><input type="checkbox" checked=${shown} onChange=${() => setShown(!shown)} />Show what I type</label>
      <p class="form-error" role="alert">${failure}</p>
      <button class="button button-primary button-wide" type="submit" disabled=${busy}>
        ${busy ? "Creating…" : "Create account"}
      </button>
      <p class="login-note">
        We send no e-mail: your address is not verified, and a forgotten password cannot be reset.
        Add a passkey in the settings to have a second way in.
      </p>
    </form>
    <p class="login-other">
      Have an account? <a href=${`/login?next=${encodeURIComponent(next)}`}>Sign in</a>
    </p>
  </section>`;
}

export default { title: "Create an account", Page: SignUp };
