/** The evidence bundle's parts: what the execution plane observed and what control derived. Missing stays missing; nothing here is the coder's word. */
import { z } from "zod";
import { blobSchema, gitIdSchema, sha256Schema } from "./names.ts";

/** Entries without which a bundle is incomplete. Runner: up to `environment`; control derives the rest itself from patch and base (THREATS T12). */
export const requiredEvidenceNames = [
  "specification",
  "patch",
  "base-commit",
  "tree",
  "checks",
  "test-matrix",
  "usage",
  "environment",
  "test-changes",
  "path-report",
  "secret-report",
  "dependency-changes",
] as const;
/** The entries a bundle may have: `mutation-sample` stands in one only where the repository wants one; it is never a gate. */
export const evidenceNames = [...requiredEvidenceNames, "mutation-sample"] as const;
export const evidenceNameSchema = z.enum(evidenceNames);
export type EvidenceName = z.infer<typeof evidenceNameSchema>;

/** The manifest of a bundle; the bundle's digest is the SHA-256 of its canonical JSON. `parent`: the judged bundle a landing bundle inherits from. */
export const bundleManifestSchema = z.strictObject({
  schema: z.literal(1),
  parent: sha256Schema.nullable(),
  entries: z.partialRecord(evidenceNameSchema, blobSchema),
});
export type BundleManifest = z.infer<typeof bundleManifestSchema>;

/** One test as its report claims it. `id` is stable over runs: file and name path where the report has them. `flaky`: two runs on the same tree differ. */
export const testResultSchema = z.strictObject({
  id: z.string().max(1000),
  result: z.enum(["pass", "fail", "skip", "flaky"]),
});
export type TestResult = z.infer<typeof testResultSchema>;

/** One command of one cell. `tests: null`: the command gives only an exit code. `incomplete` says why the result can't be believed, e.g. the sentinel was not reported failing. */
export const commandResultSchema = z.strictObject({
  command: z.string().max(2000),
  exit_code: z.int().nullable(),
  timed_out: z.boolean(),
  duration_ms: z.int().nonnegative(),
  output_tail: z.string(),
  omitted_bytes: z.int().nonnegative(),
  format: z.enum(["tap", "node-test", "junit", "jest", "go", "libtest", "exit-code"]),
  tests: z.array(testResultSchema).max(20_000).nullable(),
  sentinel: z.enum(["failed-as-it-must", "not-reported", "reported-passing", "none"]),
  incomplete: z.string().max(500).nullable(),
  /** How often it was run on this tree to get this answer; more than once where a first answer differed from the base's. */
  runs: z.int().positive().default(1),
  /** The exit code of every one of these runs, where there was more than one; `exit_code` is then 0 where only flaky tests speak against it and a run ended so. */
  exit_codes: z.array(z.int().nullable()).max(16).default([]),
});
export type CommandResult = z.infer<typeof commandResultSchema>;

/** The four cells: whose tests on whose code. Control files are the base's in each. `new-code-new-tests-own-control` is evidence only (THREATS T9). */
export const cellNames = [
  "old-tests-old-code",
  "old-tests-new-code",
  "new-tests-old-code",
  "new-tests-new-code",
] as const;
export const cellSchema = z.strictObject({
  ran: z.boolean(),
  why_not: z.string().max(300).nullable(),
  commands: z.array(commandResultSchema).max(32),
  /** Key of the base result that was found in the runner's cache instead of run again; null where this cell ran for this change. */
  cached: sha256Schema.nullable().default(null),
});
export type Cell = z.infer<typeof cellSchema>;
export const testMatrixSchema = z.strictObject({
  /** False: the repository names no verify command; the bundle is valid and at best asks. */
  has_checks: z.boolean(),
  cells: z.strictObject(
    Object.fromEntries(cellNames.map((name) => [name, cellSchema])) as Record<
      (typeof cellNames)[number],
      typeof cellSchema
    >,
  ),
  /** Candidate's own control files, new tests on new code; null when the patch changes none. */
  own_control: cellSchema.nullable(),
});
export type TestMatrix = z.infer<typeof testMatrixSchema>;

