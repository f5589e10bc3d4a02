/**
 * A squarified treemap (Bruls, Huizing and van Wijk, 2000): rectangles of given areas that fill a
 * rectangle, each as near to a square as can be had by laying row after row along the shorter side.
 *
 * @param {number[]} sizes positive, the largest first
 * @param {number} width
 * @param {number} height
 * @returns {{x: number, y: number, width: number, height: number}[]} one for each size
 */
export function treemap(sizes, width, height) {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total === 0 || width <= 0 || height <= 0) return [];
  const scale = (width * height) / total;
  const areas = sizes.map((size) => size * scale);
  /** @type {ReturnType<typeof treemap>} */
  const placed = [];
  const left = { x: 0, y: 0, width, height };
  let first = 0;
  while (first < areas.length) {
    const side = Math.min(left.width, left.height);
    let last = first + 1;
    let sum = areas[first];
    while (last < areas.length) {
      const larger = sum + areas[last];
      if (worst(areas[first], areas[last], larger, side) > worst(areas[first], areas[last - 1], sum, side))
        break;
      sum = larger;
      last += 1;
    }
    lay(areas.slice(first, last), sum, left, placed);
    first = last;
  }
  return placed;
}

/**
 * @param {number} largest
 * @param {number} smallest
 * @param {number} sum of the row
 * @param {number} side that the row lies along
 * @returns {number} how long the most oblong rectangle of the row is, in its widths
 */
function worst(largest, smallest, sum, side) {
  return Math.max((side * side * largest) / (sum * sum), (sum * sum) / (side * side * smallest));
}

/**
 * Lays a row along the shorter side of what is left, and takes it off.
 *
 * @param {number[]} areas
 * @param {number} sum
 * @param {{x: number, y: number, width: number, height: number}} left
 * @param {ReturnType<typeof treemap>} placed
 */
function lay(areas, sum, left, placed) {
  const upright = left.width >= left.height;
  const depth = sum / (upright ? left.height : left.width);
  let along = 0;
  for (const area of areas) {
    const length = area / depth;
    placed.push(
      upright
        ? { x: left.x, y: left.y + along, width: depth, height: length }
        : { x: left.x + along, y: left.y, width: length, height: depth },
    );
    along += length;
  }
  if (upright) {
    left.x += depth;
    left.width -= depth;
  } else {
    left.y += depth;
    left.height -= depth;
  }
}
