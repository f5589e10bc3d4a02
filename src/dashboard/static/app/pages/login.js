import { SignIn } from "../parts/sign-in/sign-in.js";
import { navigate } from "../router.js";
import { nextPath } from "../session.js";
import { html, render } from "../ui/preact.js";

function Login() {
  const next = nextPath();
  const query = next === "/" ? "" : `?next=${encodeURIComponent(next)}`;
  return html`<section class="lone login">
    <h1 class="lone-title">Sign in to CryptoIntel</h1>
    <div class="login-card">
      <${SignIn} then=${() => navigate(next)} next=${next} />
    </div>
    <p class="login-other">New here? <a href=${`/sign-up${query}`}>Create an account</a></p>
  </section>`;
}

/**
 * The same for pages that are not components.
 *
 * @param {() => void} then what follows once the store knows who is signed in
 * @returns {HTMLElement}
 */
export function signInForm(then) {
  const place = document.createElement("div");
  place.className = "login-card";
  render(html`<${SignIn} then=${then} next=${location.pathname + location.search} />`, place);
  return place;
}

export default { title: "Sign in", Page: Login };
