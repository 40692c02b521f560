/** Renders a patch for a judge: every line in full, after its line number, so that it can be cited. */

import type { Patch, PatchLine } from "@aedev/host/patch/read-patch";
import { withTwinsSpelled } from "@aedev/host/patch/visible-patch";
import { blankPatch } from "../view/blank-patch.ts";
import { visibleLine } from "./visible-text.ts";

export function patchText({ lines }: Pick<Patch, "lines">): string {
  const texts = withTwinsSpelled(lines.map(({ text }) => text));
  return lines.map((line, at) => `${numberOf(line).padStart(6)}| ${visibleLine(texts[at] ?? "")}`).join("\n");
}

/** The same lines and numbers with comments and string literals blanked; notes at the top name the files that can't be blanked. */
export function blankedPatchText(patch: Patch): string {
  const { lines, unblankedFiles } = blankPatch(patch);
  const notes = unblankedFiles.map((path) => ({
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
