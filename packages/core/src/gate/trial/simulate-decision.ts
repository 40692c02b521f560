/**
 * What the gate would have answered about a recorded decision under another policy. Only weights, start, bounds and profiles are tried: holds and
 * findings that a person always decides stay as they were recorded.
 *
 * Folder: trying a policy on recorded decisions, on a table of signals, and on cases that a person wrote.
 */
import type { HarmSignal, Reason } from "@aedev/contracts";
import type { EventData, GateDecision } from "@aedev/contracts/events";
import type { Policy } from "../policy/policy-schema.ts";
import { isKindMerged, signalPoints, weightOf } from "../risk/estimate-harm.ts";
import { signalOf } from "../risk/signals.ts";
import { answerToScore, harmSignals, isHarmSignal, type SignalCounts } from "./answer-to-score.ts";

/** What a signal, or the start, adds under each of the two policies; `was` null: it was not recorded. */
export interface ChangedShare {
  readonly factor: string;
  readonly was: number;
  readonly now: number;
}
/** What the other policy answers, or why that is not known. */
export type Simulated =
  | {
      readonly kind: "answer";
      readonly was: GateDecision;
      readonly now: GateDecision;
      /** The sum in thousandths of log-odds; null: a hard gate decides, so that it doesn't matter. */
      readonly score: number | null;
      /** Shares that differ, the largest difference first. */
      readonly changed: readonly ChangedShare[];
    }
  /**
   * `points`: the decision is older than log-odds. `counts`: it has no counts. `small-counts`: the answer depends on counts that added nothing and so were
   * not recorded. `other-findings`: it was held for its risk, so what a person would always be asked was not recorded.
   */
  | { readonly kind: "not-simulated"; readonly why: "points" | "counts" | "small-counts" | "other-findings" };

export interface Simulation {
  readonly decision: EventData<"GateDecided">;
  /** The policy that made the decision, and the one to try. */
  readonly recorded: Policy;
  readonly other: Policy;
  /** A person released an earlier hold for high risk. */
  readonly acknowledged: boolean;
  readonly repository: string;
}

/** Pure and total. */
export function simulateDecision({ decision, recorded, other, acknowledged, repository }: Simulation): Simulated {
  const { answer: was, hold_code: code, profile } = decision;
  if (decision.score_kind !== "log-odds") return { kind: "not-simulated", why: "points" };
  if (code !== null && code !== "HOLD-RISK-HIGH") return { kind: "answer", was, now: was, score: null, changed: [] };
  const counts = countsOf(decision);
  if (counts === null) return { kind: "not-simulated", why: "counts" };
  const { low, high } = rangeOf(counts, recorded, other);
  const isAsked = decision.reasons.some(isAlwaysAsked);
  const counting = [...counts].filter(([signal, count]) => signalPoints(signal, count, other) !== 0);
  const shares = counting.map(([factor]) => ({ factor }));
  const isRuled = isKindMerged({ shares }, { policy: other, profile, repository });
  const answerTo = (score: number) => {
    const answer = answerToScore(score, { policy: other, profile, acknowledged, isKindMerged: isRuled });
    return answer === "merge" && isAsked ? "ask" : answer;
  };
  const now = answerTo(low);
  if (now !== answerTo(high)) return { kind: "not-simulated", why: "small-counts" };
  if (code !== null && now === "merge") return { kind: "not-simulated", why: "other-findings" };
  return { kind: "answer", was, now, score: low, changed: changedShares(decision, counts, other) };
}

/** Null if a share of a signal has no count, or if this version has no such signal. */
function countsOf({ shares }: EventData<"GateDecided">): SignalCounts | null {
  const signals = shares.filter(({ factor }) => factor !== "start");
  const counted = signals.flatMap(({ factor, count }) => (isHarmSignal(factor) ? [{ factor, count }] : []));
  if (counted.length < signals.length || counted.some(({ count }) => count === undefined)) return null;
  return new Map(counted.map(({ factor, count = null }) => [factor, count]));
}

/** The lowest and highest sum: a signal without a share may have had a count that added nothing under the recorded policy. */
function rangeOf(counts: SignalCounts, recorded: Policy, other: Policy): { low: number; high: number } {
  let [low, high] = [other.risk.start, other.risk.start];
  for (const signal of harmSignals) {
    const count = counts.get(signal);
    const known = count === undefined ? [0, ...unseenCounts(signal, recorded)] : [count];
    const points = known.map((one) => signalPoints(signal, one, other));
    low += Math.min(...points);
    high += Math.max(...points);
  }
  return { low, high };
}

/** The largest count that added nothing; if any count does, a missing input too. */
function unseenCounts(signal: HarmSignal, policy: Policy): (number | null)[] {
  const { weight, per = 1, most } = weightOf(signal, policy);
  return weight === 0 || most === 0 ? [Number.MAX_SAFE_INTEGER, null] : [per - 1];
}

/** A finding that a person decides whatever the sum is. A sentence of an earlier version, and what is only counted, may be one. */
export function isAlwaysAsked(reason: Reason): boolean {
  if (typeof reason === "string" || reason.kind === "more") return true;
  return reason.kind !== "hold" && reason.kind !== "chance-of-harm" && signalOf(reason) === undefined;
}

function changedShares({ shares }: EventData<"GateDecided">, counts: SignalCounts, other: Policy): ChangedShare[] {
  return shares
    .flatMap(({ factor, points: was }): ChangedShare[] => {
      const now = isHarmSignal(factor) ? signalPoints(factor, counts.get(factor) ?? null, other) : other.risk.start;
      return now === was ? [] : [{ factor, was, now }];
    })
    .toSorted((left, right) => Math.abs(right.now - right.was) - Math.abs(left.now - left.was));
}
