/** `aedev risk explain`: shows each factor's points in the gate's score. Missing inputs count in full. */
import { escapeLine, reasonText } from "@aedev/contracts";
import type { TaskState } from "@aedev/core";
import { done, refused } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { isRefused, readState, taskOf } from "../../daemon-client/read-state.ts";
import { columns } from "../../render/columns.ts";

export const verb: Verb = {
  summary: "Show how many points each factor adds to a task's risk score, and which inputs were missing.",
  arguments: [{ name: "<task>", summary: "its id" }],
  examples: ["aedev risk explain t-0123456789abcdef", "aedev risk explain t-0123456789abcdef --json"],
  async run(session, input) {
    const task = taskOf(await readState(session, { tasks: [input.argument(0)] }), input.argument(0));
    if (isRefused(task)) return task;
    const { gate, task_id } = task;
    if (gate === null)
      return refused("no-gate", `no gate has decided on task ${task_id} yet`, `aedev task show ${task_id}`);
    const { answer, risk_score, score_kind, level, shares, reasons, profile, policy_digest, change_digest } = gate;
    const missing = shares.filter((share) => share.missing).map((share) => share.factor);
    return done(
      {
        task_id,
        decision: answer,
        risk_score,
        score_kind,
        level,
        shares,
        missing,
        reasons: reasons.map((reason) => reasonText(reason)),
        profile,
        policy_digest,
        change_digest,
      },
      riskText(gate, missing),
    );
  },
};

function riskText(
  { answer, risk_score, score_kind, level, shares, reasons, profile }: NonNullable<TaskState["gate"]>,
  missing: readonly string[],
): string {
  const score =
    risk_score === null ? "no score: a hard gate decided" : `${risk_score} ${score_kind} of 100 (${level ?? "-"})`;
  const rows = shares.map(({ factor, points, why }) => [factor, points, why]);
  return [
    `answer: ${answer} (profile ${profile})`,
    `score: ${score}`,
    columns(["FACTOR", "POINTS", "WHY"], rows, "no factors"),
    ...(missing.length === 0 ? [] : [`missing: ${missing.join(", ")}`]),
    ...reasons.map((reason) => `reason: ${escapeLine(reasonText(reason), 300)}`),
  ].join("\n");
}
