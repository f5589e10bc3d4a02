import { isOn } from "../flags.js";
import { Empty, Skeleton } from "./page.js";
import { html, useEffect, useState } from "./preact.js";

/**
 * Shows a feature, or that it is switched off for the reader.
 *
 * @param {{name: string, children: any}} properties
 */
export function Feature({ name, children }) {
  const [on, setOn] = useState(/** @type {boolean | null} */ (null));
  useEffect(() => {
    isOn(name).then(setOn);
  }, [name]);
  if (on === null) return html`<${Skeleton} rows=${2} />`;
  if (on) return children;
  return html`<${Empty}
    title="This is switched off"
    text="The operator has switched this feature off, or not yet on for your account."
  />`;
}
