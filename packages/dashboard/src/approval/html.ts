/** The template tag of the approval pages: every text is truncated, made visible (SECURITY T21) and escaped for HTML. */
import { counted, escapeText } from "@aedev/contracts";
import { markupTag } from "../markup/markup.ts";

/** The longest text in one place of the page, in characters: the limit of a specification, which is the longest text. */
const textLengthMax = 20_000;

export const html = markupTag((text) => escapeText(truncate(text, textLengthMax)));

/** Truncates a text, keeps its line breaks and says how many characters were omitted. */
export function truncate(text: string, lengthMax: number): string {
  const wellFormed = text.toWellFormed();
  if (wellFormed.length <= lengthMax) return wellFormed;
  return `${wellFormed.slice(0, lengthMax).toWellFormed()} … (${counted(wellFormed.length - lengthMax, "character")} omitted)`;
}
