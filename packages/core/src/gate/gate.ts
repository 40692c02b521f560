/**
 * Decides on a change: merge, ask or hold. Hard gates come first, and no score or profile overrides them. Pure and total; anything unknown never merges.
 *
 * Folder: the decision merge, ask or hold, with its reasons.
 */

import {
  causesText,
  type Fact,
  firstHoldCode,
  type HoldCode,
  harmChance,
  holdReason,
  laneKindOf,
  type Reason,
  reasonText,
} from "@aedev/contracts";
import type { GateDecision } from "@aedev/contracts/events";
import { askReasons } from "./ask-reasons.ts";
import { type GateInput, type Hold, hardHolds } from "./hard-gates.ts";
import { missingTests } from "./missing-tests.ts";
import { estimateHarm, isHeld, isKindMerged, isMerged, mergeBound, type Risk } from "./risk/estimate-harm.ts";
import { isAwaited, signalOf } from "./risk/signals.ts";

export interface GateAnswer {
  readonly answer: GateDecision;
  readonly hold_code: HoldCode | null;
  /** The cause in at most 500 characters; null unless the answer is hold. */
  readonly hold_detail: string | null;
  /** All reasons; beyond 200, the last entry counts the omitted ones. */
  readonly reasons: readonly Reason[];
  readonly risk: Risk;
  /** Another run must make the change before it merges; the answer counts on its result. */
  readonly other_run: boolean;
  /** What tests must show before the change can merge. Null if the answer is not ask, or if something else prevents the merge. */
  readonly missing_tests: string | null;
}

const ask = { answer: "ask", hold_code: null, hold_detail: null, other_run: false, missing_tests: null } as const;

/** A change may have thousands of reasons, and the signed decision has room for a thousand. */
const reasonsMax = 200;

/** Contract: never throws; `merge` only with full evidence, green checks, enough passing families and a risk within the profile. */
export function gate(input: GateInput): GateAnswer {
  const facts = askReasons(input);
  const { risk, isAwaiting } = riskOf(input, facts);
  const holds = hardHolds(input);
  if (holds.length > 0) return holdFor(holds, risk);
  if (!input.riskAcknowledged && isHeld(risk.score, input.policy)) {
    const bound = input.policy.risk.bounds.hold;
    return holdFor([{ code: "HOLD-RISK-HIGH", causes: [{ ...chanceOf(risk), bound, profile: null }] }], risk);
  }
  const always = [...laneFacts(input, risk), ...facts.filter((fact) => signalOf(fact) === undefined)];
  const beyond = chanceReasons(input, risk);
  const weighed = beyond.length === 0 ? [] : facts.filter((fact) => signalOf(fact) !== undefined);
  const reasons = [...always, ...weighed, ...beyond];
  const answer = reasons.length === 0 ? "merge" : "ask";
  if (input.writes === "on-approval")
    return { ...ask, reasons: firstReasons([...reasons, { kind: "branch-only" }]), risk };
  if (input.writes === "off") {
    const held = holdFor([{ code: "HOLD-REMOTE-WRITES-OFF", causes: [{ kind: "would", answer }] }], risk);
    return { ...held, reasons: firstReasons([...held.reasons, ...reasons]) };
  }
  const missing_tests = missingTests(reasons, risk, input);
  const other_run = answer === "merge" && isAwaiting;
  return { answer, hold_code: null, hold_detail: null, reasons: firstReasons(reasons), risk, other_run, missing_tests };
}

/** `isAwaiting`: the risk counts on another run that is still to make the change; with `when_uncertain`, only if the change would not merge without it. */
function riskOf(input: GateInput, facts: readonly Fact[]): { risk: Risk; isAwaiting: boolean } {
  const { policy, writes } = input;
  const isAwaiting = isAwaited(input, policy);
  const risk = estimateHarm(input, facts, policy);
  if (!isAwaiting) return { risk, isAwaiting };
  const without = estimateHarm(input, facts, { ...policy, second_implementation: "never" });
  // A person is asked at once, so the other run never starts, and gives no credit.
  if (writes === "on-approval") return { risk: without, isAwaiting: false };
  if (policy.second_implementation === "always") return { risk, isAwaiting };
  return isMerged(without.score, input) ? { risk: without, isAwaiting: false } : { risk, isAwaiting };
}

function holdFor(holds: readonly Hold[], risk: Risk): GateAnswer {
  const code = firstHoldCode(holds.map((hold) => hold.code)) ?? null;
  const first = holds.find((hold) => hold.code === code);
  return {
    answer: "hold",
    hold_code: code,
    hold_detail: first === undefined ? null : causesText(first.causes),
    reasons: firstReasons(holds.map((hold) => holdReason(hold.code, hold.causes))),
    risk,
    other_run: false,
    missing_tests: null,
  };
}

/** That the chance of harm is not below what the profile merges; empty if it is, or if the operator lets this kind of change merge here. */
function chanceReasons({ policy, profile, closedLanes }: GateInput, risk: Risk): Fact[] {
  const repository = closedLanes?.repository ?? "";
  if (isMerged(risk.score, { policy, profile }) || isKindMerged(risk, { policy, profile, repository })) return [];
  return [{ ...chanceOf(risk), bound: mergeBound(policy, profile), profile }];
}

/** That too many changes of this kind went wrong that merged by themselves. */
function laneFacts({ closedLanes }: GateInput, { shares }: Risk): Fact[] {
  const change = laneKindOf(shares);
  return (closedLanes?.lanes ?? [])
    .filter(({ kind }) => kind === change)
    .map(({ merged, bad, over }) => ({
      kind: "lane-closed",
      repository: closedLanes?.repository ?? "",
      change,
      merged,
      bad,
      over,
    }));
}

/** A chance as reasons store it, in thousandths. */
function chanceOf({ score }: Risk) {
  return { kind: "chance-of-harm", chance: Math.round(harmChance(score) * 1000) } as const;
}

/** The first reasons without repeated texts. */
function firstReasons(all: readonly Reason[]): readonly Reason[] {
  const reasons = [...new Map(all.map((reason) => [reasonText(reason), reason])).values()];
  if (reasons.length <= reasonsMax) return reasons;
  const kept = reasons.slice(0, reasonsMax - 1);
  return [...kept, { kind: "more", count: reasons.length - kept.length }];
}
