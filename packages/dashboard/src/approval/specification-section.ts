/** Renders the specification: text, criteria (aedev's own are marked), clarifications and earlier instructions. No sentence stands there twice. */
import { escapeLine, type Specification, type SpecificationPage } from "@aedev/contracts";
import type { Markup } from "../markup/markup.ts";
import { html } from "./html.ts";
import { titleLengthMax } from "./page-frame.ts";

/** `title`: stands above it. `heading`: the tag of its headings. */
export function specificationSection(specification: Specification, title: string, heading: "h2" | "h3" = "h2"): Markup {
  const headed = (name: string) => html`<${{ markup: heading }}>${name}</${{ markup: heading }}>`;
  const list = (name: string, items: readonly Markup[]) =>
    items.length === 0 ? html`` : html`${headed(name)}<ul>${items}</ul>`;
  const { text, criteria, not_checked = [], clarifications = [], instructions = [] } = specification;
  const wanted = withoutTitle(text, title);
  const request = marked(wanted, [
    ...criteria.map((criterion) => ({ part: criterion.text, as: "a criterion" })),
    ...not_checked.map((part) => ({ part, as: "in no criterion, so nobody checks it" })),
  ]);
  const listed = criteria.filter((criterion) => !request.found.has(criterion.text));
  const items = listed.map(
    (criterion) =>
      html`<li class="said">${criterion.text}${criterion.default === true ? html` <strong>(default: no criterion was given, so aedev wrote this one)</strong>` : ""}</li>`,
  );
  const isMarked = listed.length < criteria.length;
  const more = isMarked ? html`<p>${items.length === 0 ? "" : "and "}what is marked above as a criterion</p>` : html``;
  const writer =
    specification.drafted === true ? html`<p>A coder wrote this text; it was accepted unchanged.</p>` : html``;
  const requested = wanted === "" ? html`` : html`${headed("What was requested")}${request.content}`;
  const done = html`${headed("Done when")}${items.length === 0 ? html`` : html`<ol>${items}</ol>`}${more}`;
  const unchecked = not_checked
    .filter((part) => !request.found.has(part))
    .map((part) => html`<li class="said">${part}</li>`);
  const answers = clarifications.map(
    ({ question, answer }) => html`<li class="said">${question}<br><strong>${answer}</strong></li>`,
  );
  const sentBack = instructions.map((instruction) => html`<li class="said">${instruction}</li>`);
  return html`<section>${writer}${requested}${done}${list("In no criterion, so nobody checks it", unchecked)}${list("Questions and answers", answers)}${list("Sent back with these instructions", sentBack)}</section>`;
}

/** The text without its first line if that is the title, which stands above it whole. */
export function withoutTitle(text: string, title: string): string {
  const [first = "", ...rest] = text.split("\n");
  const isInHead = first.trim() === title.trim() && escapeLine(title, titleLengthMax + 1).length <= titleLengthMax;
  return isInHead ? rest.join("\n").trim() : text;
}

interface Part {
  readonly part: string;
  readonly as: string;
}

/** Marks these parts where the text has them. `found`: those that it has. */
function marked(text: string, parts: readonly Part[]): { content: Markup; found: ReadonlySet<string> } {
  const places = parts
    .map(({ part, as }) => ({ part, as, at: part === "" ? -1 : text.indexOf(part) }))
    .filter(({ at }) => at >= 0)
    .toSorted((left, right) => left.at - right.at);
  const found = new Set<string>();
  const pieces: Markup[] = [];
  let end = 0;
  for (const { part, as, at } of places) {
    if (at < end) continue;
    found.add(part);
    pieces.push(html`${text.slice(end, at)}<mark>${part}</mark> <small>(${as})</small>`);
    end = at + part.length;
  }
  return { content: html`<p class="said">${pieces}${text.slice(end)}</p>`, found };
}

/** Parts of the issue that were not taken. */
export function leftOutSection({ left_out }: SpecificationPage): Markup {
  if (left_out.length === 0) return html``;
  return html`<p>Not taken from the issue, because nobody sees it there: ${left_out.join(", ")}.</p>`;
}

/** The expected place of the work: places that the request names, and the registered folder. */
export function scopeSection({ places, folder }: SpecificationPage): Markup {
  const named = places.map((place) => html`<li><code>${place}</code></li>`);
  const limit = folderLine(folder);
  return html`<section><h2>Files and names in scope</h2>${named.length === 0 ? html`<p>The request names none: the coder looks for the place.</p>` : html`<ul class="plain">${named}</ul>`}${limit}</section>`;
}

/** The registered folder of a repository; empty: all of it is. */
export function folderLine(folder: string | null): Markup {
  return folder === null
    ? html``
    : html`<p>Only the folder <code>${folder}</code> is registered: a change outside of it needs your approval.</p>`;
}
