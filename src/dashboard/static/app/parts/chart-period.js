import { ChoiceGroup } from "../ui/choices.js";
import { useQuery } from "../ui/page.js";
import { html } from "../ui/preact.js";

const PERIODS = ["1", "7", "30"];
const USUAL = "7";

/** @returns {string} how many days the charts of a page show, as its address says */
export function usePeriod() {
  const [query] = useQuery();
  const asked = query.get("days") ?? "";
  return PERIODS.includes(asked) ? asked : USUAL;
}

/** Chooses how many days the charts of a page show. @param {{days: string}} properties */
export function PeriodChoice({ days }) {
  const [, setQuery] = useQuery();
  return html`<${ChoiceGroup}
    label="Period of the charts"
    choices=${PERIODS.map((value) => ({ value, label: `${value} d` }))}
    chosen=${days}
    choose=${(/** @type {string} */ value) => setQuery({ days: value === USUAL ? null : value })}
  />`;
}
