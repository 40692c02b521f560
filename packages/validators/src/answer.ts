/**
 * Turns a judge's answer into a verdict. Pure. The order of the checks is part of the contract: transport, form, nonce, digest, citations; a fail is a
 * veto; consistency, then confidence. An answer that fails a check is inconclusive, with the check as its detail.
 */
import { type BundleManifest, type JudgeAnswer, parseJudgeAnswer, type Severity } from "@aedev/contracts";
import type { Patch } from "@aedev/host/patch/read-patch";
import { parseStrictJson } from "@aedev/host/strict-json";
import { inventedCitation } from "./citations.ts";
import type { JudgeOutcome } from "./vendor/outcome.ts";
import type { ViewVerdict } from "./view/combine-views.ts";

/** The values that the answer is checked against. */
interface Expected {
  nonce: string;
  bundleDigest: string;
  criterionIds: readonly string[];
  manifest: BundleManifest;
  patch: Patch;
  /** In thousandths: a pass with less confidence is inconclusive. */
  minConfidencePermille: number;
}
type Said = Pick<ViewVerdict, "verdict" | "detail">;

export const inconclusive = (detail: string): Said => ({ verdict: "inconclusive", detail });

export function decideVerdict(outcome: JudgeOutcome, expected: Expected): Said {
  if (outcome.kind === "failed") return inconclusive(outcome.detail);
  const answer = parseJudgeAnswer(outcome.text, parseStrictJson);
  if (answer === null) return inconclusive("invalid_json");
  if (answer.nonce !== expected.nonce) return inconclusive("nonce");
  if (answer.bundle_digest !== expected.bundleDigest) return inconclusive("digest");
  if (inventedCitation(answer, expected) !== null) return inconclusive("citation");
  if (answer.verdict === "fail") return { verdict: "fail", detail: null };
  if (answer.verdict === "inconclusive" || !isConsistentPass(answer, expected.criterionIds))
    return inconclusive("verdict");
  if (answer.criteria.some(({ citations }) => citations.length === 0)) return inconclusive("citation");
  if (answer.confidence * 1000 < expected.minConfidencePermille) return inconclusive("confidence");
  return { verdict: "pass", detail: null };
}

const blockingSeverities: readonly Severity[] = ["high", "critical"];

/** A pass must answer `met` exactly once per criterion and nothing else, and must name no high or critical defect. */
function isConsistentPass(answer: JudgeAnswer, criterionIds: readonly string[]): boolean {
  const answered = answer.criteria.map((criterion) => criterion.id);
  return (
    answered.length === criterionIds.length &&
    criterionIds.every((id) => answered.includes(id)) &&
    answer.criteria.every((criterion) => criterion.result === "met") &&
    !answer.defects.some((defect) => blockingSeverities.includes(defect.severity))
  );
}
