/** The answer that a sum alone gives, without hard gates and findings that a person always decides. */
import { type HarmSignal, signalsAgainst, signalsFor } from "@aedev/contracts";
import type { GateDecision, Profile } from "@aedev/contracts/events";
import type { Policy } from "../policy/policy-schema.ts";
import { isHeld, isMerged, signalPoints } from "../risk/estimate-harm.ts";

/** The counts of signals that were found; null: the input is missing. */
export type SignalCounts = ReadonlyMap<HarmSignal, number | null>;

/** Every signal: those against harm, then those for it. */
export const harmSignals: readonly HarmSignal[] = [...signalsAgainst, ...signalsFor];
const names: ReadonlySet<string> = new Set(harmSignals);

export function isHarmSignal(factor: string): factor is HarmSignal {
  return names.has(factor);
}

/** The sum of the policy's start and of these signals, in thousandths of log-odds. */
export function sumOf(counts: SignalCounts, policy: Policy): number {
  return [...counts].reduce((sum, [signal, count]) => sum + signalPoints(signal, count, policy), policy.risk.start);
}

/** `acknowledged`: a person released a hold for high risk. `isKindMerged`: the policy lets the kind of change merge. */
export function answerToScore(
  score: number,
  {
    policy,
    profile,
    acknowledged = false,
    isKindMerged = false,
  }: { policy: Policy; profile: Profile; acknowledged?: boolean; isKindMerged?: boolean },
): GateDecision {
  if (!acknowledged && isHeld(score, policy)) return "hold";
  return isKindMerged || isMerged(score, { policy, profile }) ? "merge" : "ask";
}
