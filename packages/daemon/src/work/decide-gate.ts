/** Runs the policy's gate: hands the sealed reports and the verdicts to core's gate and records its decision. */

import {
  type CommandBody,
  closedLanes,
  entityById,
  gate,
  independentOutcome,
  requestedJudges,
  unqualifiedJudges,
} from "@aedev/core";
import { newId, requiredTask } from "../control/control.ts";
import type { Blobs, Home, Mirrors, Records, WriteRules } from "../control/parts.ts";
import { permittedWrites } from "../control/permitted-writes.ts";
import { openBundle } from "../control/read-blobs.ts";
import { judgeRates } from "../evidence/judge-rates.ts";
import { signDecision } from "../evidence/sign-statement.ts";
import { brokenTests } from "./broken-tests.ts";
import { readFoundEvidence } from "./found-evidence.ts";
import { findSameChanges } from "./same-changes.ts";

/** `waits_for_window`: no run may start now, because of `schedule.run_window`. */
export async function decideGate(
  taskId: string,
  { waits_for_window }: { waits_for_window: boolean },
  control: Home & Blobs & Mirrors & Records & WriteRules,
): Promise<CommandBody> {
  const task = requiredTask(control.log.stateWith({ tasks: [taskId] }), taskId);
  if (task.evidence === null || task.profile === null || task.policy === null)
    throw new Error(`task ${taskId} has a pending gate without evidence`);
  const found = readFoundEvidence(openBundle(control, task.evidence.bundle.digest), task, control);
  const { policy } = found;
  const { same: sameChanges } = await findSameChanges(task, control);
  const known = entityById(control.log.state.repositories, task.repository);
  const spoken = { verdicts: task.verdicts, bar: policy.judges };
  const { answer, hold_code, hold_detail, reasons, risk, other_run, missing_tests } = gate({
    ...found,
    verdicts: task.verdicts,
    requestedJudges: requestedJudges(task.evidence),
    unqualified: unqualifiedJudges(control.log.views.countDefects, spoken),
    profile: task.profile,
    writes: permittedWrites(task, control),
    sameChanges,
    closedLanes: { repository: task.repository, lanes: known === undefined ? [] : closedLanes(known) },
    riskAcknowledged: task.risk_acknowledged,
    independentOutcome: independentOutcome(task),
  });
  const decision = {
    answer,
    hold_code,
    hold_detail,
    reasons: [...reasons],
    risk_score: risk.score,
    score_kind: risk.score_kind,
    level: risk.level,
    policy_digest: task.policy.digest,
    profile: task.profile,
    bundle_digest: task.evidence.bundle.digest,
    change_digest: task.evidence.change_digest,
  };
  const judges = judgeRates(control.log.views.countDefects, spoken);
  return {
    kind: "DecideGate",
    task_id: taskId,
    hold_id: newId("h"),
    missing_tests,
    ...(await brokenTests(task, found, control)),
    waits_for_window,
    independent_tests: other_run,
    repair: policy.repair,
    decision: {
      ...decision,
      shares: [...risk.shares],
      statement: signDecision(task, { ...decision, judges }, control),
    },
  };
}
