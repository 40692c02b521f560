/** Makes evidence show what it holds: characters that hide, reorder or break lines are written out, and every line gets a bar in front. */

/**
 * Controls but tab and newline, every character that Unicode has shown as nothing (zero-width, fillers, variation selectors, tags) or as
 * an order about its neighbours, foreign line breaks, and the blank of Braille.
 */
const hidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is what this is for.
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u2800\ufff9-\ufffb]|\p{Default_Ignorable_Code_Point}|\p{Cf}/gu;

export function visibleText(text: string): string {
  return text
    .toWellFormed()
    .replace(hidden, (found) => `⟨U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`);
}

/** One line whatever it holds: a file's name may have a newline in it. */
export function visibleLine(text: string): string {
  return visibleText(text).replaceAll("\n", "⟨U+000A⟩");
}

/** No line of evidence can stand at a line's beginning: not a fence, not a `nonce:` line. */
export function barred(text: string): string {
  return visibleText(text)
    .split("\n")
    .map((line) => `| ${line}`)
    .join("\n");
}
