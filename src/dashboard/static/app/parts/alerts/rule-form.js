import { html, useEffect, useState } from "../../ui/preact.js";
import { useStore } from "../../ui/store.js";
import { store } from "../../store.js";
import { draftOf, newDraft, sentenceOf, whatLacks } from "./draft.js";
import { Preview } from "./preview.js";
import { About, Delivery, Kinds, Strength } from "./rule-fields.js";

/**
 * Writes a rule, says what it does, and tries it on the past before it is saved.
 *
 * @param {{rule: any, data: any, rules: any, watchlist: string | null}} properties `watchlist` is what a new rule is to follow
 */
export function RuleForm({ rule, data, rules, watchlist }) {
  useStore(["overview"], () => store.tick); // names of assets
  const [draft, setDraft] = useState(() => firstDraft(rule, watchlist));
  const [tried, setTried] = useState(false);
  useEffect(() => {
    const leaving = (/** @type {BeforeUnloadEvent} */ event) => event.preventDefault();
    const changed = JSON.stringify(draft) !== JSON.stringify(firstDraft(rule, watchlist));
    if (changed && !rules.busy) addEventListener("beforeunload", leaving);
    return () => removeEventListener("beforeunload", leaving);
  }, [draft, rules.busy]);
  /** @param {Partial<import("./draft.js").Draft>} changes */
  const set = (changes) => setDraft({ ...draft, ...changes });
  const lacks = whatLacks(draft) || (tried && !draft.name.trim() ? "Give the rule a name." : "");
  const save = (/** @type {Event} */ event) => {
    event.preventDefault();
    setTried(true);
    if (!whatLacks(draft) && draft.name.trim()) rules.save(draft, rule?.rule_id ?? null);
  };
  return html`<div class="rule-page">
    <form class="panel rule-form" onSubmit=${save} aria-labelledby="rule-title" novalidate>
      <h2 class="panel-title" id="rule-title">${rule ? `Edit ${rule.name}` : "New rule"}</h2>
      <p class="rule-sentence" aria-live="polite">${sentenceOf(draft, data.watchlists)}</p>
      <div class="form-row">
        <label for="rule-name">Name</label>
        <input id="rule-name" class="input" maxlength="80" required autocomplete="off" value=${draft.name}
          placeholder="What you call it" onInput=${(/** @type {any} */ event) => set({ name: event.target.value })} />
      </div>
      <${Kinds} draft=${draft} set=${set} />
      <${About} draft=${draft} set=${set} watchlists=${data.watchlists} />
      <${Strength} draft=${draft} set=${set} />
      <${Delivery} draft=${draft} set=${set} hooks=${data.webhooks} />
      <p class="form-error" role="alert">${lacks}</p>
      <div class="toolbar">
        <button class="button button-primary" type="submit" disabled=${rules.busy}>${rule ? "Save" : "Save the rule"}</button>
        <a class="button" href="/alerts">Cancel</a>
      </div>
    </form>
    <${Preview} draft=${draft} lacks=${whatLacks(draft)} />
  </div>`;
}

/** @param {any} rule @param {string | null} watchlist @returns {import("./draft.js").Draft} */
function firstDraft(rule, watchlist) {
  if (rule) return draftOf(rule);
  return watchlist ? { ...newDraft(), about: "watchlist", watchlist_id: watchlist } : newDraft();
}
