/** The specification as a person reads it before a decision: text, criteria with aedev's own marked, clarifications, and earlier words. */
import type { Specification } from "@aedev/core/wire";
import { html, type Markup } from "./page-markup.ts";

export function specificationSection({
  text,
  criteria,
  clarifications = [],
  instructions = [],
}: Specification): Markup {
  const items = criteria.map(
    (criterion) =>
      html`<li class="said">${criterion.text}${criterion.default === true ? html` <strong>(default: nobody gave a criterion, so aedev wrote this one)</strong>` : ""}</li>`,
  );
  const answers = clarifications.map(
    ({ question, answer }) => html`<li class="said">${question}<br><strong>${answer}</strong></li>`,
  );
  const words = instructions.map((instruction) => html`<li class="said">${instruction}</li>`);
  return html`<section><h2>What was asked for</h2><p class="said">${text}</p>
<h2>Done when</h2><ol>${items}</ol>${list("Asked and answered", answers)}${list("Sent back with the words", words)}</section>`;
}

function list(title: string, items: readonly Markup[]): Markup {
  return items.length === 0 ? html`` : html`<h2>${title}</h2><ul>${items}</ul>`;
}
