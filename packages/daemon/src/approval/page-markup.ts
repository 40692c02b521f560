/** The only way that text gets into an approval page: everything is escaped for the eye (THREATS T21) and for HTML, and has a length. */
import { escapeText } from "@aedev/core";
import { type Markup, markupTag } from "@aedev/dashboard";

export type { Markup };

/** Longest text of one place in the page, in characters; a specification's own bound is the widest of them. */
const textLengthMax = 20_000;

export const html = markupTag((text) => escapeText(cut(text, textLengthMax)));

/** Text with its line breaks, for elements that keep them. The cut is marked. */
export function cut(text: string, lengthMax: number): string {
  const wellFormed = text.toWellFormed();
  if (wellFormed.length <= lengthMax) return wellFormed;
  return `${wellFormed.slice(0, lengthMax).toWellFormed()} … (${wellFormed.length - lengthMax} characters omitted)`;
}
