/** Runs the policy's gate: reads the sealed reports, passes them with the verdicts to core's gate, and records the decision. */

import {
  checksSchema,
  dependencyChangesSchema,
  independentTestsSchema,
  outsideReplaySchema,
  pathReportSchema,
  provennessSchema,
  requiredEvidenceNames,
  revertReportSchema,
  secretReportSchema,
  testChangesSchema,
  watchedPathsSchema,
} from "@aedev/contracts";
import { type CommandBody, gate, independentOutcome, requestedJudges, unqualifiedJudges } from "@aedev/core";
import { type Control, newId, requiredTask } from "../control/control.ts";
import { permittedWrites } from "../control/permitted-writes.ts";
import { openBundle, readPolicy, readSpecification } from "../control/read-blobs.ts";
import { judgeRates } from "../evidence/judge-rates.ts";
import { signDecision } from "../evidence/sign-statement.ts";
import { deriveTouchedPaths } from "../findings/paths/touched-paths.ts";

/** `waits_for_window`: no run may start now. */
export async function decideGate(
  taskId: string,
  { waits_for_window }: { waits_for_window: boolean },
  control: Control,
): Promise<CommandBody> {
  const task = requiredTask(control.log.stateWith({ tasks: [taskId] }), taskId);
  if (task.evidence === null || task.profile === null || task.policy === null)
    throw new Error(`task ${taskId} has a pending gate without evidence`);
  const policy = readPolicy(control, task);
  const { manifest, entry } = openBundle(control, task.evidence.bundle.digest);
  const spoken = { verdicts: task.verdicts, bar: policy.judges };
  const needed = [
    ...requiredEvidenceNames,
    ...(task.reverts === undefined ? [] : (["reverted"] as const)),
    ...(task.independent?.written == null ? [] : (["independent-tests"] as const)),
  ];
  const pathReport = entry("path-report", pathReportSchema);
  const { answer, hold_code, hold_detail, reasons, risk, missing_tests } = gate({
    specification: readSpecification(control, task),
    checks: entry("checks", checksSchema),
    provenness: entry("provenness", provennessSchema),
    pathReport,
    secretReport: entry("secret-report", secretReportSchema),
    dependencyChanges: entry("dependency-changes", dependencyChangesSchema),
    testChanges: entry("test-changes", testChangesSchema),
    replay: entry("replay", outsideReplaySchema),
    independentTests: entry("independent-tests", independentTestsSchema),
    watched: entry("watched-paths", watchedPathsSchema),
    touched: pathReport === null ? null : deriveTouchedPaths(pathReport, policy),
    reverts: task.reverts,
    reverted: entry("reverted", revertReportSchema),
    missingEvidence: needed.filter((name) => manifest.entries[name] === undefined),
    verdicts: task.verdicts,
    requestedJudges: requestedJudges(task.evidence),
    unqualified: unqualifiedJudges(control.log.views.countDefects, spoken),
    policy,
    profile: task.profile,
    writes: permittedWrites(task, control),
    riskAcknowledged: task.risk_acknowledged,
    independentOutcome: independentOutcome(task),
  });
  const decision = {
    answer,
    hold_code,
    hold_detail,
    reasons: [...reasons],
    risk_score: risk.score,
    score_kind: "points" as const,
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
    waits_for_window,
    independent_tests: policy.independent_tests,
    repair: policy.repair,
    decision: {
      ...decision,
      shares: risk.shares.map(({ factor, points, why, missing }) => ({ factor, points, why, missing })),
      statement: signDecision(task, { ...decision, judges }, control),
    },
  };
}
