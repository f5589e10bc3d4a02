/** @import { Security } from "../../session.js" */
import { setPassword } from "../../session.js";
import { store } from "../../store.js";
import { html, useState } from "../../ui/preact.js";
import { Field } from "../sign-in/field.js";
import { Outcome, Panel, useAction } from "./asked.js";

/** @param {{security: Security, reload: () => Promise<void>}} properties */
export function Password({ security, reload }) {
  const [open, setOpen] = useState(false);
  const [password, setText] = useState("");
  const action = useAction();
  const has = security.has_password;
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const done = "The new password is set. All other sessions and sign-ins have ended.";
    if (!(await action.run(() => setPassword(password), done))) return;
    setOpen(false);
    setText("");
    await reload();
  };
  return html`<${Panel} title="Password"
    note=${has ? "A new password ends all other sessions, and what you allowed to apps. API keys go on." : "You have none, and need none."}
    action=${!open && html`<button class="button" type="button" onClick=${() => setOpen(true)}>${has ? "Change" : "Set one"}</button>`}>
    ${open && html`<form class="settings-form" method="post" onSubmit=${submit}>
      <input class="visually-hidden" type="text" autocomplete="username" value=${store.user?.email} readonly tabindex="-1" aria-hidden="true" />
      <${Field} label="New password" type="password" autocomplete="new-password" required minlength="12" maxlength="256"
        value=${password} change=${setText} hint="At least 12 characters; three or four unrelated words are good." />
      <p class="form-actions">
        <button class="button button-primary" type="submit" disabled=${action.busy}>Set password</button>
        <button class="button" type="button" onClick=${() => setOpen(false)}>Cancel</button>
      </p>
    </form>`}
    <${Outcome} of=${action} />
  <//>`;
}
