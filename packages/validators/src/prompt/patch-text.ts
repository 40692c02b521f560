/** Writes a patch for a judge: every line of it, whole, with its line number in front, so that a citation need not be counted. */
import type { Patch, PatchLine } from "../patch.ts";
import { visibleText } from "./visible-text.ts";

export function patchText(patch: Patch): string {
  return patch.lines.map((line) => `${numberOf(line).padStart(6)}| ${visibleText(line.text)}`).join("\n");
}

function numberOf({ oldLine, newLine }: PatchLine): string {
  if (newLine !== null) return String(newLine);
  return oldLine === null ? "" : `-${oldLine}`;
}
