/**
 * What a person was asked about in vain: for each reason of the gate, how often they approved the change as it was and it did no harm; and the weights and
 * kinds of change whose record contradicts the chance that was shown. Holds are not asked about, so no suggestion concerns them.
 */
import {
  codedReasons,
  type HarmSignal,
  harmChance,
  type LaneKind,
  laneKindOf,
  mergeableKinds,
  reasonMeanings,
  signalText,
} from "@aedev/contracts";
import { clopperPearson } from "../../lane/clopper-pearson.ts";
import type { Policy } from "../policy/policy-schema.ts";
import { mergedKind, weightOf } from "../risk/estimate-harm.ts";
import { isHarmSignal } from "./answer-to-score.ts";
import { isAlwaysAsked, type Simulation, simulateDecision } from "./simulate-decision.ts";

/** `approved`: as it was, and nothing speaks against it since. `went-wrong`: approved, but it did harm. */
export type AskedEnd = "approved" | "sent-back" | "rejected" | "went-wrong";
/** A decision that asked, and what the person then did. */
export interface AskedCase extends Omit<Simulation, "other"> {
  readonly end: AskedEnd;
}

/** How often a person disagreed with a change, and the one-sided 95 % bounds of that share (0 to 1). */
export interface AskedRecord {
  readonly asked: number;
  readonly not_approved: number;
  readonly from: number;
  readonly to: number;
}
/** `reason`: a signal or the code of a reason. `always`: it asks whatever the sum is, so no suggestion concerns it. */
export interface AskedReason extends AskedRecord {
  readonly reason: string;
  readonly means: string;
  readonly always: boolean;
}
/** A key of the policy that the record speaks for changing. `estimated`: the mean chance of harm (0 to 1) that the policy gives these changes. */
export type PolicySuggestion = AskedRecord & { readonly estimated: number } & (
    | { readonly kind: "weight"; readonly signal: HarmSignal; readonly was: number; readonly now: number }
    | { readonly kind: "merge-kind"; readonly repository: string; readonly change: LaneKind }
  );

/** With fewer cases, nothing is suggested. */
export const askedMin = 20;
/** Weights are suggested in such steps, in thousandths of log-odds. */
const step = 100;

/** The reasons that asked, the most frequent first. */
export function askedReasons(cases: readonly AskedCase[]): AskedReason[] {
  const named = cases.flatMap((one) => reasonsOfQuestion(one.decision).map((found) => ({ ...found, end: one.end })));
  return [...Map.groupBy(named, ({ reason }) => reason).values()]
    .flatMap((all): AskedReason[] => {
      const [first] = all;
      if (first === undefined) return [];
      const { reason, means, always } = first;
      return [{ reason, means, always, ...recordOf(all) }];
    })
    .toSorted((left, right) => right.asked - left.asked);
}

/** What the record speaks for changing in the policy. A change that would be asked about anyway counts for no weight. */
export function suggestPolicy(cases: readonly AskedCase[], policy: Policy): PolicySuggestion[] {
  const weighed = cases.filter(({ decision }) => !decision.reasons.some(isOtherReason));
  return [...suggestKinds(weighed, policy), ...suggestWeights(weighed, policy)];
}

/** The policy with a suggestion in it. */
export function withSuggestion(policy: Policy, suggestion: PolicySuggestion): Policy {
  if (suggestion.kind === "weight") return withWeight(policy, suggestion.signal, suggestion.now);
  const { profiles } = policy;
  const kinds = [...profiles.merges_kinds, mergedKind(suggestion.repository, suggestion.change)];
  return { ...policy, profiles: { ...profiles, merges_kinds: kinds } };
}

function suggestKinds(cases: readonly AskedCase[], policy: Policy): PolicySuggestion[] {
  const groups = Map.groupBy(cases, ({ repository, decision }) => mergedKind(repository, laneKindOf(decision.shares)));
  return [...groups].flatMap(([name, all]): PolicySuggestion[] => {
    const [first] = all;
    const change = laneKindOf(first?.decision.shares ?? []);
    if (first === undefined || policy.profiles.merges_kinds.includes(name) || !mergeableKinds.includes(change))
      return [];
    const record = contradiction(all, policy);
    return record === null ? [] : [{ kind: "merge-kind", repository: first.repository, change, ...record }];
  });
}

