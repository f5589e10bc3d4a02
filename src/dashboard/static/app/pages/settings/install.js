import { install, installState } from "../../install.js";
import { html, useEffect, useState } from "../../ui/preact.js";

const TOLD = {
  installed: "CryptoIntel is installed on this device.",
  offered: "Install CryptoIntel to open it like an app: from your home screen, full screen, and readable without a network.",
  "by-hand": "To install CryptoIntel on this device, tap Share in Safari, then Add to Home Screen.",
  none: "Your browser offers no installation here. In Chrome, Edge or Safari, look for Install or Add to Home Screen in the menu.",
};

/** How the app gets onto this device. */
export function Install() {
  const [state, setState] = useState(installState());
  useEffect(() => {
    const renew = () => setState(installState());
    addEventListener("installchange", renew);
    return () => removeEventListener("installchange", renew);
  }, []);
  return html`<section class="panel" aria-labelledby="install-title">
    <div class="panel-head"><h2 class="panel-title" id="install-title">The app</h2></div>
    <p class="quiet">${TOLD[state]}</p>
    ${state === "offered" &&
    html`<p class="notifications-actions">
      <button class="button button-primary" type="button" onClick=${() => install()}>Install</button>
    </p>`}
  </section>`;
}