/** Summary control and policy read; derived from the matrix by pure code in core, never taken from a report. */
export const checksSchema = z.strictObject({
  status: z.enum(["green", "red", "base-red", "flaky", "exit-code-only", "none", "incomplete"]),
  /** Tests of the base that fail or vanished on the candidate, by id, with the cell that shows it. */
  newly_failing: z.array(z.string()).max(1000),
  vanished: z.array(z.string()).max(1000),
  /** Tests that are red on the old code and green on the new. */
  fail_to_pass: z.array(z.string()).max(1000),
  pass_to_pass: z.int().nonnegative(),
  /** Tests that the base runs and the candidate skips. */
  newly_skipped: z.array(z.string()).max(1000).default([]),
  /** Tests whose results differ between runs on the base too: they speak neither for nor against the change. */
  flaky: z.array(z.string()).max(1000).default([]),
  /** Tests that are steady on the base and differ between runs on the candidate: at best asked about. */
  newly_flaky: z.array(z.string()).max(1000).default([]),
  /** Where nothing else is red: newly failing tests that fail only as the base wrote them, while the candidate's form of them passes on the same code. */
  outdated: z.array(z.string()).max(1000).default([]),
  /** Where nothing else is red: vanished tests that the change itself no longer has, while the base's form of them still runs. */
  gone: z.array(z.string()).max(1000).default([]),
  /** Those of `gone` whose title a test that is new elsewhere has, and which pass in their old form: they may have moved. */
  moved: z.array(z.string()).max(1000).default([]),
  /** Whether the change's new tests test the change: at least one is red on the old code, none is, there are none, or it is not known. */
  new_tests: z.enum(["red-on-base", "green-on-base", "none", "unknown"]).default("unknown"),
  reasons: z.array(z.string().max(500)).max(100),
});
export type Checks = z.infer<typeof checksSchema>;

/** Tokens counted by the gateway from the stream. */
export const usageSchema = z.strictObject({
  input_tokens: z.int().nonnegative(),
  output_tokens: z.int().nonnegative(),
  cache_read_tokens: z.int().nonnegative(),
  cache_write_tokens: z.int().nonnegative(),
  requests: z.int().nonnegative(),
  /** What budgets charge on top: reservations of answers that broke off before their last count, and one-hour cache writes a second time. Left out where there is none. */
  surcharge_tokens: z.int().positive().optional(),
});
export type Usage = z.infer<typeof usageSchema>;
export const noUsage: Usage = {
  input_tokens: 0,
  output_tokens: 0,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  requests: 0,
};

/** Where the evidence was made. */
export const environmentSchema = z.strictObject({
  image: z.string(),
  image_id: z.string(),
  engine_version: z.string(),
  coder_version: z.string(),
  prepare_cache_key: sha256Schema.nullable(),
  model: z.string(),
});
export type Environment = z.infer<typeof environmentSchema>;

/** One changed entry between base tree and candidate tree, as git's raw diff without rename detection names it. */
export const changedFileSchema = z.strictObject({
  path: z.string(),
  status: z.enum(["added", "modified", "deleted"]),
  old_mode: z.string(),
  new_mode: z.string(),
  old_id: gitIdSchema,
  new_id: gitIdSchema,
  added_lines: z.int().nonnegative(),
  deleted_lines: z.int().nonnegative(),
  /** True where the new bytes hold NUL or are not UTF-8: nobody can judge them (THREATS T3). */
  binary: z.boolean(),
});
export type ChangedFile = z.infer<typeof changedFileSchema>;
export const renameSchema = z.strictObject({ from: z.string(), to: z.string(), similarity: z.int() });

/** Findings of control on names, modes and places. Kinds map to gates in core/policy. */
export const pathReportSchema = z.strictObject({
  files: z.array(changedFileSchema),
  renames: z.array(renameSchema),
  forbidden: z.array(z.strictObject({ path: z.string(), rule: z.string() })),
  unsafe: z.array(z.strictObject({ path: z.string(), why: z.string() })),
  /** T7's list, control files, new symlinks, mode changes, binaries: never merge by themselves. */
  never_by_itself: z.array(z.strictObject({ path: z.string(), rule: z.string() })),
});
export type PathReport = z.infer<typeof pathReportSchema>;

