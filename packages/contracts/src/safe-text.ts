/** Knows which characters control a terminal or hide text from a reader, and escapes foreign text for terminals, phones and pages (THREATS T21). Blobs stay raw; only clients escape. */

const controls = /\p{Cc}/gu;
/**
 * Formatting characters (bidirectional, zero-width, tags), line and paragraph separators, lone surrogates, and every other invisible character:
 * letters and variation selectors without a glyph hide code from a reader. The two emoji selectors are allowed.
 */
const invisibles = /[\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u2800]|(?![\ufe0e\ufe0f])\p{Default_Ignorable_Code_Point}/gu;
const unsafe = new RegExp(`${controls.source}|${invisibles.source}`, "gu");

/** True if the text has a control character; tab and newline are such. */
export function hasControls(text: string): boolean {
  return text.search(controls) >= 0;
}

/** True if the text has an invisible character other than a control. */
export function hasInvisibles(text: string): boolean {
  return text.search(invisibles) >= 0;
}

/** The text without its invisible characters; controls stay. */
export function withoutInvisibles(text: string): string {
  return text.replace(invisibles, "");
}

/** The text with each control and invisible character replaced by `by`. */
export function replaceUnsafe(text: string, by: (character: string) => string): string {
  return text.replace(unsafe, by);
}

/** The text with every such character except tab and newline written as `\u{…}`. */
export function escapeText(text: string): string {
  return replaceUnsafe(text, (character) =>
    character === "\n" || character === "\t" ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** The text as one line of at most `length` characters; a truncated line ends with an ellipsis. */
export function escapeLine(text: string, length: number): string {
  const line = escapeText(text).replace(/\s+/g, " ").trim();
  if (line.length <= length) return line.toWellFormed();
  // Never cut within a character of two units: half of one can't be stored.
  return `${line.slice(0, Math.max(0, length - 1)).replace(/[\ud800-\udbff]$/, "")}…`.toWellFormed();
}
