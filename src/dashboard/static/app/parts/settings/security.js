import { fetchSecurity } from "../../session.js";
import { html } from "../../ui/preact.js";
import { Asked, useAsked } from "./asked.js";
import { Linked } from "./linked.js";
import { Passkeys } from "./passkeys.js";
import { Password } from "./password.js";
import { SecondFactor } from "./second-factor.js";

export function SecuritySection() {
  const security = useAsked(fetchSecurity);
  return html`<${Asked} of=${security}>${(/** @type {any} */ told) => html`
    <${Passkeys} security=${told} reload=${security.reload} />
    <${Password} security=${told} reload=${security.reload} />
    <${SecondFactor} security=${told} reload=${security.reload} />
    <${Linked} security=${told} reload=${security.reload} />
  `}<//>`;
}
