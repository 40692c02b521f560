/**
 * Tells the checks which changed test files stay the same tests (ADR 0050), and whether no changed file can change what runs. Control derives both again when it
 * seals the evidence.
 */
import { nullOn, type RunChecks } from "@aedev/contracts";
import { specificationText, type TaskState } from "@aedev/core";
import type { Blobs, Mirrors } from "../control/parts.ts";
import { readPolicy, readSpecification } from "../control/read-blobs.ts";
import { kindsOf } from "../findings/derive-findings.ts";
import { isInertByKinds } from "../findings/kinds/change-kinds.ts";
import { deriveChange } from "../git/change.ts";
import { linesNaming } from "../git/find-namers.ts";
import { readBlobs } from "../git/mirror.ts";

/** Nothing for a patch that can't be applied, which the checks report. */
export async function sameTestsOf(
  task: TaskState,
  baseCommit: string,
  control: Blobs & Mirrors,
): Promise<Pick<RunChecks, "same_tests" | "is_inert">> {
  const { patch, settings } = task;
  if (patch === null || settings === null) return {};
  const mirror = control.mirror(task.repository);
  const change = await deriveChange({ ...mirror, baseCommit, patch: control.blobs.get(patch.digest) }).catch(
    nullOn("HOLD-PATCH-UNSAFE"),
  );
  if (change === null) return {};
  const kinds = await kindsOf({
    ...{ change, policy: readPolicy(control, task), tests: settings.tests },
    mission: specificationText(readSpecification(control, task)),
    linesNaming: (names) => linesNaming(names, { ...mirror, commit: baseCommit }),
    readUnchanged: (paths) => readBlobs({ ...mirror, commit: baseCommit, paths }),
  });
  const { same_tests } = kinds;
  return { ...(same_tests === undefined ? {} : { same_tests }), ...(isInertByKinds(kinds) ? { is_inert: true } : {}) };
}
