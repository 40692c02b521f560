/** The gate's answers in the demo: what the plan of a mission asks for, with reasons and shares as the gate writes them. */
import type { Blob } from "@aedev/contracts";
import type { CommandBody, TaskState } from "@aedev/core";
import { gated } from "@aedev/core/testing";
import type { Cast } from "./outside.ts";

type Shares = Parameters<typeof gated>[1] extends infer Change
  ? NonNullable<NonNullable<Change>["shares" & keyof Change]>
  : never;
type Reasons = NonNullable<NonNullable<Parameters<typeof gated>[1]>["reasons"]>;

export function isAsked({ status }: TaskState): boolean {
  return status === "asked";
}

export function gateBody(task: TaskState, { mission, repository, key, isRevert }: Cast, statement: Blob): CommandBody {
  const { evidence, policy, task_id } = task;
  const needsPerson = ["asked", "rejected"].includes(mission.end) || isRevert || repository.profile === "safe";
  const answer = mission.code !== undefined ? "hold" : needsPerson ? "ask" : "merge";
  const isRisky = mission.why === "risk" || mission.code === "HOLD-RISK-HIGH";
  const risk_score = mission.code === "HOLD-RISK-HIGH" ? 400 : isRisky ? -1100 : -2900 - (key.charCodeAt(3) % 9) * 120;
  const body = gated(answer, {
    ...{ risk_score, statement, shares: sharesOf(mission.file ?? "", isRisky), profile: repository.profile },
    level: risk_score > 0 ? "high" : isRisky ? "medium" : "low",
    hold_code: mission.code ?? null,
    hold_detail: mission.code === undefined ? null : (mission.why ?? null),
    reasons: answer === "merge" ? [] : reasonsOf(mission, { profile: repository.profile, risk_score, isRevert }),
    policy_digest: policy?.digest ?? "",
    bundle_digest: evidence?.bundle.digest ?? "",
    change_digest: evidence?.change_digest ?? "",
  }) as Extract<CommandBody, { kind: "DecideGate" }>;
  return { ...body, task_id, hold_id: `h-${key}` };
}

function reasonsOf(
  { code, why, file = "" }: Cast["mission"],
  { profile, risk_score, isRevert }: { profile: string; risk_score: number; isRevert: boolean },
): Reasons {
  const said = why ?? "";
  if (code === "HOLD-CHECKS-FAILED")
    return [{ kind: "hold", code, causes: [{ kind: "test-broken", how: "newly failing", test: said }], more: 0 }];
  if (code === "HOLD-VALIDATOR-FAIL" || code === "HOLD-VALIDATOR-DISAGREEMENT")
    return [{ kind: "hold", code, causes: [{ kind: "judge-said", family: "gemini", said: `fail: ${said}` }], more: 0 }];
  const chance = Math.round(1000 / (1 + Math.exp(-risk_score / 1000)));
  if (code === "HOLD-RISK-HIGH") return [{ kind: "chance-of-harm", chance, bound: 500, profile: null }];
  if (isRevert) return ["the policy never merges a revert by itself"];
  if (why === "never-alone") return [{ kind: "never-alone", path: file, rule: "src/checkout/**" }];
  if (why === "unneeded") return [{ kind: "unneeded-code", parts: [`${file}: the comparison with true`], more: 0 }];
  return [{ kind: "chance-of-harm", chance, bound: profile === "safe" ? 0 : 150, profile }];
}

function sharesOf(file: string, isRisky: boolean): Shares {
  const share = (factor: string, points: number, why: string) => ({ factor, points, count: 1, why, missing: false });
  const harm = /auth|session|security|header/.test(file)
    ? share("authentication_paths", 1400, file)
    : /price|checkout|order|ledger|vat|coupon/.test(file)
      ? share("sensitive_paths", 900, file)
      : share("minor_untested_ways", 200, `one way in ${file}`);
  return [
    share("start", -2200, "changes of this size"),
    harm,
    ...(isRisky ? [share("riskier_history", 700, `${file} needed a fix 3 times in a year`)] : []),
    share("judges_pass", -600, "2 of 2 judges pass"),
  ] as Shares;
}
