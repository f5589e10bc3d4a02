import { change } from "../../api.js";
import { queued } from "../../offline.js";
import { navigate } from "../../router.js";
import { useEffect, useState } from "../../ui/preact.js";
import { draftOf, ruleOf } from "./draft.js";

const PATH = "/api/v1/alert-rules";

/** What was done before another page was opened, until that page says so. @type {{text: string, rule: any} | null} */
let done = null;

/**
 * What a reader can do to his rules; what is refused is told, and everything is shown as it is.
 *
 * @param {import("../../ui/page.js").Loaded} view
 * @param {import("../../ui/undo.js").Undo} undo
 */
export function useRules(view, undo) {
  const [busy, setBusy] = useState(false);

  /** @param {() => Promise<void>} work */
  const doing = async (work) => {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      undo.fail(error);
    } finally {
      await view.reload();
      setBusy(false);
    }
  };
  /** @param {any} rule @param {object} changes */
  const put = (rule, changes) =>
    queued(
      "PUT",
      `${PATH}/${rule.rule_id}`,
      { ...ruleOf(draftOf(rule)), ...changes },
      `Change ${rule.name}`,
    );
  /** @param {any} rule */
  const restore = (rule) => doing(async () => void (await change("POST", PATH, ruleOf(draftOf(rule)))));

  useEffect(() => {
    if (!done) return;
    const { text, rule } = done;
    done = null;
    undo.tell(text, rule && (() => restore(rule)));
  }, []);

  return {
    busy,
    /** @param {any} rule @param {object} changes @param {string} says */
    set: (rule, changes, says) =>
      doing(async () => {
        await put(rule, changes);
        undo.tell(says, () => doing(async () => void (await put(rule, {}))));
      }),
    /** @param {any} rule */
    remove: (rule) =>
      doing(async () => {
        await queued("DELETE", `${PATH}/${rule.rule_id}`, undefined, `Remove ${rule.name}`);
        undo.tell(`Removed ${rule.name}, and the record of its alerts.`, () => restore(rule));
      }),
    /** @param {import("./draft.js").Draft} draft @param {string | null} ruleId null for a new one */
    save: (draft, ruleId) =>
      doing(async () => {
        if (ruleId) await change("PUT", `${PATH}/${ruleId}`, ruleOf(draft));
        else await change("POST", PATH, ruleOf(draft));
        done = { text: `Saved ${draft.name.trim()}.`, rule: null };
        navigate("/alerts");
      }),
  };
}
