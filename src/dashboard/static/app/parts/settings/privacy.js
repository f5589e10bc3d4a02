import { get } from "../../api.js";
import { navigate } from "../../router.js";
import { eraseAccount } from "../../session.js";
import { store } from "../../store.js";
import { html, useState } from "../../ui/preact.js";
import { Field } from "../sign-in/field.js";
import { Outcome, Panel, useAction } from "./asked.js";

export function Privacy() {
  return html`<${Export} /><${Erase} />`;
}

function Export() {
  const action = useAction();
  const download = () =>
    action.run(async () => {
      const all = await get("/api/v1/me/export");
      const address = URL.createObjectURL(new Blob([JSON.stringify(all, null, 2)], { type: "application/json" }));
      Object.assign(document.createElement("a"), { href: address, download: "cryptointel-export.json" }).click();
      URL.revokeObjectURL(address);
    }, "The export was downloaded.");
  return html`<${Panel} title="Your data" note="Everything that is stored of you, as one JSON document: profile, sessions, ways to sign in, keys without their secrets, watchlists, rules, webhooks, feeds, notifications, usage and payments."
    action=${html`<button class="button" type="button" disabled=${action.busy} onClick=${download}>Download</button>`}>
    <${Outcome} of=${action} />
  <//>`;
}

function Erase() {
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const action = useAction();
  const email = store.user?.email ?? "";
  const erase = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!(await action.run(eraseAccount))) return;
    await store.loadUser();
    navigate("/");
  };
  return html`<${Panel} title="Erase your account" note="At once and for good: your lists, rules, keys, sessions and everything else you own. Payments stay in the books, without your name."
    action=${!open && html`<button class="button button-danger" type="button" onClick=${() => setOpen(true)}>Erase…</button>`}>
    ${open && html`<form class="settings-form" onSubmit=${erase}>
      <${Field} label=${`Type ${email} to confirm`} required autocomplete="off" spellcheck=${false} value=${typed} change=${setTyped} />
      <p class="form-actions">
        <button class="button button-danger" type="submit" disabled=${action.busy || typed.trim() !== email}>Erase my account</button>
        <button class="button" type="button" onClick=${() => setOpen(false)}>Keep it</button>
      </p>
    </form>`}
    <${Outcome} of=${action} />
  <//>`;
}
