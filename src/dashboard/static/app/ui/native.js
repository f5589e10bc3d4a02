import { html, useEffect, useLayoutEffect, useRef } from "./preact.js";

/**
 * Puts an element that a part built (dom.js, or a chart library) into a component.
 *
 * `make` is called once, when the component appears; what it returns may be the element alone, or
 * the element with `update`, which is called with every new `value`. The part's lifetime ends with
 * the component's. Another `key` makes the part anew.
 *
 * @param {object} properties
 * @param {(lifetime: AbortSignal) => Element | {element: Element, update?: (value: any) => void}} properties.make
 * @param {any} [properties.value]
 * @param {string} [properties.class]
 */
export function Native({ make, value, class: className }) {
  const place = useRef(null);
  const made = useRef(/** @type {any} */ (null));
  useLayoutEffect(() => {
    const lifetime = new AbortController();
    const part = make(lifetime.signal);
    made.current = part instanceof Element ? { element: part } : part;
    /** @type {any} */ (place.current).replaceChildren(made.current.element);
    return () => lifetime.abort();
  }, []);
  useEffect(() => made.current.update?.(value), [value]);
  return html`<div class=${className} ref=${place}></div>`;
}
