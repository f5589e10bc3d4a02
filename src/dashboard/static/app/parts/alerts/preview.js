import { send } from "../../api.js";
import { formatCount, formatDayAndClock, formatDuration, formatPlain, formatRate, formatSigned } from "../../format.js";
import { ChoiceGroup } from "../../ui/choices.js";
import { Icon } from "../../ui/icon.js";
import { html, useEffect, useRef, useState } from "../../ui/preact.js";
import { Moment } from "../../ui/times.js";
import { typeLabel } from "../signal-types.js";
import { conditionOf } from "./draft.js";
import { DayBars } from "./day-bars.js";

const SHOWN = 12;

/** The rule on the stored past: how often it would have spoken, and what followed. @param {{draft: any, lacks: string}} properties */
export function Preview({ draft, lacks }) {
  const [days, setDays] = useState("7");
  const [told, setTold] = useState(/** @type {any} */ ({ status: "none" }));
  const turn = useRef(0);
  const asked = JSON.stringify({ ...conditionOf(draft), days: Number(days) });
  const attempt = async () => {
    const mine = ++turn.current;
    setTold({ status: "loading" });
    const next = await send("/api/v1/alert-rules/preview", JSON.parse(asked)).then(
      (data) => ({ status: "ready", data: data.stored, asked }),
      (error) => ({ status: "failed", error }),
    );
    if (mine === turn.current) setTold(next);
  };
  useEffect(() => {
    if (!lacks) attempt();
  }, [days]);
  return html`<section class="panel rule-preview" aria-labelledby="preview-title" aria-busy=${String(told.status === "loading")}>
    <div class="panel-head">
      <h2 class="panel-title" id="preview-title">On the past</h2>
      <${ChoiceGroup} label="How far back" chosen=${days} choose=${setDays}
        choices=${[{ value: "7", label: "7 days" }, { value: "14", label: "14 days" }, { value: "30", label: "30 days" }]} />
    </div>
    <div class="toolbar">
      <button class="button" type="button" disabled=${Boolean(lacks) || told.status === "loading"} onClick=${attempt}><${Icon} name="play" />Try it</button>
      ${told.status === "ready" && told.asked !== asked && html`<span class="chip" data-tone="warn">the rule was changed since</span>`}
    </div>
    ${told.status === "loading" && html`<span class="skeleton preview-skeleton"></span>`}
    ${told.status === "failed" && html`<p class="form-error" role="alert">${told.error.message}</p>`}
    ${told.status === "ready" && html`<${Result} of=${told.data} />`}
    ${told.status === "none" && html`<p class="quiet">${lacks || "See how often this rule would have spoken, and what came of it."}</p>`}
  </section>`;
}

/** @param {{of: any}} properties */
function Result({ of }) {
  const { fired, days, per_day, matched, complete, by_day, records, fires } = of;
  return html`
    <p class="preview-says" role="status">${fired === 0
      ? `It would not have fired in ${days} days.`
      : html`It would have fired <strong>${formatCount(fired)} ${fired === 1 ? "time" : "times"}</strong> in ${days} days, ${formatPlain(per_day)} a day; ${formatCount(matched)} signals match${complete ? "" : " (the newest of them)"}.`}</p>
    <${DayBars} days=${by_day} />
    <h3 class="preview-title">What followed</h3>
    ${records.length === 0
      ? html`<p class="quiet">None of these signals is judged yet.</p>`
      : html`<div class="table-place" tabindex="0" role="region" aria-label="What followed"><table class="table">
          <thead><tr><th scope="col">Within</th><th scope="col" class="number">Came true</th><th scope="col" class="number">By chance</th><th scope="col" class="number">Difference</th></tr></thead>
          <tbody>${records.map((/** @type {any} */ one) => html`<tr key=${one.horizon_seconds}>
            <td>${formatDuration(one.horizon_seconds)}</td>
            <td class="number">${formatRate(one.share)} <span class="quiet">${formatCount(one.hits)} of ${formatCount(one.n)}</span></td>
            <td class="number">${formatRate(one.base_rate)}</td>
            <td class="number">${beyondChance(one)}</td></tr>`)}</tbody></table></div>
        <p class="form-hint">Of few cases, and of signals that share a cause, the difference may be chance.</p>`}
    ${fires.length > 0 && html`<h3 class="preview-title">The newest</h3>
      <ol class="preview-fires">${fires.slice(0, SHOWN).map((/** @type {any} */ one) => html`<li key=${one.signal_id}>
        <p><strong>${one.symbol}</strong> · ${typeLabel(one.type)} <span class="quiet"><${Moment} at=${one.at} write=${formatDayAndClock} /></span></p>
        <p class="quiet">${one.explanation}</p></li>`)}</ol>`}`;
}

/** How many percentage points above what chance does; not yet a proof of anything. @param {any} record */
function beyondChance({ share, base_rate }) {
  return base_rate === null ? "–" : `${formatSigned(100 * (share - base_rate))} points`;
}
