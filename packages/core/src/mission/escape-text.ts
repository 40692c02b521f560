/** The one function between foreign text and a terminal, phone or page (THREATS T21). Blobs stay raw; faces escape. */

/**
 * Controls, formatting characters (bidirectional, zero-width, tags), line and paragraph separators, lone surrogates, and whatever else shows
 * nothing: fillers that are letters and selectors hide code from a reader. The two selectors of emoji may stay.
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u2800]|(?![\ufe0e\ufe0f])\p{Default_Ignorable_Code_Point}/gu;

/** The text with every such character but tab and newline written as `\u{…}`. */
export function escapeText(text: string): string {
  return text.replace(unsafe, (character) =>
    character === "\n" || character === "\t" ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** One line of it, at most `length` characters, the cut marked with an ellipsis. */
export function escapeLine(text: string, length: number): string {
  const line = escapeText(text).replace(/\s+/g, " ").trim();
  return line.length <= length ? line : `${line.slice(0, Math.max(0, length - 1))}…`;
}
