/** The sentence that describes a change to bytes that nobody edited. */
import type { ByteChangeKind } from "./byte-changes.ts";
import { counted } from "./figures.ts";

/** The gate's sentences about files that the capture left out. */
export const notTakenTexts = {
  "ignored-files": "new files were not taken because the base ignores them",
  "submodule-files": "files in a submodule were not taken",
} as const;

interface BytesChanged {
  readonly change: ByteChangeKind;
  readonly lines: number;
  readonly letters: number;
  readonly from: string | null;
  readonly to: string | null;
  readonly example: { readonly line: number; readonly before: string; readonly after: string } | null;
}

/** `inParens` shows text that the change's author wrote; it may return an empty string. */
export function bytesChangedSentence(
  fact: BytesChanged,
  { path, inParens }: { path: string; inParens: (text: string) => string },
): string {
  const { example } = fact;
  const cited = example === null ? "" : inParens(`line ${example.line}: "${example.before}" became "${example.after}"`);
  return `${path}: ${changeText(fact)}${cited}`;
}

function changeText({ change, lines, letters, from, to }: BytesChanged): string {
  const where = `${counted(lines, "line")} outside the change`;
  const changed = from === null || to === null ? "" : ` from ${from} to ${to}`;
  switch (change) {
    case "letters-destroyed":
      return `${counted(letters, "letter")} in ${where} destroyed${changed === "" ? "" : `, encoding changed${changed}`}`;
    case "encoding":
      return `encoding changed${changed}, ${counted(letters, "letter")} in ${where}`;
    case "letters-rewritten":
      return `${counted(letters, "letter")} in ${where} written in another form`;
    case "byte-order-mark":
      return from === "none" ? "a byte order mark was added" : "the byte order mark was removed";
    case "line-endings":
      return `line endings of ${where} changed${changed}`;
    case "indentation":
      return `indentation of ${where} changed between tabs and spaces`;
  }
}
