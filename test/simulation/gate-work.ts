/** Deciding the gate in the simulation: by core's own gate, with what is true of the change instead of evidence. */
import { type CommandBody, gate, requestedJudges, type TaskState } from "@aedev/core";
import { gated } from "@aedev/core/testing";
import { greenChecks, honestFix, samplePolicy } from "../../packages/core/test/gate/sample-policy.ts";
import { newId } from "../../packages/daemon/src/control/control.ts";
import type { World } from "./world.ts";

/** `asksOneJudge`: a planted bug, the gate is told of one judge only. */
export function decideGate(
  task: TaskState,
  { world, asksOneJudge }: { world: World; asksOneJudge: boolean | undefined },
): CommandBody {
  const { task_id, evidence, policy, verdicts } = task;
  const truth = world.truthOf(task_id, task.runs.at(-1)?.run_id ?? "");
  const isRed = truth.checks === "red";
  const { answer, hold_code, hold_detail, reasons, risk } = gate(
    honestFix({
      checks: isRed ? { ...greenChecks, status: "red", newly_failing: ["test/a.js > adds"] } : greenChecks,
      missingEvidence: truth.isWhole ? [] : ["environment"],
      verdicts,
      requestedJudges: requestedJudges(evidence),
      profile: truth.needsPerson ? "safe" : "balanced",
      riskAcknowledged: task.risk_acknowledged,
      ...(asksOneJudge === true
        ? {
            policy: { ...samplePolicy, judges: { ...samplePolicy.judges, families_required: 1 } },
            verdicts: verdicts.filter(({ verdict }) => verdict === "pass"),
          }
        : {}),
    }),
  );
  const decided = {
    answer,
    hold_code,
    hold_detail,
    reasons: [...reasons],
    risk_score: risk.score,
    level: risk.level,
    policy_digest: policy?.digest ?? "",
    profile: truth.needsPerson ? "safe" : "balanced",
    bundle_digest: evidence?.bundle.digest ?? "",
    change_digest: evidence?.change_digest ?? "",
  } as const;
  const body = gated(answer, decided as never) as Extract<CommandBody, { kind: "DecideGate" }>;
  return { ...body, task_id, hold_id: newId("h"), repair: { max_runs: 2, task_tokens: 1_000_000 } };
}
