/** The only way that text gets into an approval page: everything is escaped for the eye (THREATS T21) and for HTML, and has a length. */
import { escapeText } from "@aedev/core";

/** HTML that is safe to show as it is; made only by `html`. */
export interface Markup {
  readonly markup: string;
}
type Part = string | number | Markup | readonly Markup[] | null;

/** Longest text of one place in the page, in characters; a specification's own bound is the widest of them. */
const textLengthMax = 20_000;
const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A template whose texts are escaped; markup made by this same tag goes in as it is, null as nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return { markup: strings.reduce((page, piece, at) => page + render(values[at - 1] ?? null) + piece) };
}

/** Text with its line breaks, for elements that keep them. The cut is marked. */
export function cut(text: string, lengthMax: number): string {
  const wellFormed = text.toWellFormed();
  if (wellFormed.length <= lengthMax) return wellFormed;
  return `${wellFormed.slice(0, lengthMax).toWellFormed()} … (${wellFormed.length - lengthMax} characters omitted)`;
}

function render(part: Part): string {
  if (part === null) return "";
  if (typeof part === "number") return String(part);
  if (typeof part === "string")
    return escapeText(cut(part, textLengthMax)).replace(/[&<>"']/g, (character) => entities[character] ?? "");
  if ("markup" in part) return part.markup;
  return part.map((one) => one.markup).join("");
}
