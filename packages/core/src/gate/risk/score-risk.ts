/**
 * Computes the risk of a change in points (0–100), with each factor's share and reason. A factor without input counts in full, and its reason says so.
 *
 * Folder: the risk factors, the score in points, and the evidence that they read.
 */
import type { RiskShare } from "@aedev/contracts/events";
import type { Policy } from "../policy/policy-schema.ts";
import type { ChangeEvidence } from "./change-evidence.ts";
import { type FactorFinding, type FactorName, factorFindings } from "./factors.ts";

export type RiskLevel = "low" | "medium" | "high";
export interface Risk {
  readonly score: number;
  readonly score_kind: "points";
  readonly level: RiskLevel;
  /** One share per factor in the policy's order, including shares of 0 points. */
  readonly shares: readonly RiskShare[];
}

/** Pure and total: every factor of the policy has its share. */
export function scoreRisk(evidence: ChangeEvidence, policy: Policy): Risk {
  const shares = (Object.keys(factorFindings) as FactorName[]).map((factor) => {
    const finding = factorFindings[factor](evidence, policy);
    return { factor, points: pointsOf(factor, finding, policy), why: finding.why, missing: finding.count === null };
  });
  const score = Math.min(
    100,
    shares.reduce((sum, share) => sum + share.points, 0),
  );
  return { score, score_kind: "points", level: levelOf(score, policy), shares };
}

/** `count` null: the input is missing. A per-unit factor counts full units up to its ceiling; any other factor counts all or nothing. */
function pointsOf(factor: FactorName, finding: FactorFinding, policy: Policy): number {
  const settings = policy.risk.factors[factor];
  if ("minor_weight" in settings) return Math.min(settings.ceiling, finding.count ?? settings.ceiling);
  if (!("unit" in settings)) return finding.count === 0 ? 0 : settings.weight;
  if (finding.count === null) return settings.ceiling;
  return Math.min(settings.ceiling, Math.floor(finding.count / settings.unit) * settings.weight);
}

/** The level of a score in the policy's bands. */
export function levelOf(score: number, policy: Policy): RiskLevel {
  if (score <= policy.risk.bands.low_max) return "low";
  return score <= policy.risk.bands.medium_max ? "medium" : "high";
}
