/** Reads what the hard gates need from a bundle besides verdicts, once before judges are asked and once when the gate decides. */
import {
  changeKindsSchema,
  checksSchema,
  dependencyChangesSchema,
  dependencyRecordsSchema,
  historySchema,
  independentTestsSchema,
  outsideReplaySchema,
  pathReportSchema,
  provennessSchema,
  requiredEvidenceNames,
  revertReportSchema,
  secondImplementationSchema,
  secretReportSchema,
  testChangesSchema,
  watchedPathsSchema,
} from "@aedev/contracts";
import type { FoundEvidence, TaskState } from "@aedev/core";
import type { Blobs } from "../control/parts.ts";
import { type OpenBundle, readPolicy, readSpecification } from "../control/read-blobs.ts";
import { deriveTouchedPaths } from "../findings/paths/touched-paths.ts";

/** `bundle` must include control's own findings. Throws a Fault `blob-corrupt`. */
export function readFoundEvidence({ manifest, entry }: OpenBundle, task: TaskState, control: Blobs): FoundEvidence {
  const policy = readPolicy(control, task);
  const needed = [
    ...requiredEvidenceNames,
    ...(task.reverts === undefined ? [] : (["reverted"] as const)),
    ...(task.independent?.written == null ? [] : (["independent-tests"] as const)),
  ];
  const pathReport = entry("path-report", pathReportSchema);
  return {
    specification: readSpecification(control, task),
    checks: entry("checks", checksSchema),
    provenness: entry("provenness", provennessSchema),
    pathReport,
    secretReport: entry("secret-report", secretReportSchema),
    dependencyChanges: entry("dependency-changes", dependencyChangesSchema),
    dependencyRecords: entry("dependency-records", dependencyRecordsSchema),
    testChanges: entry("test-changes", testChangesSchema),
    replay: entry("replay", outsideReplaySchema),
    independentTests: entry("independent-tests", independentTestsSchema),
    secondImplementation: entry("second-implementation", secondImplementationSchema),
    watched: entry("watched-paths", watchedPathsSchema),
    touched: pathReport === null ? null : deriveTouchedPaths(pathReport, policy),
    changeKinds: entry("change-kinds", changeKindsSchema),
    history: entry("history", historySchema),
    reverts: task.reverts,
    reverted: entry("reverted", revertReportSchema),
    missingEvidence: needed.filter((name) => manifest.entries[name] === undefined),
    policy,
  };
}
