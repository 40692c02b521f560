/** Writes a patch for a judge: every line of it, whole, with its line number in front, so that a citation need not be counted. */
import { blankPatch } from "../look/blank-patch.ts";
import type { Patch, PatchLine } from "../patch.ts";
import { visibleLine } from "./visible-text.ts";

export function patchText({ lines }: Pick<Patch, "lines">): string {
  return lines.map((line) => `${numberOf(line).padStart(6)}| ${visibleLine(line.text)}`).join("\n");
}

/** The same lines under the same numbers with their comments and string literals blanked; which files can't be is said in front. */
export function blankedPatchText(patch: Patch): string {
  const { lines, shownWhole } = blankPatch(patch);
  const notes = shownWhole.map((path) => ({
    text: `(not blanked, its text is the change: ${path})`,
    oldLine: null,
    newLine: null,
    file: null,
  }));
  return patchText({ lines: [...notes, ...lines] });
}

function numberOf({ oldLine, newLine }: PatchLine): string {
  if (newLine !== null) return String(newLine);
  return oldLine === null ? "" : `-${oldLine}`;
}
