/**
 * Checks what a judge cites as proof: an entry of the bundle, or a line that the patch shows (context included; on either side).
 * Defects are accusations, not proof: an imprecise line in one must not turn a fail into something milder, so they are not checked.
 */
import type { BundleManifest, JudgeAnswer } from "@aedev/core/wire";
import type { Patch } from "./patch.ts";

type Citation = JudgeAnswer["criteria"][number]["citations"][number];

/** The first citation that names nothing the bundle has, or null when all hold. */
export function inventedCitation(
  answer: JudgeAnswer,
  bundle: { manifest: BundleManifest; patch: Patch },
): Citation | null {
  const citations = answer.criteria.flatMap((criterion) => criterion.citations);
  return citations.find((citation) => !isShown(citation, bundle)) ?? null;
}

/** A file without hunks (a mode change, an empty file) has no line: only line 0 can be cited. */
function isShown(citation: Citation, { manifest, patch }: { manifest: BundleManifest; patch: Patch }): boolean {
  if ("evidence" in citation) return Object.hasOwn(manifest.entries, citation.evidence);
  return patch.files.some(
    ({ names, shownLines }) =>
      names.has(citation.file) && (shownLines.size === 0 ? citation.line === 0 : shownLines.has(citation.line)),
  );
}
