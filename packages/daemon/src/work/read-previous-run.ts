/** Reads what the next run learns from the last one's evidence: from judges only criterion ids; neither patch nor output if a secret was found. */

import {
  type CommandResult,
  type Criterion,
  caseText,
  checksSchema,
  independentTestsSchema,
  keptAnswers,
  pathReportSchema,
  provennessSchema,
  reasonText,
  type Specification,
  secondImplementationSchema,
  secretReportSchema,
  type TestMatrix,
  testChangesSchema,
  testMatrixSchema,
} from "@aedev/contracts";
import {
  byteHolds,
  type FallbackChange,
  isRoundLeft,
  missingTestLines,
  nextBasis,
  otherCheckReasons,
  type RunBasis,
  type TaskState,
  testHolds,
  testKinds,
  weakenedTests,
} from "@aedev/core";
import { parseStrictJson } from "@aedev/host/strict-json";
import type { Blobs } from "../control/parts.ts";
import { type OpenBundle, openBundle } from "../control/read-blobs.ts";
import type { FailedCommand, Failures, PreviousRun } from "../prompt/previous-run.ts";

/** Null for a first run, a person's plain retry, or a run without evidence. */
export function readPreviousRun(control: Blobs, task: TaskState, specification: Specification): PreviousRun | null {
  const { next_cause: cause } = task;
  const basis = nextBasis(task);
  if (cause === null || basis === null) return null;
  const bundle = openBundle(control, basis.bundle.digest);
  const secrets = bundle.entry("secret-report", secretReportSchema);
  const { patch } = bundle.manifest.entries;
  const isClean = secrets !== null && secrets.findings.length === 0;
  // After the last round nobody would write new tests, so the coder must not see the tests that finally measure its change.
  const mayKnowTests = task.independent !== undefined && isRoundLeft(task.independent);
  return {
    cause,
    failures: isClean ? readFailures(bundle, specification) : null,
    unmet: readUnmet(control, basis, specification),
    conflict: basis.conflict,
    independent: isClean && mayKnowTests ? readIndependent(control, bundle) : null,
    missingTests: task.fallback === undefined ? null : readMissingTests(control, task.fallback),
    patch: isClean && patch !== undefined ? control.blobs.get(patch.digest) : null,
  };
}

function readIndependent(control: Blobs, { entry, manifest }: OpenBundle): PreviousRun["independent"] {
  const failed = entry("independent-tests", independentTestsSchema)?.failed ?? [];
  const { cases = [], tests_failed: tests = [] } = entry("second-implementation", secondImplementationSchema) ?? {};
  const differing = [...cases.map(caseText), ...tests.map((test) => `your test fails with the other code: ${test}`)];
  const sources = manifest.entries["independent-sources"];
  const text = sources === undefined ? "" : Buffer.from(control.blobs.get(sources.digest)).toString("utf8");
  return failed.length + differing.length === 0 ? null : { failed, differing, sources: text };
}

function readMissingTests(control: Blobs, { evidence, gate }: FallbackChange): string[] {
  if (evidence === null || gate === null) return [];
  return missingTestLines(gate, openBundle(control, evidence.bundle.digest).entry("provenness", provennessSchema));
}

/** Null if no check speaks against the change. */
function readFailures({ entry }: OpenBundle, specification: Specification): Failures | null {
  const checks = entry("checks", checksSchema);
  const testChanges = entry("test-changes", testChangesSchema);
  const pathReport = entry("path-report", pathReportSchema);
  const matrix = entry("test-matrix", testMatrixSchema);
  const lostAssertions =
    testChanges === null || pathReport === null
      ? []
      : weakenedTests(testChanges, pathReport, specification).filter(({ allowed }) => !allowed);
  const damaged = byteHolds({ pathReport, reverts: undefined, specification });
  const weakened = testHolds({ testChanges, pathReport, checks, specification }).filter(
    ({ kind }) => kind !== "lost-assertions",
  );
  if (checks?.status !== "red" && lostAssertions.length + weakened.length + damaged.length === 0) return null;
  return {
    failing: checks?.newly_failing ?? [],
    vanished: checks?.vanished ?? [],
    lostAssertions,
    reasons: [
      ...[...weakened, ...damaged].map((fact) => reasonText(fact)),
      ...(matrix === null ? [] : otherCheckReasons(matrix, testChanges === null ? {} : testKinds(testChanges))),
    ],
    hasDamage: damaged.length > 0,
    outputs: matrix === null ? [] : failedCommands(matrix),
  };
}

/** Commands that failed on the new code. A command with the base's tests is added if it fails where the change's own tests pass. */
function failedCommands({ cells }: TestMatrix): FailedCommand[] {
  const own = cells["new-tests-new-code"].commands;
  const base = cells["old-tests-new-code"].commands;
  const seen = own.map((result) => redNames(result).join("\n"));
  const more = base.filter((result, index) => !isRed(own[index]) || redNames(result).join("\n") !== seen[index]);
  return [...own, ...more].filter(isRed).map((result) => ({
    command: result.command,
    ending: result.timed_out ? "its time-out" : `exit code ${result.exit_code ?? "unknown"}`,
    tail: result.output_tail,
    omittedBytes: result.omitted_bytes,
  }));
}

function isRed(result: CommandResult | undefined): result is CommandResult {
  return result !== undefined && (result.timed_out || result.exit_code !== 0 || redNames(result).length > 0);
}

function redNames({ tests }: CommandResult): string[] {
  return (tests ?? []).filter(({ result }) => result === "fail").map(({ id }) => id);
}

/** The criteria of the specification that a failed verdict marks; null if no judge failed the change. */
function readUnmet(control: Blobs, { failed_answers }: RunBasis, specification: Specification): Criterion[] | null {
  if (failed_answers.length === 0) return null;
  const marked = new Set(failed_answers.flatMap(({ digest }) => markedIds(control, digest)));
  return specification.criteria.filter(({ id }) => marked.has(id));
}

/** Takes only criterion ids from a model's answer. An unreadable answer marks none. */
function markedIds(control: Blobs, digest: string): string[] {
  const text = Buffer.from(control.blobs.get(digest)).toString("utf8");
  const criteria = keptAnswers(text, parseStrictJson).flatMap((answer) => answer.criteria);
  return criteria.filter(({ result }) => result !== "met").map(({ id }) => id);
}
