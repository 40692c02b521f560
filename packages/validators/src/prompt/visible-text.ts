/** Makes hidden characters in evidence visible: those that hide, reorder or break lines are escaped, and every line starts with a bar. */

import { replaceUnsafe } from "@aedev/contracts";

/** Escapes all unsafe characters except tab and newline, and also emoji variation selectors, because the reader is a model. */
export function visibleText(text: string): string {
  return replaceUnsafe(text.toWellFormed(), (found) =>
    found === "\t" || found === "\n" ? found : written(found),
  ).replace(/[\ufe0e\ufe0f]/g, written);
}

function written(character: string): string {
  return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
}

/** Always one line, even if the text (e.g. a file's name) contains a newline. */
export function visibleLine(text: string): string {
  return visibleText(text).replaceAll("\n", "⟨U+000A⟩");
}

/** After a bar, no line of evidence can be taken for a fence or a `nonce:` line. */
export function prefixedWithBars(text: string): string {
  return visibleText(text)
    .split("\n")
    .map((line) => `| ${line}`)
    .join("\n");
}
