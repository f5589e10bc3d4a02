import { Fired } from "../parts/alerts/fired.js";
import { useRules } from "../parts/alerts/changes.js";
import { RuleForm } from "../parts/alerts/rule-form.js";
import { RuleList } from "../parts/alerts/rule-list.js";
import { Webhooks } from "../parts/alerts/webhooks.js";
import { Empty, PageHead, SignInFirst, Skeleton, useQuery, useView, View } from "../ui/page.js";
import { html } from "../ui/preact.js";
import { useUser } from "../ui/store.js";
import { UndoBar, useUndo } from "../ui/undo.js";

const TABS = [
  { name: undefined, href: "/alerts", label: "Rules" },
  { name: "history", href: "/alerts/history", label: "What fired" },
  { name: "webhooks", href: "/alerts/webhooks", label: "Webhooks" },
];

/**
 * What the reader wants to be told of: /alerts, /alerts/history, /alerts/webhooks, /alerts/new and
 * /alerts/<rule>, where one is written and tried on the past.
 *
 * @param {{parameters: (string | undefined)[]}} properties
 */
function AlertRules({ parameters: [part] }) {
  const { user, known } = useUser();
  return html`
    <${PageHead} title="Alert rules"
      lead="A rule says which signals you want to be told of. Try it on the past before you save it: how often it would have spoken, and what followed." />
    ${!known ? html`<${Skeleton} />` : user ? html`<${Own} key=${user.email} part=${part} />` : html`<${SignInFirst} title="Sign in to keep alert rules"
      text="A rule tells you of the signals you choose: by kind, asset or watchlist, strength and confidence. It can send them to your webhooks." />`}
  `;
}

/** @param {{part: string | undefined}} properties */
function Own({ part }) {
  const view = useView("alerts", {}, { live: ["tick", "signal"] });
  const undo = useUndo();
  const rules = useRules(view, undo);
  const [query] = useQuery();
  const isTab = TABS.some(({ name }) => name === part);
  return html`
    ${isTab && html`<nav class="choice-group alert-tabs" aria-label="Alerts">
      ${TABS.map((tab) => html`<a key=${tab.href} class="choice" href=${tab.href} aria-current=${tab.name === part ? "page" : null}>${tab.label}</a>`)}
    </nav>`}
    <${UndoBar} of=${undo} />
    <${View} of=${view}>${(/** @type {any} */ data) => {
      if (part === undefined) return html`<${RuleList} data=${data} rules=${rules} />`;
      if (part === "history") return html`<${Fired} fired=${data.fired} hasRules=${data.rules.length > 0} />`;
      if (part === "webhooks") return html`<${Webhooks} hooks=${data.webhooks} reload=${view.reload} undo=${undo} />`;
      const rule = data.rules.find((/** @type {any} */ one) => one.rule_id === part) ?? null;
      if (!rule && part !== "new") return html`<${Empty} title="There is no such rule" text="It may have been removed."><a class="button" href="/alerts">All rules</a><//>`;
      return html`<${RuleForm} key=${part} rule=${rule} data=${data} rules=${rules} watchlist=${query.get("watchlist")} />`;
    }}<//>`;
}

export default { title: "Alert rules", Page: AlertRules };
