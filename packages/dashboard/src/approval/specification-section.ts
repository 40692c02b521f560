/** Renders the specification: text, criteria (aedev's own are marked), clarifications and earlier instructions. */
import type { Specification } from "@aedev/contracts";
import type { Markup } from "../markup/markup.ts";
import { html } from "./html.ts";

export function specificationSection({
  text,
  criteria,
  clarifications = [],
  instructions = [],
}: Specification): Markup {
  const items = criteria.map(
    (criterion) =>
      html`<li class="said">${criterion.text}${criterion.default === true ? html` <strong>(default: no criterion was given, so aedev wrote this one)</strong>` : ""}</li>`,
  );
  const answers = clarifications.map(
    ({ question, answer }) => html`<li class="said">${question}<br><strong>${answer}</strong></li>`,
  );
  const sentBack = instructions.map((instruction) => html`<li class="said">${instruction}</li>`);
  return html`<section><h2>What was requested</h2><p class="said">${text}</p>
<h2>Done when</h2><ol>${items}</ol>${list("Questions and answers", answers)}${list("Sent back with these instructions", sentBack)}</section>`;
}

function list(title: string, items: readonly Markup[]): Markup {
  return items.length === 0 ? html`` : html`<h2>${title}</h2><ul>${items}</ul>`;
}
