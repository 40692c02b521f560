/** How many columns of a terminal a text takes, and a text truncated to fit some. The library behind this file measures; nothing is escaped here, because callers escape first. */
import { createRequire } from "node:module";

const graphemes = new Intl.Segmenter();
const require = createRequire(import.meta.url);
const ascii = /^[ -~]*$/;

export function displayWidth(text: string): number {
  if (ascii.test(text)) return text.length;
  // Loaded with the first such text: building the library's patterns takes as long as the rest of a short verb.
  const { default: stringWidth }: typeof import("string-width") = require("string-width");
  return stringWidth(text, { countAnsiEscapeCodes: true });
}

/** Whether the text takes more than `columns` columns. A text that can't is not measured: no character takes more than two. */
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

/** The text in exactly `columns` columns: truncated, or filled with spaces. */
export function padWidth(text: string, columns: number): string {
  const fitted = fitWidth(text, columns);
  return fitted + " ".repeat(Math.max(0, columns - displayWidth(fitted)));
}
