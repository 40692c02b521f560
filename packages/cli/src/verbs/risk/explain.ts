/** `aedev risk explain`: each factor of the gate's score with its share, and which inputs were missing and therefore count in full. */
import { escapeLine, type TaskState } from "@aedev/core";
import { done, refused } from "../../answer.ts";
import { columns } from "../../render/columns.ts";
import { isRefused, readState, taskOf } from "../../session/read-state.ts";
import type { Verb } from "../../verb.ts";

export const verb: Verb = {
  summary: "Show each factor of a task's score with its share, and what was missing.",
  arguments: [{ name: "<task>", summary: "its id" }],
  examples: ["aedev risk explain t-0123456789abcdef", "aedev risk explain t-0123456789abcdef --json"],
  async run(session, input) {
    const task = taskOf(await readState(session), input.argument(0));
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
        reasons,
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
  const rows = shares.map(({ factor, points, why, missing: isMissing }) => [
    factor,
    points,
    isMissing ? `missing, counts in full: ${why}` : why,
  ]);
  return [
    `answer: ${answer} (profile ${profile})`,
    `score: ${score}`,
    columns(["FACTOR", "POINTS", "WHY"], rows, "no factors"),
    ...(missing.length === 0 ? [] : [`missing: ${missing.join(", ")}`]),
    ...reasons.map((reason) => `reason: ${escapeLine(reason, 300)}`),
  ].join("\n");
}