/** Secrets found by value; the value itself never stands here. */
export const secretReportSchema = z.strictObject({
  scanner: z.string(),
  findings: z.array(z.strictObject({ path: z.string(), line: z.int().nonnegative(), rule: z.string() })).max(1000),
});
export type SecretReport = z.infer<typeof secretReportSchema>;

export const dependencyChangesSchema = z.strictObject({
  changes: z
    .array(
      z.strictObject({
        file: z.string(),
        name: z.string(),
        from: z.string().nullable(),
        to: z.string().nullable(),
        suspicious: z.string().nullable(),
      }),
    )
    .max(2000),
});
export type DependencyChanges = z.infer<typeof dependencyChangesSchema>;

/** What a change did to a test, by name. `parse-failed`: the file could not be read as its language, so that its tests are unknown. `input-special-cased` is about code: it knows a test's input and its answer, or asks whether a test runs. */
export const testFindingKinds = [
  "test-removed",
  "assertion-removed",
  "assertion-weakened",
  "skip-added",
  "only-added",
  "todo-added",
  "timeout-raised",
  "snapshot-rewritten",
  "parse-failed",
  "retries-raised",
  "input-special-cased",
] as const;
export const testFindingSchema = z.strictObject({
  kind: z.enum(testFindingKinds),
  /** Name path of the test; null where it is about the whole file. */
  test: z.string().max(500).nullable(),
  /** In the new file, in the old one where it is gone; 0: the whole file. */
  line: z.int().nonnegative(),
  text: z.string().max(300),
});
export type TestFinding = z.infer<typeof testFindingSchema>;

/** What happened to tests, and to what decides how they run and count. */
export const testChangesSchema = z.strictObject({
  files: z
    .array(
      z.strictObject({
        path: z.string(),
        status: z.enum(["added", "modified", "deleted"]),
        assertions_before: z.int(),
        assertions_after: z.int(),
        /** How the file was read: a syntax tree, or line by line, which sees less. */
        parser: z.enum(["javascript", "python", "lines"]).default("lines"),
        /** Tests of the base that the change wrote anew (or any change below them, such as their set-up), and tests that it added. */
        changed_tests: z.array(z.string().max(500)).max(1000).default([]),
        added_tests: z.array(z.string().max(500)).max(1000).default([]),
        findings: z.array(testFindingSchema).max(200).default([]),
        /** Assertions of tests that stand word for word in another changed file now: they are moved and not lost. */
        moved_assertions: z.int().nonnegative().default(0),
        /** Those tests, and what a renamed file still has by name, changed or not. */
        moved_tests: z.array(z.string().max(500)).max(1000).default([]),
        /** Something beside the tests that were read by name changed, and which tests use it is not known: a shared file, or a file read by line. */
        support_changed: z.boolean().default(false),
        /** The tests stand in a file of code, which is told of its tests alone here. */
        among_code: z.boolean().default(false),
      }),
    )
    .max(2000),
  /** Changed files that decide how tests run or what counts: coverage, CI, runner configuration, snapshots. */
  settings: z
    .array(z.strictObject({ path: z.string(), kind: z.enum(["coverage", "ci", "runner", "snapshot"]) }))
    .max(2000)
    .default([]),
  /** What the changed code itself has for the tests: a branch for a test's own input, or a question whether a test is running. */
  code_findings: z
    .array(testFindingSchema.extend({ path: z.string() }))
    .max(200)
    .default([]),
});
export type TestChanges = z.infer<typeof testChangesSchema>;

/** What mutating the changed lines showed: mutants that no test noticed `survived`. `why_not`: it did not run, or not to its end, and why. */
export const mutationSampleSchema = z.strictObject({
  tool: z.string().max(100),
  lines: z.int().nonnegative(),
  mutants: z.int().nonnegative(),
  killed: z.int().nonnegative(),
  survived: z.int().nonnegative(),
  timed_out: z.int().nonnegative(),
  not_covered: z.int().nonnegative(),
  survivors: z
    .array(
      z.strictObject({
        file: z.string(),
        line: z.int(),
        mutator: z.string().max(100),
        replacement: z.string().max(300),
      }),
    )
    .max(50),
  duration_ms: z.int().nonnegative(),
  why_not: z.string().max(500).nullable(),
});
export type MutationSample = z.infer<typeof mutationSampleSchema>;
