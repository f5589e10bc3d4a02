import { svg } from "../dom.js";

const WIDTH = 96;
const HEIGHT = 28;
const MARGIN = 2;

/** @returns {SVGElement} an empty sparkline; the row's numbers say the same in text */
export function sparkline() {
  return svg(
    "svg",
    {
      class: "sparkline",
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: "none",
      "aria-hidden": "true",
    },
    svg("path", { class: "sparkline-line" }),
  );
}

/**
 * @param {SVGElement} element made by `sparkline`
 * @param {(number | null)[] | undefined} points ascending in time, at equal steps
 */
export function setSparkline(element, points) {
  const known = (points ?? []).filter((point) => point !== null);
  const path = /** @type {Element} */ (element.firstElementChild);
  path.setAttribute("d", known.length < 2 ? "" : linePath(points ?? []));
  const rise = known.length < 2 ? 0 : known[known.length - 1] - known[0];
  element.dataset.direction = rise === 0 ? "flat" : rise > 0 ? "up" : "down";
}

/** @param {(number | null)[]} points */
function linePath(points) {
  const known = /** @type {number[]} */ (points.filter((point) => point !== null));
  const low = Math.min(...known);
  const span = Math.max(...known) - low || 1;
  const step = (WIDTH - 2 * MARGIN) / (points.length - 1);
  let path = "";
  points.forEach((point, index) => {
    if (point === null) return;
    const x = MARGIN + index * step;
    const y = HEIGHT - MARGIN - ((point - low) / span) * (HEIGHT - 2 * MARGIN);
    path += `${path ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return path;
}
