import { store } from "../../store.js";
import { html, useEffect, useRef, useState } from "../../ui/preact.js";

/**
 * Recovery codes, shown this once.
 *
 * @param {{codes: string[], close: () => void}} properties
 */
export function RecoveryCodes({ codes, close }) {
  const [copied, setCopied] = useState(false);
  const title = useRef(/** @type {any} */ (null));
  useEffect(() => title.current.focus(), []);
  const text = `CryptoIntel recovery codes of ${store.user?.email}\nEach works once.\n\n${codes.join("\n")}\n`;
  const copy = () => navigator.clipboard.writeText(text).then(() => setCopied(true), () => {});
  const download = () => {
    const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    const link = Object.assign(document.createElement("a"), { href: address, download: "cryptointel-recovery-codes.txt" });
    link.click();
    URL.revokeObjectURL(address);
  };
  return html`<div class="recovery" role="group" aria-labelledby="recovery-title">
    <h3 class="recovery-title" id="recovery-title" tabindex="-1" ref=${title}>Keep these recovery codes</h3>
    <p class="settings-note">
      Each lets you in once when your app is not at hand. They are shown this once; keep them where you keep what matters.
    </p>
    <ol class="recovery-codes">${codes.map((code) => html`<li key=${code}><code>${code}</code></li>`)}</ol>
    <p class="form-actions">
      <button class="button" type="button" onClick=${copy}>${copied ? "Copied" : "Copy"}</button>
      <button class="button" type="button" onClick=${download}>Download</button>
      <button class="button button-primary" type="button" onClick=${close}>I have kept them</button>
    </p>
  </div>`;
}
