/**
 * What becomes of a judge's answer. Pure; the order of the checks is part of the contract: transport, form, nonce, digest, citations,
 * and last whether the answer agrees with itself. Anything but a clean answer is inconclusive with its detail.
 */
import { type BundleManifest, type JudgeAnswer, parseJudgeAnswer } from "@aedev/core/wire";
import { inventedCitation } from "./citations.ts";
import type { JudgeOutcome } from "./family/outcome.ts";
import type { Look } from "./look/combine-looks.ts";
import type { Patch } from "./patch.ts";

/** What the answer is held against. */
interface Expected {
  nonce: string;
  bundleDigest: string;
  criterionIds: readonly string[];
  manifest: BundleManifest;
  patch: Patch;
}
type Said = Pick<Look, "verdict" | "detail">;

export const inconclusive = (detail: string): Said => ({ verdict: "inconclusive", detail });

export function decideVerdict(outcome: JudgeOutcome, expected: Expected): Said {
  if (outcome.kind === "failed") return inconclusive(outcome.detail);
  const answer = parseJudgeAnswer(outcome.text);
  if (answer === null) return inconclusive("invalid_json");
  if (answer.nonce !== expected.nonce) return inconclusive("nonce");
  if (answer.bundle_digest !== expected.bundleDigest) return inconclusive("digest");
  if (inventedCitation(answer, expected) !== null) return inconclusive("citation");
  if (answer.verdict === "fail") return { verdict: "fail", detail: null };
  if (answer.verdict === "inconclusive" || !isConsistentPass(answer, expected.criterionIds))
    return inconclusive("verdict");
  return { verdict: "pass", detail: null };
}

/** A pass says `met` exactly once for each criterion and for nothing else, and names no defect that the prompt forbids a pass with. */
function isConsistentPass(answer: JudgeAnswer, criterionIds: readonly string[]): boolean {
  const answered = answer.criteria.map((criterion) => criterion.id);
  return (
    answered.length === criterionIds.length &&
    criterionIds.every((id) => answered.includes(id)) &&
    answer.criteria.every((criterion) => criterion.result === "met") &&
    !answer.defects.some((defect) => /^(high|critical)$/i.test(defect.severity.trim()))
  );
}
