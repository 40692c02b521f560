/** How many columns of a terminal a text takes, and truncating it to a width. A library measures. Nothing is escaped here, because callers escape first. */
import { createRequire } from "node:module";

const graphemes = new Intl.Segmenter();
const require = createRequire(import.meta.url);
const ascii = /^[ -~]*$/;

export function displayWidth(text: string): number {
  if (ascii.test(text)) return text.length;
  // Loaded with the first text that needs it: building the library's patterns takes as long as the rest of a short verb.
  const { default: stringWidth }: typeof import("string-width") = require("string-width");
  return stringWidth(text, { countAnsiEscapeCodes: true });
}

/** Whether the text takes more than `columns` columns. A short text is not measured, because no character takes more than two. */
export function isWider(text: string, columns: number): boolean {
  const widthMax = text.length + text.replace(/[ -~]/g, "").length;
  return widthMax > columns && displayWidth(text) > columns;
}

/** At most `columns` columns of the text; a truncated text ends with an ellipsis. */
export function fitWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let kept = "";
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    width += displayWidth(segment);
    if (width > columns - 1) break;
    kept += segment;
  }
  return columns < 1 ? "" : `${kept}…`;
}

/** The text in exactly `columns` columns: truncated, or padded with spaces. */
export function padWidth(text: string, columns: number): string {
  const fitted = fitWidth(text, columns);
  return fitted + " ".repeat(Math.max(0, columns - displayWidth(fitted)));
}
