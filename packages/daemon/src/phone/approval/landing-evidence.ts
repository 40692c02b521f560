/** Reads what a person sees of a change before it lands, from sealed blobs and the log. */
import {
  captureNoteLines,
  checksSchema,
  Fault,
  independentTestsSchema,
  type LandingPage,
  outsideReplaySchema,
  pathReportSchema,
  provennessSchema,
  secondImplementationSchema,
  testChangeLines,
  testChangesSchema,
} from "@aedev/contracts";
import { reasonsToAsk, type TaskState } from "@aedev/core";
import { patchAsText, withTwinsSpelled } from "@aedev/host/patch/visible-patch";
import type { Blobs, Records, WriteRules } from "../../control/parts.ts";
import { landingCommit } from "../../control/permitted-writes.ts";
import { openBundle, readSpecification } from "../../control/read-blobs.ts";

export function landingEvidence(
  control: Blobs & Records & WriteRules,
  task: TaskState,
): Omit<
  LandingPage,
  "kind" | "mission_title" | "repository" | "expires_at" | "returned" | "sign_in" | "tokens" | "files" | "files_omitted"
> & { readonly patch: string } {
  const { evidence, patch, gate } = task;
  if (evidence === null || patch === null || gate === null)
    throw new Fault("no-evidence", `task ${task.task_id} is asked about without evidence`);
  const { entry } = openBundle(control, evidence.bundle.digest);
  const changes = entry("test-changes", testChangesSchema);
  return {
    reasons: reasonsToAsk(task),
    specification: readSpecification(control, task),
    change_digest: evidence.change_digest,
    patch: patchToShow(control, patch),
    capture_notes: captureNoteLines(entry("path-report", pathReportSchema)?.capture_notes, (path) => path),
    patch_command: `aedev evidence show ${task.task_id} --entry patch`,
    checks: entry("checks", checksSchema),
    provenness: entry("provenness", provennessSchema),
    replay: entry("replay", outsideReplaySchema),
    independent_tests: entry("independent-tests", independentTestsSchema),
    second_implementation: entry("second-implementation", secondImplementationSchema),
    test_changes: changes === null ? null : testChangeLines(changes),
    verdicts: task.verdicts,
    risk: gate,
    commit: landingCommit(task, control),
  };
}

/** The patch as text in which lines that look alike but differ are spelled out. */
export function patchToShow(control: Blobs, patch: { readonly digest: string }): string {
  return withTwinsSpelled(patchAsText(control.blobs.get(patch.digest)).split("\n")).join("\n");
}
