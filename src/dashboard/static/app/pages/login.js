import { signIn } from "../api.js";
import { h } from "../dom.js";
import { navigate, setTitle } from "../router.js";
import { store } from "../store.js";

/** @type {import("../router.js").Page} */
export function showLogin(main) {
  setTitle("Sign in");
  main.append(
    h(
      "section",
      { class: "lone login" },
      h("h1", { class: "lone-title" }, "Sign in to CryptoIntel"),
      h("p", { class: "lone-text" }, "Use the e-mail and password of your account."),
      signInForm(() => navigate("/")),
    ),
  );
}

/** @param {() => void} then what follows once the store knows who is signed in */
export function signInForm(then) {
  const failure = h("p", { class: "form-error", role: "alert", id: "login-error" });
  const email = h("input", {
    class: "input",
    id: "email",
    name: "email",
    type: "email",
    autocomplete: "username",
    required: true,
    "aria-describedby": "login-error",
  });
  const password = h("input", {
    class: "input",
    id: "password",
    name: "password",
    type: "password",
    autocomplete: "current-password",
    required: true,
    "aria-describedby": "login-error",
  });
  const submit = h(
    "button",
    { class: "button button-primary button-wide", type: "submit" },
    "Sign in",
  );
  const form = h(
    "form",
    { class: "login-form", method: "post", action: "/session" },
    h("div", { class: "field" }, h("label", { for: "email" }, "E-mail"), email),
    h("div", { class: "field" }, h("label", { for: "password" }, "Password"), password),
    failure,
    submit,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failure.textContent = "";
    submit.disabled = true;
    submit.textContent = "Signing in…";
    try {
      await signIn(email.value, password.value);
      await store.loadUser();
      then();
    } catch (error) {
      failure.textContent = /** @type {Error} */ (error).message;
      password.focus();
      password.select();
    } finally {
      submit.disabled = false;
      submit.textContent = "Sign in";
    }
  });
  return form;
}
