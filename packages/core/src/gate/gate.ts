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
  holdReason,
  type Reason,
  reasonText,
} from "@aedev/contracts";
import type { GateDecision } from "@aedev/contracts/events";
import { askReasons } from "./ask-reasons.ts";
import { type GateInput, type Hold, hardHolds } from "./hard-gates.ts";
import { missingTests } from "./missing-tests.ts";
import { type Risk, scoreRisk } from "./risk/score-risk.ts";

export interface GateAnswer {
  readonly answer: GateDecision;
  readonly hold_code: HoldCode | null;
  /** The cause in at most 500 characters; null unless the answer is hold. */
  readonly hold_detail: string | null;
  /** All reasons; beyond 200, the last entry counts the omitted ones. */
  readonly reasons: readonly Reason[];
  readonly risk: Risk;
  /** What tests must show before the change can merge. Null if the answer is not ask, or if something else prevents the merge. */
  readonly missing_tests: string | null;
}

const ask = { answer: "ask", hold_code: null, hold_detail: null, missing_tests: null } as const;

/** A change may have thousands of reasons, and the signed decision has room for a thousand. */
const reasonsMax = 200;

/** Contract: never throws; `merge` only with full evidence, green checks, enough passing families and a risk within the profile. */
export function gate(input: GateInput): GateAnswer {
  const risk = scoreRisk(input, input.policy);
  const holds = hardHolds(input);
  if (holds.length > 0) return holdFor(holds, risk);
  if (risk.level === "high" && !input.riskAcknowledged) {
    const high = { kind: "risk", score: risk.score, shares: largestShares(risk) } as const;
    return holdFor([{ code: "HOLD-RISK-HIGH", causes: [high] }], risk);
  }
  const reasons = [...askReasons(input), ...profileReasons(input, risk)];
  const answer = reasons.length === 0 ? "merge" : "ask";
  if (input.writes === "on-approval")
    return { ...ask, reasons: firstReasons([...reasons, { kind: "branch-only" }]), risk };
  if (input.writes === "off") {
    const held = holdFor([{ code: "HOLD-REMOTE-WRITES-OFF", causes: [{ kind: "would", answer }] }], risk);
    return { ...held, reasons: firstReasons([...held.reasons, ...reasons]) };
  }
  const missing_tests = missingTests(reasons, risk, input);
  return { answer, hold_code: null, hold_detail: null, reasons: firstReasons(reasons), risk, missing_tests };
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
    missing_tests: null,
  };
}

/** Why the profile asks; empty if it merges this level automatically. */
function profileReasons({ policy, profile }: GateInput, risk: Risk): Fact[] {
  const merges = policy.profiles.merges[profile];
  const isWithin = (risk.level === "low" && merges !== "none") || (risk.level === "medium" && merges === "medium");
  if (isWithin) return [];
  return [{ kind: "profile", profile, merges, level: risk.level, score: risk.score }];
}

function largestShares(risk: Risk) {
  return [...risk.shares]
    .filter((share) => share.points > 0)
    .sort((first, second) => second.points - first.points)
    .slice(0, 5)
    .map(({ factor, points }) => ({ factor, points }));
}

/** The first reasons without repeated texts. */
function firstReasons(all: readonly Reason[]): readonly Reason[] {
  const reasons = [...new Map(all.map((reason) => [reasonText(reason), reason])).values()];
  if (reasons.length <= reasonsMax) return reasons;
  const kept = reasons.slice(0, reasonsMax - 1);
  return [...kept, { kind: "more", count: reasons.length - kept.length }];
}
