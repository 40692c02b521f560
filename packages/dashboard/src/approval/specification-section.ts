/** Renders the specification: text, criteria (aedev's own are marked), clarifications and earlier instructions. */
import type { Specification, SpecificationPage } from "@aedev/contracts";
import type { Markup } from "../markup/markup.ts";
import { html } from "./html.ts";

export function specificationSection({
  text,
  criteria,
  not_checked = [],
  clarifications = [],
  instructions = [],
}: Specification): Markup {
  const items = criteria.map(
    (criterion) =>
      html`<li class="said">${criterion.text}${criterion.default === true ? html` <strong>(default: no criterion was given, so aedev wrote this one)</strong>` : ""}</li>`,
  );
  const unchecked = not_checked.map((part) => html`<li class="said">${part}</li>`);
  const answers = clarifications.map(
    ({ question, answer }) => html`<li class="said">${question}<br><strong>${answer}</strong></li>`,
  );
  const sentBack = instructions.map((instruction) => html`<li class="said">${instruction}</li>`);
  return html`<section><h2>What was requested</h2><p class="said">${text}</p>
<h2>Done when</h2><ol>${items}</ol>${list("In no criterion, so nobody checks it", unchecked)}${list("Questions and answers", answers)}${list("Sent back with these instructions", sentBack)}</section>`;
}

/** Parts of the issue that were not taken. */
export function leftOutSection({ left_out }: SpecificationPage): Markup {
  if (left_out.length === 0) return html``;
  return html`<p>Not taken from the issue, because nobody sees it there: ${left_out.join(", ")}.</p>`;
}

/** The expected place of the work: places that the request names, and the registered folder. */
export function scopeSection({ places, folder }: SpecificationPage): Markup {
  const named = places.map((place) => html`<li><code>${place}</code></li>`);
  const limit =
    folder === null
      ? html``
      : html`<p>Only the folder <code>${folder}</code> is registered: a change outside of it needs your approval.</p>`;
  return html`<section><h2>Files and names in scope</h2>${named.length === 0 ? html`<p>The request names none: the coder looks for the place.</p>` : html`<ul>${named}</ul>`}${limit}</section>`;
}

function list(title: string, items: readonly Markup[]): Markup {
  return items.length === 0 ? html`` : html`<h2>${title}</h2><ul>${items}</ul>`;
}
