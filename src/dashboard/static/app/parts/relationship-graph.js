import { html } from "../ui/preact.js";
import { entityPath } from "./story-list.js";

const WIDTH = 640;
const HEIGHT = 420;
const MOST_DRAWN = 14;
const LONGEST_NAME = 16;

/**
 * One entity in the middle and around it those it is told of with: the more stories, the thicker
 * the line and the nearer. The table beside it says the same in words.
 *
 * @param {object} properties
 * @param {string} properties.label of the entity in the middle
 * @param {any[]} properties.relations most stories first
 */
export function RelationshipGraph({ label, relations }) {
  const drawn = relations.slice(0, MOST_DRAWN);
  const most = Math.max(...drawn.map(({ stories }) => stories), 1);
  const nodes = drawn.map((relation, index) => ({
    relation,
    share: relation.stories / most,
    ...placeOf(index, drawn.length, relation.stories / most),
  }));
  return html`<svg class="relations" viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} role="group" aria-label=${`Who is told of together with ${label}`}>
    ${nodes.map(
      ({ x, y, share, relation }) => html`<line
        key=${keyOf(relation)}
        class="relation"
        x1=${WIDTH / 2}
        y1=${HEIGHT / 2}
        x2=${x}
        y2=${y}
        stroke-width=${1 + 5 * share}
      />`,
    )}
    ${nodes.map(({ x, y, share, relation }) => html`<${Node} key=${keyOf(relation)} x=${x} y=${y} share=${share} relation=${relation} />`)}
    <circle class="relation-self" cx=${WIDTH / 2} cy=${HEIGHT / 2} r="34" />
    <text class="relation-name relation-name-self" x=${WIDTH / 2} y=${HEIGHT / 2 + 4}>${short(label)}</text>
  </svg>`;
}

/** @param {any} properties */
function Node({ x, y, share, relation }) {
  const { with: other, kind, stories } = relation;
  return html`<a href=${entityPath(other)} aria-label=${`${other.name}: ${kindText(kind)}, ${stories} stories`}>
    <circle class="relation-node" data-type=${other.type} cx=${x} cy=${y} r=${12 + 10 * share} />
    <text class="relation-name" x=${x} y=${y + 26 + 10 * share}>${short(other.name)}</text>
    <title>${`${other.name}: ${kindText(kind)}, ${stories} stories`}</title>
  </a>`;
}

/** @param {any} relation */
export function keyOf({ with: other, kind, role }) {
  return `${other.type} ${other.name} ${kind} ${role}`;
}

/** @param {string} kind */
export function kindText(kind) {
  return kind.replaceAll("_", " ");
}

/**
 * @param {number} index
 * @param {number} count
 * @param {number} share of the most stories, 0 to 1
 */
function placeOf(index, count, share) {
  // Every second one stands further out, so that names do not lie over each other.
  const distance = 0.98 - 0.22 * share - (index % 2 ? 0.18 : 0);
  const angle = (2 * Math.PI * index) / count - Math.PI / 2;
  return {
    x: WIDTH / 2 + Math.cos(angle) * distance * (WIDTH / 2 - 70),
    y: HEIGHT / 2 + Math.sin(angle) * distance * (HEIGHT / 2 - 40),
  };
}

/** @param {string} name */
function short(name) {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
}
