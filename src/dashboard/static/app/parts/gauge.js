import { html } from "../ui/preact.js";

const [RADIUS, CENTRE_X, CENTRE_Y] = [52, 64, 62];
const GAP = 0.012; // of the half circle, between its parts
const PARTS = 5;

/**
 * A half circle in five parts with a needle; the text beside it says the same.
 *
 * @param {{share: number}} properties where the needle points, 0 (left) to 1
 */
export function Gauge({ share }) {
  const at = Math.min(1, Math.max(0, share));
  const part = Math.min(PARTS - 1, Math.floor(at * PARTS));
  const [x, y] = point(at, RADIUS - 14);
  return html`<svg class="gauge" viewBox="0 0 128 70" aria-hidden="true">
    ${Array.from({ length: PARTS }, (_, index) => {
      const [from, to] = [index / PARTS + GAP, (index + 1) / PARTS - GAP];
      return html`<path
        key=${index}
        class="gauge-part"
        data-part=${index}
        data-here=${index === part ? "" : undefined}
        d=${`M${point(from, RADIUS).join(" ")}A${RADIUS} ${RADIUS} 0 0 1 ${point(to, RADIUS).join(" ")}`}
      />`;
    })}
    <path class="gauge-needle" d=${`M${CENTRE_X} ${CENTRE_Y}L${x} ${y}`} />
    <circle class="gauge-hub" cx=${CENTRE_X} cy=${CENTRE_Y} r="4" />
  </svg>`;
}

/**
 * @param {number} share of the half circle, from its left end
 * @param {number} radius
 * @returns {[string, string]}
 */
function point(share, radius) {
  const angle = Math.PI * (1 - share);
  return [
    (CENTRE_X + radius * Math.cos(angle)).toFixed(1),
    (CENTRE_Y - radius * Math.sin(angle)).toFixed(1),
  ];
}
