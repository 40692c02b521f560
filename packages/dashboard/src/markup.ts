/** The only way that text gets into the page: everything is escaped for the eye (controls, bidirectional characters) and for HTML. */
import { escapeLine } from "@aedev/core";

/** HTML that is safe to show as it is; made only by `html`. */
export interface Markup {
  readonly markup: string;
}
type Part = string | number | Markup | readonly Markup[];

/** Longest text of one place in the page, in characters. */
const textLengthMax = 160;
const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A template whose texts are escaped; markup made by this same tag goes in as it is. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return { markup: strings.reduce((page, piece, at) => page + render(values[at - 1] ?? "") + piece) };
}

function render(part: Part): string {
  if (typeof part === "number") return String(part);
  if (typeof part === "string")
    return escapeLine(part, textLengthMax).replace(/[&<>"']/g, (character) => entities[character] ?? "");
  if ("markup" in part) return part.markup;
  return part.map((one) => one.markup).join("");
}
