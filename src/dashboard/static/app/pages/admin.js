import { SectionTabs } from "../parts/section-tabs.js";
import { Empty, PageHead, SignInFirst, Skeleton, useView, View } from "../ui/page.js";
import { html } from "../ui/preact.js";
import { useUser } from "../ui/store.js";
import { Alerts } from "./admin/alerts.js";
import { Audit } from "./admin/audit.js";
import { Flags } from "./admin/flags.js";
import { Runs } from "./admin/runs.js";
import { Sources } from "./admin/sources.js";
import { Users } from "./admin/users.js";

const TABS = /** @type {const} */ ([
  { name: "alerts", href: "/admin", label: "Alerts", Part: Alerts },
  { name: "users", href: "/admin/users", label: "Accounts", Part: Users },
  { name: "flags", href: "/admin/flags", label: "Feature flags", Part: Flags },
  { name: "sources", href: "/admin/sources", label: "Sources", Part: Sources },
  { name: "runs", href: "/admin/runs", label: "Run log", Part: Runs },
  { name: "audit", href: "/admin/audit", label: "Audit log", Part: Audit },
]);

export default { title: "Admin", Page: AdminPage };

/** @param {{parameters: (string | undefined)[]}} properties */
function AdminPage({ parameters: [name = "alerts"] }) {
  const { user, known } = useUser();
  const tab = TABS.find((one) => one.name === name);
  const title = "Admin";
  if (!known) return html`<${PageHead} title=${title} /><${Skeleton} rows=${6} />`;
  if (!user) {
    return html`<${PageHead} title=${title} />
      <${SignInFirst} title="Sign in as an administrator" text="Accounts, feature flags, sources and runs are looked after here." />`;
  }
  if (!tab) {
    return html`<${PageHead} title=${title} /><${Empty} title="There is nothing here" text="This part of the administration does not exist.">
      <a class="button" href="/admin">Go to the alerts</a><//>`;
  }
  return html`<${Office} key=${user.email} tab=${tab} />`;
}

/** @param {{tab: typeof TABS[number]}} properties */
function Office({ tab }) {
  const view = useView("admin", {}, { live: ["tick"] });
  const open = (view.data?.alerts ?? []).filter((/** @type {any} */ one) => one.state === "open").length;
  const tabs = TABS.map(({ name, href, label }) => ({ href, label, count: name === "alerts" ? open : 0 }));
  return html`
    <${PageHead} title="Admin" />
    <${SectionTabs} label="Administration" tabs=${tabs} current=${tab.href} />
    <${View} of=${view} skeleton=${html`<${Skeleton} rows=${6} />`}>
      ${(/** @type {any} */ data) => html`<${tab.Part} data=${data} reload=${view.reload} />`}
    <//>
  `;
}
