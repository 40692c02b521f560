/**
 * Estimates the chance that a change does harm: the policy's start and the weights of the signals, added up as log-odds. A signal for harm whose input is
 * missing counts in full; one against harm doesn't count.
 *
 * Folder: the signals of harm, their sum as a chance, and the evidence that they read.
 */
import { type Fact, type HarmSignal, harmChance, type LaneKind, laneKindOf } from "@aedev/contracts";
import type { Profile, RiskShare } from "@aedev/contracts/events";
import type { Policy } from "../policy/policy-schema.ts";
import type { ChangeEvidence } from "./change-evidence.ts";
import { findSignals } from "./signals.ts";

export type RiskLevel = "low" | "medium" | "high";
export interface Risk {
  /** Log-odds of harm in thousandths: the sum of all shares. */
  readonly score: number;
  readonly score_kind: "log-odds";
  readonly level: RiskLevel;
  /** The start, and one share for each signal that counts; points are thousandths of log-odds. */
  readonly shares: readonly RiskShare[];
}

/** `facts`: what the gate found about the change. Pure and total. */
export function estimateHarm(evidence: ChangeEvidence, facts: readonly Fact[], policy: Policy): Risk {
  const { start } = policy.risk;
  const shares = [...findSignals(evidence, facts, policy)].flatMap(([factor, finding]): RiskShare[] => {
    const { count, why } = finding;
    const points = signalPoints(factor, count, policy);
    return points === 0 ? [] : [{ factor, points, count, why, missing: count === null }];
  });
  const from = { factor: "start", points: start, why: "a change whose tests pass, before anything else is known" };
  const all = [{ ...from, missing: false }, ...shares];
  const score = all.reduce((sum, { points }) => sum + points, 0);
  return { score, score_kind: "log-odds", level: levelOf(score, policy), shares: all };
}

type Weight = Policy["risk"]["for"]["untested_ways"];

/** The weight of a signal in the policy. */
export function weightOf(signal: HarmSignal, { risk }: Pick<Policy, "risk">): Weight {
  const weights: Record<HarmSignal, Weight> = { ...risk.against, ...risk.for };
  return weights[signal];
}

/**
 * What a signal with this count adds, in thousandths of log-odds. With `per`, each full unit counts, at most `most` altogether; otherwise the weight
 * counts once; with the weight 0, never. Null: its input is missing.
 */
export function signalPoints(signal: HarmSignal, count: number | null, policy: Pick<Policy, "risk">): number {
  const { weight, per, most } = weightOf(signal, policy);
  if (weight === 0) return 0;
  if (count === null) return Math.max(0, most ?? weight);
  if (per === undefined) return count > 0 ? weight : 0;
  const points = Math.floor(count / per) * weight;
  if (most === undefined) return points;
  return weight < 0 ? Math.max(most, points) : Math.min(most, points);
}

/** Whether the profile merges a change with these log-odds. */
export function isMerged(
  score: number,
  { policy, profile }: { policy: Pick<Policy, "risk" | "profiles">; profile: Profile },
): boolean {
  return harmChance(score) * 1000 < mergeBound(policy, profile);
}

/** Whether the operator lets every change of this kind merge in the repository, under a profile that merges at all. */
export function isKindMerged(
  { shares }: { readonly shares: readonly Pick<RiskShare, "factor">[] },
  { policy, profile, repository }: { policy: Pick<Policy, "profiles">; profile: Profile; repository: string },
): boolean {
  const { merges, merges_kinds } = policy.profiles;
  return merges[profile] !== "none" && merges_kinds.includes(mergedKind(repository, laneKindOf(shares)));
}

/** How the policy names a kind of change in a repository. */
export function mergedKind(repository: string, kind: LaneKind): string {
  return `${repository}/${kind}`;
}

/** Whether every change with these log-odds is held, whatever the profile merges. */
export function isHeld(score: number, { risk }: Pick<Policy, "risk">): boolean {
  return harmChance(score) * 1000 > risk.bounds.hold;
}

/** The chance of harm in thousandths below which the profile merges; 0: it merges nothing. */
export function mergeBound({ risk, profiles }: Pick<Policy, "risk" | "profiles">, profile: Profile): number {
  const merges = profiles.merges[profile];
  return merges === "none" ? 0 : risk.bounds[merges];
}

/** The level of log-odds in the policy's bounds. */
export function levelOf(score: number, { risk: { bounds } }: Pick<Policy, "risk">): RiskLevel {
  const chance = harmChance(score) * 1000;
  if (chance < bounds.low) return "low";
  return chance < bounds.medium ? "medium" : "high";
}
