import { ChoiceGroup } from "../../ui/choices.js";
import { Icon } from "../../ui/icon.js";
import { html, useState } from "../../ui/preact.js";
import { useUser } from "../../ui/store.js";

/** What can be done with a report: printed, downloaded, shared, asked for as it is known now. @param {any} properties */
export function Actions({ kind, known, choose, link, report }) {
  const { user } = useUser();
  const [shared, setShared] = useState("");
  const share = async () => {
    try {
      if (navigator.share && matchMedia("(pointer: coarse)").matches) {
        await navigator.share({ title: document.title, url: location.href });
      } else {
        await navigator.clipboard.writeText(location.href);
        setShared("The link was copied.");
      }
    } catch (error) {
      const given = error instanceof DOMException && error.name === "AbortError";
      if (!given) setShared(`Copy the address of this page: ${location.href}`);
    }
  };
  const name = `cryptointel-${report.period}-${report.since.slice(0, 10)}.json`;
  return html`<div class="toolbar report-actions">
    <button class="button" type="button" onClick=${() => print()}><${Icon} name="report" />Print or save as PDF</button>
    <a class="button" href=${link("csv")} download><${Icon} name="download" />CSV</a>
    <a class="button" href=${link("json")}
      download=${name}><${Icon} name="download" />JSON</a>
    <button class="button" type="button" onClick=${share}><${Icon} name="external" />Share</button>
    ${kind !== "custom" && user && html`<${ChoiceGroup} label="As of" chosen=${known} choose=${choose}
      choices=${[
        { value: "made", label: "As it was told", title: "What was known when the period was over" },
        { value: "now", label: "As known now", title: "With the outcomes that came since" },
      ]} />`}
    <span role="status" class="quiet">${shared}</span>
  </div>`;
}
