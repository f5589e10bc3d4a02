import { Profile } from "../parts/settings/profile.js";
import { FAILURES } from "../session.js";
import { PageHead, SignInFirst, Skeleton } from "../ui/page.js";
import { html, useEffect, useState } from "../ui/preact.js";
import { useUser } from "../ui/store.js";

/**
 * @typedef {object} Section
 * @property {string} name in the address
 * @property {string} label
 * @property {() => Promise<any>} load a component
 */

/** @type {Section[]} */
const SECTIONS = [
  { name: "profile", label: "Profile", load: async () => Profile },
  {
    name: "security",
    label: "Security",
    load: async () => (await import("../parts/settings/security.js")).SecuritySection,
  },
  {
    name: "sessions",
    label: "Sessions",
    load: async () => (await import("../parts/settings/sessions.js")).Sessions,
  },
  {
    name: "notifications",
    label: "Notifications",
    load: async () => (await import("./settings/notifications.js")).Notifications,
  },
  {
    name: "keys",
    label: "API keys",
    load: async () => (await import("../parts/settings/keys.js")).Keys,
  },
  {
    name: "apps",
    label: "Connected apps",
    load: async () => (await import("../parts/settings/apps.js")).Apps,
  },
  {
    name: "privacy",
    label: "Privacy",
    load: async () => (await import("../parts/settings/privacy.js")).Privacy,
  },
];

/** @param {{parameters: (string | undefined)[]}} properties */
function Settings({ parameters: [chosen] }) {
  const { user, known } = useUser();
  const section = SECTIONS.find(({ name }) => name === chosen) ?? SECTIONS[0];
  return html`
    <${PageHead} title="Settings" />
    ${!known
      ? html`<${Skeleton} />`
      : user
        ? html`<div class="settings">
            <${Sections} current=${section.name} />
            <div class="settings-body"><${Shown} key=${section.name + user.email} section=${section} /></div>
          </div>`
        : html`<${SignInFirst} text="Settings belong to your account." />`}
  `;
}

/** @param {{current: string}} properties */
function Sections({ current }) {
  return html`<nav class="settings-nav" aria-label="Settings">
    <ul>
      ${SECTIONS.map(({ name, label }) => html`<li key=${name}>
        <a href=${`/settings/${name}`} aria-current=${name === current ? "page" : null}>${label}</a>
      </li>`)}
    </ul>
  </nav>`;
}

/** @param {{section: Section}} properties */
function Shown({ section }) {
  const [Part, setPart] = useState(/** @type {any} */ (null));
  const [missing, setMissing] = useState(false);
  const failed = FAILURES[new URLSearchParams(location.search).get("failed") ?? ""];
  useEffect(() => {
    section.load().then(
      (component) => setPart(() => component),
      () => setMissing(true),
    );
  }, []);
  if (missing) return html`<p class="notice notice-stale" role="alert">This part could not be loaded. Reload the page.</p>`;
  if (!Part) return html`<${Skeleton} />`;
  return html`${failed && html`<p class="notice notice-stale" role="alert">${failed}</p>`}<${Part} />`;
}

export default { title: "Settings", Page: Settings };
