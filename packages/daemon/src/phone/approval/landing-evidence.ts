/** Reads what a person is shown of a change before it lands, from sealed blobs and the log. */
import {
  bundleManifestSchema,
  checksSchema,
  Fault,
  type LandingPage,
  outsideReplaySchema,
  provennessSchema,
  testChangeLines,
  testChangesSchema,
} from "@aedev/contracts";
import { commitSubjectOf, type TaskState } from "@aedev/core";
import type { Control } from "../../control/control.ts";
import { landingBranch } from "../../control/permitted-writes.ts";
import { readDocument, readSpecification } from "../../control/read-blobs.ts";

export function landingEvidence(
  control: Control,
  task: TaskState,
): Omit<LandingPage, "kind" | "mission_title" | "repository" | "expires_at" | "tokens"> {
  const { evidence, patch, gate } = task;
  if (evidence === null || patch === null || gate === null)
    throw new Fault("no-evidence", `task ${task.task_id} is asked about without evidence`);
  const { entries } = readDocument(control, evidence.bundle.digest, bundleManifestSchema);
  const { checks, provenness, replay, "test-changes": changes } = entries;
  return {
    reasons: gate.reasons,
    specification: readSpecification(control, task),
    change_digest: evidence.change_digest,
    patch: control.blobs.get(patch.digest),
    patch_command: `aedev evidence show ${task.task_id} --entry patch`,
    checks: checks === undefined ? null : readDocument(control, checks.digest, checksSchema),
    provenness: provenness === undefined ? null : readDocument(control, provenness.digest, provennessSchema),
    replay: replay === undefined ? null : readDocument(control, replay.digest, outsideReplaySchema),
    test_changes:
      changes === undefined ? null : testChangeLines(readDocument(control, changes.digest, testChangesSchema)),
    verdicts: task.verdicts,
    risk: { score: gate.risk_score, level: gate.level, shares: gate.shares },
    commit: commitOf(control, task),
  };
}

function commitOf(control: Control, task: TaskState): LandingPage["commit"] {
  const repository = control.log.state.repositories[task.repository];
  const { ref, mayPush } = landingBranch(task, control);
  return {
    title: commitSubjectOf(readSpecification(control, task)),
    branch: ref.replace(/^refs\/heads\//, ""),
    remote: repository?.url ?? task.repository,
    may_write: mayPush,
  };
}