function suggestWeights(cases: readonly AskedCase[], policy: Policy): PolicySuggestion[] {
  const signals = Object.keys(policy.risk.for).filter(isHarmSignal);
  return signals.flatMap((signal): PolicySuggestion[] => {
    const own = cases.filter(({ decision }) =>
      decision.shares.some(({ factor, points, missing }) => factor === signal && points > 0 && !missing),
    );
    const record = contradiction(own, policy);
    if (record === null) return [];
    const was = weightOf(signal, policy).weight;
    // The middle of what the record says: with no harm in 20 changes, 1 in 42.
    const wanted = (record.not_approved + 0.5) / (record.asked + 1);
    const now = lowerWeights(was).find((weight) => {
      const mean = meanChance(own, withWeight(policy, signal, weight));
      return mean === null || mean <= wanted;
    });
    return was === 0 ? [] : [{ kind: "weight", signal, was, now: now ?? 0, ...record }];
  });
}

/** The record, if it has enough cases and says at 95 % that the policy's estimate is too high; otherwise null. */
function contradiction(
  cases: readonly AskedCase[],
  policy: Policy,
): (AskedRecord & { readonly estimated: number }) | null {
  const known = cases.filter((one) => chanceUnder(one, policy) !== null);
  const estimated = meanChance(known, policy);
  if (known.length < askedMin || estimated === null) return null;
  const record = recordOf(known);
  return record.to < estimated ? { ...record, estimated } : null;
}

function recordOf(cases: readonly { readonly end: AskedEnd }[]): AskedRecord {
  const bad = cases.filter(({ end }) => end !== "approved").length;
  const { lower, upper } = clopperPearson(bad, cases.length);
  return { asked: cases.length, not_approved: bad, from: lower, to: upper };
}

function lowerWeights(from: number): number[] {
  return Array.from({ length: Math.ceil(from / step) }, (_, index) => Math.max(0, from - (index + 1) * step));
}

function meanChance(cases: readonly AskedCase[], policy: Policy): number | null {
  const chances = cases.flatMap((one) => chanceUnder(one, policy) ?? []);
  return chances.length === 0 ? null : chances.reduce((sum, chance) => sum + chance, 0) / chances.length;
}

/** Null: what was recorded does not say it. */
function chanceUnder(one: AskedCase, other: Policy): number | null {
  const simulated = simulateDecision({ ...one, other });
  return simulated.kind === "answer" && simulated.score !== null ? harmChance(simulated.score) : null;
}

function withWeight(policy: Policy, signal: HarmSignal, weight: number): Policy {
  const { risk } = policy;
  const section: Readonly<Record<string, Policy["risk"]["for"]["untested_ways"]>> = risk.for;
  return { ...policy, risk: { ...risk, for: { ...risk.for, [signal]: { ...section[signal], weight } } } };
}

/** That aedev may push only approved changes says nothing about the change. */
function isOtherReason(reason: AskedCase["decision"]["reasons"][number]): boolean {
  return isAlwaysAsked(reason) && (typeof reason === "string" || reason.kind !== "branch-only");
}

/** What a decision asked about: the signals that raised the estimate, and the reasons that ask whatever it is. */
export function reasonsOfQuestion({
  reasons,
  shares,
}: Pick<AskedCase["decision"], "reasons" | "shares">): Pick<AskedReason, "reason" | "means" | "always">[] {
  const signals = shares.filter(({ factor, points }) => factor !== "start" && points > 0).map(({ factor }) => factor);
  const always = codedReasons(reasons.filter(isAlwaysAsked)).flatMap(({ code }) => code ?? []);
  return [
    ...[...new Set(signals)].map((reason) => ({ reason, means: signalText(reason), always: false })),
    ...[...new Set(always)].map((reason) => ({ reason, means: reasonMeanings[reason].means, always: true })),
  ];
}
