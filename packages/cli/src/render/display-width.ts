/** How many columns of a terminal a text takes, and a text truncated to fit some. The library behind this file measures; nothing is escaped here, because callers escape first. */
import stringWidth from "string-width";

const graphemes = new Intl.Segmenter();

export function displayWidth(text: string): number {
  return stringWidth(text, { countAnsiEscapeCodes: true });
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
