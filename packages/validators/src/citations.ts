/** Checks what a judge cites as proof: an entry of the bundle, or a line that the patch shows. Citations in defects are not checked, so that an invalid one can't soften a fail. */
import type { BundleManifest, JudgeAnswer } from "@aedev/contracts";
import type { Patch } from "@aedev/host/patch/read-patch";

type Citation = JudgeAnswer["criteria"][number]["citations"][number];

/** The first citation of something outside the bundle, or null if all are valid. */
export function inventedCitation(
  answer: JudgeAnswer,
  bundle: { manifest: BundleManifest; patch: Patch },
): Citation | null {
  const citations = answer.criteria.flatMap((criterion) => criterion.citations);
  return citations.find((citation) => !isVisible(citation, bundle)) ?? null;
}

/** A file without hunks (a mode change, an empty file) shows no lines; it is cited as line 0. */
function isVisible(citation: Citation, { manifest, patch }: { manifest: BundleManifest; patch: Patch }): boolean {
  if ("evidence" in citation) return Object.hasOwn(manifest.entries, citation.evidence);
  return patch.files.some(
    ({ names, visibleLines }) =>
      names.has(citation.file) && (visibleLines.size === 0 ? citation.line === 0 : visibleLines.has(citation.line)),
  );
}
