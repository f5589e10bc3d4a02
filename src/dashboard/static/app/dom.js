/** @typedef {Node | string | number | null | undefined | false} Child */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Builds an element. Text always becomes a text node, so data cannot become markup.
 *
 * Properties: `class`, `data` (dataset entries), `on` (listeners by event name), anything else is
 * an attribute; `true` sets an empty one, `false`, `null` and `undefined` set none.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [properties]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  const { data, on, ...attributes } = properties;
  for (const [name, value] of Object.entries(data ?? {})) element.dataset[name] = String(value);
  for (const [name, listener] of Object.entries(on ?? {})) element.addEventListener(name, listener);
  setAttributes(element, attributes);
  append(element, children);
  return element;
}

/**
 * Builds an SVG element.
 *
 * @param {string} tag
 * @param {Record<string, string | number | boolean>} attributes
 * @param {...SVGElement} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes, ...children) {
  const element = /** @type {SVGElement} */ (document.createElementNS(SVG, tag));
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}

/**
 * Replaces what is inside an element.
 *
 * @param {Element} element
 * @param {...(Child | Child[])} children
 */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
}

/**
 * Makes `wanted` the children of an element. Only what is new or elsewhere is moved, so open
 * details stay open; what had the focus keeps it, unless it is gone.
 *
 * @param {Element} element
 * @param {Element[]} wanted
 */
export function arrange(element, wanted) {
  keepFocus(() => {
    wanted.forEach((child, index) => {
      const there = element.children[index];
      if (there !== child) element.insertBefore(child, there ?? null);
    });
    while (element.children.length > wanted.length) element.lastElementChild?.remove();
  });
}

/** @param {() => void} move work that moves elements, which takes the focus from them */
export function keepFocus(move) {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  move();
  if (focused?.isConnected && focused !== document.activeElement) {
    focused.focus({ preventScroll: true });
  }
}

/**
 * Sets text only when it differs, so that an unchanged value costs no layout and no announcement.
 *
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * @param {() => void} work
 * @returns {() => void} asks for the work to be done before the next frame, once however often asked
 */
export function oncePerFrame(work) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      work();
    });
  };
}

/**
 * A link to somewhere else, or plain text when the address is not http(s).
 *
 * @param {string | null} url untrusted
 * @param {string} text
 * @param {string} [className]
 * @returns {HTMLElement}
 */
export function outsideLink(url, text, className = "") {
  const target = url && URL.canParse(url) ? new URL(url) : null;
  if (!target || !["http:", "https:"].includes(target.protocol)) {
    return h("span", { class: className || null }, text);
  }
  return h(
    "a",
    { class: className || null, href: target.href, target: "_blank", rel: "noopener noreferrer" },
    text,
  );
}

/**
 * @param {Element} element
 * @param {Record<string, any>} attributes
 */
function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
}

/**
 * @param {Element} element
 * @param {(Child | Child[])[]} children
 */
function append(element, children) {
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}
