/** Recognizes characters that control a terminal or hide text from a reader, and escapes foreign text for terminals, phones and pages (SECURITY T21). Blobs stay raw; only clients escape. */

import { onOneLine, wholeGraphemes } from "./words/text-units.ts";

const controls = /\p{Cc}/gu;
/**
 * Formatting characters (bidirectional, zero-width, tags), line and paragraph separators, lone surrogates, and every other invisible character: letters
 * and variation selectors without a glyph hide code from a reader. The two emoji selectors are excepted.
 */
const invisibles = /[\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u2800]|(?![\ufe0e\ufe0f])\p{Default_Ignorable_Code_Point}/gu;
const unsafe = new RegExp(`${controls.source}|${invisibles.source}`, "gu");

/** True if the text has a control character. Tab and newline count as control characters. */
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

/** An emoji made of several that a joiner connects. The joiner hides nothing there. */
const joinedEmoji = /(\p{RGI_Emoji_ZWJ_Sequence})/v;

/** The text with `by` in place of each control and invisible character. The joiners of an emoji stay: without them it would become several emoji. */
export function replaceUnsafe(text: string, by: (character: string) => string): string {
  if (!text.includes("\u200d")) return text.replace(unsafe, by);
  return text
    .split(joinedEmoji)
    .map((piece, index) => (index % 2 === 1 ? piece : piece.replace(unsafe, by)))
    .join("");
}

const link = /\b[a-z][a-z0-9+.-]*:\/\/\S+|\bwww\.\S+/gi;

/** The text with a note in place of each link. */
export function withoutLinks(text: string): string {
  return text.replace(link, "[link left out]");
}

/** The text with every control and invisible character except tab and newline written as `\u{…}`. */
export function escapeText(text: string): string {
  return replaceUnsafe(text, (character) =>
    character === "\n" || character === "\t" ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** The most spaces in a row that code may have on a line; more would push the following text out of sight. */
const gapMax = 16;
const gap = new RegExp(` {${gapMax + 1},}`, "g");
/** How much of a text is read for a line of a given length: white space is removed from it. */
const readFactor = 4;
const readMin = 1000;

/** The text as one line of at most `length` characters, with spaces kept in code and quotations; a truncated line ends with an ellipsis. */
export function escapeLine(text: string, length: number): string {
  // Only the beginning of a longer text is read, because finding units takes time.
  const read = length * readFactor + readMin;
  const line = onOneLine(escapeText(text.slice(0, read))).replace(gap, " ".repeat(gapMax));
  if (line.length <= length && text.slice(read).trim() === "") return line.toWellFormed();
  // Never cut inside a character as a reader sees it.
  return `${wholeGraphemes(line, Math.max(0, length - 1))}…`.toWellFormed();
}
