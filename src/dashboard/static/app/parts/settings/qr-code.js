import { svg } from "../../dom.js";
import { Native } from "../../ui/native.js";
import { html, useEffect, useState } from "../../ui/preact.js";

const QUIET = 4; // modules of white around it, as ISO/IEC 18004 asks for

/**
 * A QR code, drawn in the page: what it holds goes nowhere.
 *
 * @param {{text: string, label: string}} properties
 */
export function QrCode({ text, label }) {
  const [qrcode, setLibrary] = useState(/** @type {any} */ (null));
  useEffect(() => {
    import("../../../vendor/qrcode.mjs").then((library) => setLibrary(() => library.qrcode));
  }, []);
  if (!qrcode) return html`<span class="qr-code skeleton"></span>`;
  return html`<${Native} class="qr-code" make=${() => draw(qrcode, text, label)} />`;
}

/**
 * @param {any} qrcode
 * @param {string} text
 * @param {string} label
 */
function draw(qrcode, text, label) {
  const code = qrcode(0, "M");
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  let path = "";
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (code.isDark(y, x)) path += `M${x + QUIET} ${y + QUIET}h1v1h-1z`;
    }
  }
  const side = size + 2 * QUIET;
  return svg(
    "svg",
    { viewBox: `0 0 ${side} ${side}`, role: "img", "aria-label": label, "shape-rendering": "crispEdges" },
    svg("rect", { width: side, height: side, class: "qr-light" }),
    svg("path", { d: path, class: "qr-dark" }),
  );
}
