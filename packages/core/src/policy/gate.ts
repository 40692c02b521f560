/**
 * The policy's answer to a change: merge, ask or hold. Hard gates come first and no score or profile buys them off; then risk; then what
 * never merges by itself; then the profile. Pure and total; unknown never merges.
 */
import { type Risk, scoreRisk } from "../risk/score-risk.ts";
import { firstHoldCode, type HoldCode } from "../wire/index.ts";
import { askReasons } from "./ask-reasons.ts";
import { type GateInput, type Hold, hardHolds } from "./hard-gates.ts";
import { cutText } from "./summarize-list.ts";

export interface GateAnswer {
  readonly answer: "merge" | "ask" | "hold";
  readonly hold_code: HoldCode | null;
  /** The cause in at most 500 characters; null unless the answer is hold. */
  readonly hold_detail: string | null;
  /** Every cause, also those behind the first, in at most 500 characters each; of more than 200 the last says how many are left out. */
  readonly reasons: readonly string[];
  readonly risk: Risk;
}

const detailCharactersMax = 500;
/** A change may touch thousands of files that a person decides about; the decision that is signed has room for a thousand reasons. */
const reasonsMax = 200;

/** Contract: never throws; `merge` only with full evidence, green checks, enough passing families and a risk that the profile merges. */
export function gate(input: GateInput): GateAnswer {
  const risk = scoreRisk(input, input.policy);
  const holds = hardHolds(input);
  if (holds.length > 0) return holdFor(holds, risk);
  const high = { code: "HOLD-RISK-HIGH" as const, detail: `risk ${risk.score} of 100: ${largestShares(risk)}` };
  if (risk.level === "high" && !input.riskAcknowledged) return holdFor([high], risk);
  const reasons = [...askReasons(input), ...profileReasons(input, risk)];
  const answer = reasons.length === 0 ? "merge" : "ask";
  if (!input.writesAllowed) {
    const held = holdFor([{ code: "HOLD-REMOTE-WRITES-OFF", detail: `would_${answer}` }], risk);
    return { ...held, reasons: cutReasons([...held.reasons, ...reasons]) };
  }
  return { answer, hold_code: null, hold_detail: null, reasons: cutReasons(reasons), risk };
}

function holdFor(holds: readonly Hold[], risk: Risk): GateAnswer {
  const code = firstHoldCode(holds.map((hold) => hold.code)) ?? null;
  const detail = holds.find((hold) => hold.code === code)?.detail ?? null;
  return {
    answer: "hold",
    hold_code: code,
    hold_detail: detail === null ? null : cutReason(detail),
    reasons: cutReasons(holds.map((hold) => `${hold.code}: ${hold.detail}`)),
    risk,
  };
}

/** Why the profile wants a person; empty where it merges this level by itself. */
function profileReasons({ policy, profile }: GateInput, risk: Risk): string[] {
  const merges = policy.profiles.merges[profile];
  const byItself = (risk.level === "low" && merges !== "none") || (risk.level === "medium" && merges === "medium");
  if (byItself) return [];
  const limit = merges === "none" ? "nothing" : `up to ${merges} risk`;
  return [`profile ${profile} merges ${limit} by itself; risk is ${risk.level} (${risk.score})`];
}

function largestShares(risk: Risk): string {
  return [...risk.shares]
    .filter((share) => share.points > 0)
    .sort((first, second) => second.points - first.points)
    .slice(0, 5)
    .map((share) => `${share.factor} ${share.points}`)
    .join(", ");
}

function cutReasons(reasons: readonly string[]): string[] {
  if (reasons.length <= reasonsMax) return reasons.map(cutReason);
  const kept = reasons.slice(0, reasonsMax - 1).map(cutReason);
  return [...kept, `and ${reasons.length - kept.length} more reasons`];
}

function cutReason(text: string): string {
  return cutText(text, detailCharactersMax);
}
