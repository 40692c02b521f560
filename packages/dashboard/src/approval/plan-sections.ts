/** Renders a plan: what the whole is for, the rule about failed parts, and each part with its whole specification. */
import { escapeLine, type FailureRule, type PagePart, type PagePlan, type Specification } from "@aedev/contracts";
import type { Markup } from "../markup/markup.ts";
import { html } from "./html.ts";
import { facts, titleLengthMax } from "./page-frame.ts";
import { folderLine, specificationSection, withoutTitle } from "./specification-section.ts";

const failureTexts: Readonly<Record<FailureRule, string>> = {
  stop: "No other part starts.",
  independent: "Parts that come after it do not start; the others do.",
};

/** `title`: stands at the head of the page. */
export function planSections({ text }: Specification, title: string, { on_failure, parts }: PagePlan): Markup {
  const request = withoutTitle(text, title);
  const whole =
    request === "" ? html`` : html`<section><h2>What the whole is for</h2><p class="said">${request}</p></section>`;
  return html`${whole}${parts.map(partSection)}
<section><h2>If a part fails</h2><p>${failureTexts[on_failure]} What has started continues. A part fails if it is rejected, cancelled, taken back or held until a person acts.</p></section>`;
}

function partSection({ name, mission_id, repository, title, after, implied, files, ...part }: PagePart): Markup {
  const waits = [...after, ...implied.map((other) => `${other} (same files)`)].join(", ");
  const expected = files.map((file) => html`<li><code>${file}</code></li>`);
  return html`<section class="part"><h2>${name}: ${escapeLine(title, titleLengthMax)}</h2>
${facts([
  { name: "Repository", value: html`<p>${repository}</p>${folderLine(part.folder)}` },
  { name: "Waits for", value: html`<p>${waits === "" ? "nothing" : waits}</p>` },
  {
    name: "Files",
    value: expected.length === 0 ? html`<p>not named</p>` : html`<ul class="plain">${expected}</ul>`,
  },
  { name: "Id", value: html`<code>${mission_id}</code>` },
])}
${specificationSection(part.specification, title, "h3")}</section>`;
}
