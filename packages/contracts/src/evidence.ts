/** The entries of an evidence bundle: what the execution plane observed and what control derived. A missing entry is never filled in, and nothing here comes from the coder's own claims. */
import { z } from "zod";
import { byteChangeSchema } from "./byte-changes.ts";
import { captureNotesSchema } from "./capture-notes.ts";
import { blobSchema, gitIdSchema, sha256Schema } from "./ids.ts";
import { reportedTestsMax } from "./reported-tests.ts";
import { skippedTestsSchema } from "./skipped-tests.ts";

/** Entries of every complete bundle. The runner supplies those up to `environment`; control derives the rest from patch and base (SECURITY T12). */
export const requiredEvidenceNames = [
  "specification",
  "patch",
  "base-commit",
  "tree",
  "checks",
  "test-matrix",
  "provenness",
  "usage",
  "environment",
  "test-changes",
  "path-report",
  "secret-report",
  "dependency-changes",
] as const;
/**
 * All entries that a bundle may have. `mutation-sample` exists only if the repository asks for it, and is never a gate. `watched-paths` is missing if
 * the base's checks could not be watched; then the change needs approval. `independent-tests` and `second-implementation` exist only if another run wrote tests.
 * `independent-sources`, the text of their files, exists only if one of those tests fails; no judge reads it, and control leaves it out if it contains a
 * secret. `reverted` exists only if the change takes a landed change back. `dependency-records` exists only if a
 * manifest or lockfile changes and could be read: without it, each changed dependency asks. `history` is missing if no changed file can do harm, or if the
 * repository's past was not read yet. Bundles of earlier versions have none of these, nor `change-kinds`.
 */
export const evidenceNames = [
  ...requiredEvidenceNames,
  "mutation-sample",
  "watched-paths",
  "replay",
  "independent-tests",
  "independent-sources",
  "second-implementation",
  "reverted",
  "change-kinds",
  "dependency-records",
  "history",
] as const;
const evidenceNameSchema = z.enum(evidenceNames);
/** The name of an entry of a bundle. */
export type EvidenceName = z.infer<typeof evidenceNameSchema>;

/** The entries that judges read, in the order of the plain view. */
export const judgedEvidenceNames = [
  "specification",
  "patch",
  "reverted",
  "checks",
  "provenness",
  "replay",
  "independent-tests",
  "second-implementation",
  "test-matrix",
  "test-changes",
  "path-report",
  "dependency-changes",
  "dependency-records",
  "mutation-sample",
  "environment",
] as const satisfies readonly EvidenceName[];

/** The manifest of a bundle; the bundle's digest is the SHA-256 of its canonical JSON. `parent`: the judged bundle that a landing bundle inherits from. */
export const bundleManifestSchema = z.strictObject({
  schema: z.literal(1),
  parent: sha256Schema.nullable(),
  entries: z.partialRecord(evidenceNameSchema, blobSchema),
});
export type BundleManifest = z.infer<typeof bundleManifestSchema>;

const testResults = z.enum(["pass", "fail", "skip", "flaky"]);
/**
 * One test as its report claims it. `id` is stable across runs: file and name path if the report has them. `flaky`: two runs on the same tree differ;
 * `failed` is then the number of passes in which the test did not pass.
 */
const testResultSchema = z.strictObject({
  id: z.string().max(1000),
  result: testResults,
  failed: z.int().positive().exactOptional(),
});
export type TestResult = z.infer<typeof testResultSchema>;

/** One command of one cell. `tests` is null if the command gives only an exit code. `incomplete`: why the result can't be trusted, e.g. the sentinel was not reported failing. */
export const commandResultSchema = z.strictObject({
  command: z.string().max(2000),
  exit_code: z.int().nullable(),
  timed_out: z.boolean(),
  duration_ms: z.int().nonnegative(),
  output_tail: z.string(),
  omitted_bytes: z.int().nonnegative(),
  format: z.enum(["tap", "node-test", "junit", "jest", "go", "libtest", "exit-code"]),
  tests: z.array(testResultSchema).max(reportedTestsMax).nullable(),
  sentinel: z.enum(["failed-as-it-must", "not-reported", "reported-passing", "none"]),
  incomplete: z.string().max(500).nullable(),
  /** How often it ran on this tree; more than once if its first result differed from the base's. */
  runs: z.int().positive().default(1),
  /** How many passes gave results for its tests, if more than one. A command whose success is proven has two. */
  passes: z.int().positive().exactOptional(),
  /** The exit code of each run if there were several. `exit_code` is then 0 if one run ended with 0 and only flaky tests failed in the others. */
  exit_codes: z.array(z.int().nullable()).max(16).default([]),
});
export type CommandResult = z.infer<typeof commandResultSchema>;

/** The four cells: old or new tests on old or new code. Each uses the base's control files (SECURITY T9). */
export const cellNames = [
  "old-tests-old-code",
  "old-tests-new-code",
  "new-tests-old-code",
  "new-tests-new-code",
] as const;
/** One cell of the matrix. `why_not`: why it did not run. */
export const cellSchema = z.strictObject({
  ran: z.boolean(),
  why_not: z.string().max(300).nullable(),
  commands: z.array(commandResultSchema).max(32),
  /** The key of the base result in the runner's cache, if a cached result was reused; null if this cell ran for this change. */
  cached: sha256Schema.nullable().default(null),
});
export type Cell = z.infer<typeof cellSchema>;
/** The results of the verify commands in each cell. */
export const testMatrixSchema = z.strictObject({
  /** False: the repository has no verify command. The bundle is valid, but the change needs approval. */
  has_checks: z.boolean(),
  cells: z.strictObject(
    Object.fromEntries(cellNames.map((name) => [name, cellSchema])) as Record<
      (typeof cellNames)[number],
      typeof cellSchema
    >,
  ),
  /** New tests on new code with the candidate's own control files, as evidence only; null if the patch changes no control file. */
  own_control: cellSchema.nullable(),
  /** Files and folders (ending in `/`) of fetched packages that the change's build wrote and the base's build did not; absent: none. */
  build_writes: z.array(z.string().max(5000)).max(1000).exactOptional(),
  /** Files of code whose tests ran only in the change's version on the new code, because the base's version gave no results; absent: none. */
  own_tests: z.array(z.string().max(5000)).max(1000).exactOptional(),
  /** Paths of test files that ran in the version that fits the code, because they are the same tests (ADR 0050); absent: none. */
  same_tests: z.array(z.string().max(5000)).max(4000).exactOptional(),
  /** Nothing was tried on the code, because no changed file can change what runs; absent: proofs ran. */
  is_inert: z.literal(true).exactOptional(),
  /** Absent: no test was skipped with the change, or an earlier version made the evidence. */
  skipped: skippedTestsSchema.exactOptional(),
});
export type TestMatrix = z.infer<typeof testMatrixSchema>;

/** The summary of the checks that control and policy read. Core derives it from the matrix; it is never taken from a report. */
export const checksSchema = z.strictObject({
  status: z.enum(["green", "red", "base-red", "flaky", "exit-code-only", "none", "incomplete"]),
  /** Ids of the base's tests that fail on the candidate (`vanished`: that are missing there). */
  newly_failing: z.array(z.string()).max(1000),
  vanished: z.array(z.string()).max(1000),
  /** Tests that are red on the old code and green on the new. */
  fail_to_pass: z.array(z.string()).max(1000),
  pass_to_pass: z.int().nonnegative(),
  /** Tests that the base runs and the candidate skips. */
  newly_skipped: z.array(z.string()).max(1000).default([]),
  /** Tests whose results also differ between runs on the base, and that don't fail significantly more often with the change. They count neither for nor against the change. */
  flaky: z.array(z.string()).max(1000).default([]),
  /** Tests that are stable on the base and flaky on the candidate, or flaky on both and fail significantly more often on the candidate: the change needs approval. */
  newly_flaky: z.array(z.string()).max(1000).default([]),
  /** If nothing else is red: tests of the base that fail in the base's version with the change's code; absent: none. */
  broken: z.array(z.string()).max(1000).exactOptional(),
  /** If nothing else is red: newly failing tests that fail in the base's version and pass in the candidate's, on the same code. */
  outdated: z.array(z.string()).max(1000).default([]),
  /** The checks also say something else: a command fails without such a test, the base is red, or a result is uncertain. Absent: they don't, or nothing is `outdated`. */
  outdated_beside: z.literal(true).exactOptional(),
  /** If nothing else is red: tests of the change that fail with the base's control files and pass with the change's own. */
  needs_own_control: z.array(z.string()).max(1000).default([]),
  /** If nothing else is red: vanished tests that the change removed although their base version still runs. */
  gone: z.array(z.string()).max(1000).default([]),
  /** Tests of `gone` that may have moved: they pass in the base's version, and a new test in another file has the same title. */
  moved: z.array(z.string()).max(1000).default([]),
  /** Tests that pass in the base's version and have another title in the change's. They are not `vanished`. */
  renamed: z.array(z.string()).max(1000).exactOptional(),
  /** Whether the new tests test the change. `red-on-base`: at least one is red on the old code; `green-on-base`: none is. */
  new_tests: z.enum(["red-on-base", "green-on-base", "none", "unknown"]).default("unknown"),
  /** Tests of the change that were skipped on its code. */
  skipped_new: z.array(z.string()).max(1000).exactOptional(),
  skipped: skippedTestsSchema.exactOptional(),
  /** What the exit codes with the new tests on the old code prove; absent if they prove nothing, or if a command gives results per test. */
  exit_codes: z.enum(["red-on-base", "green-on-base"]).exactOptional(),
  /** For a revert, if nothing fails with the tests that it puts back: the base's tests that fail, are skipped or are gone. */
  undone: z.array(z.string()).max(1000).exactOptional(),
  /** With `green-on-base`: the tests that the change adds. */
  untested: z.array(z.string()).max(1000).default([]),
  /** The matrix's `build_writes`; absent: none. */
  build_writes: z.array(z.string()).max(1000).exactOptional(),
  /** The matrix's `own_tests`; absent: none. */
  own_tests: z.array(z.string()).max(1000).exactOptional(),
  /** The findings as sentences for people; code reads the other keys. */
  reasons: z.array(z.string().max(500)).max(100),
});
export type Checks = z.infer<typeof checksSchema>;

/** The image, engine and coder that produced the evidence. */
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
  /** True if nobody can review the bytes (SECURITY T3): they contain NUL, or they are not UTF-8 although the file was UTF-8 or is new. */
  binary: z.boolean(),
  /** The estimated encoding of the new bytes, if the old or the new ones are not UTF-8 and can still be reviewed. */
  encoding: z.string().max(100).exactOptional(),
  /** Lines that differ only in their ending. Each counts as one added and one deleted line above. */
  ending_lines: z.int().positive().exactOptional(),
});
export type ChangedFile = z.infer<typeof changedFileSchema>;
/** A file that git considers renamed. `similarity` is in percent. */
export const renameSchema = z.strictObject({ from: z.string(), to: z.string(), similarity: z.int() });

/** Control's findings about paths, names and file modes. Each list leads to its own gate. */
export const pathReportSchema = z.strictObject({
  files: z.array(changedFileSchema),
  renames: z.array(renameSchema),
  forbidden: z.array(z.strictObject({ path: z.string(), rule: z.string() })),
  unsafe: z.array(z.strictObject({ path: z.string(), why: z.string() })),
  /** Paths of SECURITY T7, control files, new symlinks, mode changes and binaries. A person must approve each of them. */
  never_by_itself: z.array(z.strictObject({ path: z.string(), rule: z.string() })),
  /** Changes to bytes that nobody edited; absent: none, or the bundle is of an earlier version. */
  byte_changes: z.array(byteChangeSchema).max(200).exactOptional(),
  /** Files that `capture_notes` lists as not taken, although changed files name them. */
  not_taken_named: z.array(z.string().max(4096)).max(40).exactOptional(),
  /** What the runner noted while it captured the change; absent: nothing. */
  capture_notes: captureNotesSchema.exactOptional(),
});
export type PathReport = z.infer<typeof pathReportSchema>;

/** Places of secrets; the secret itself is not recorded. */
export const secretReportSchema = z.strictObject({
  scanner: z.string(),
  findings: z.array(z.strictObject({ path: z.string(), line: z.int().nonnegative(), rule: z.string() })).max(1000),
});
export type SecretReport = z.infer<typeof secretReportSchema>;

/**
 * What a change did to a test. `parse-failed`: the file could not be parsed, so its tests are unknown. Two kinds are about code. `input-special-cased`:
 * it hard-codes a test's input and answer, or checks whether a test is running. `surroundings-used`: it newly depends on environment, clock, chance,
 * location or values kept from earlier calls, or changes objects that it does not own.
 */
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
  "surroundings-used",
] as const;
/** One finding about a test, with its place in the file. */
export const testFindingSchema = z.strictObject({
  kind: z.enum(testFindingKinds),
  /** The name path of the test; null if the finding is about the whole file. */
  test: z.string().max(500).nullable(),
  /** The line in the new file, or in the old file if the new one is gone; 0: the whole file. */
  line: z.int().nonnegative(),
  text: z.string().max(300),
});
export type TestFinding = z.infer<typeof testFindingSchema>;

/** What a change did to tests, and to the files that decide how tests run and count. */
export const testChangesSchema = z.strictObject({
  files: z
    .array(
      z.strictObject({
        path: z.string(),
        status: z.enum(["added", "modified", "deleted"]),
        assertions_before: z.int(),
        assertions_after: z.int(),
        /** What compared its tests one by one; `lines`: they were compared as a whole, which finds less. */
        parser: z.enum(["javascript", "python", "lines"]).default("lines"),
        /** Tests of the base that the change edited, or whose set-up it edited; `added_tests`: tests that it added. */
        changed_tests: z.array(z.string().max(500)).max(1000).default([]),
        added_tests: z.array(z.string().max(500)).max(1000).default([]),
        /** Changed tests that differ only in values that they expect, written out in the test; absent: none. */
        expecting_otherwise: z.array(z.string().max(500)).max(1000).exactOptional(),
        findings: z.array(testFindingSchema).max(200).default([]),
        /** Assertions of tests that moved unchanged to another changed file; they are not lost. */
        moved_assertions: z.int().nonnegative().default(0),
        /** Names of the moved tests, and of all tests that a renamed file still has, changed or not. */
        moved_tests: z.array(z.string().max(500)).max(1000).default([]),
        /** Tests of which only the title changed, by name before and after. */
        renamed_tests: z
          .array(z.strictObject({ from: z.string().max(500), to: z.string().max(500) }))
          .max(1000)
          .default([]),
        /** Something outside the named tests changed, such as a shared file or a file whose tests were compared as a whole, and it is not known which tests use it. */
        support_changed: z.boolean().default(false),
        /** Something outside the named tests was changed or removed, even if a changed test explains it. Missing in bundles of earlier versions. */
        support_lost: z.boolean().default(true),
        /** The file also contains code; this entry describes only its tests. */
        among_code: z.boolean().default(false),
      }),
    )
    .max(2000),
  /** Changed files that decide how tests run or what counts: coverage, CI, runner configuration, snapshots. */
  settings: z
    .array(z.strictObject({ path: z.string(), kind: z.enum(["coverage", "ci", "runner", "snapshot"]) }))
    .max(2000)
    .default([]),
  /** Special cases for tests in the changed code: a branch for a test's own input, or a check whether a test is running. */
  code_findings: z
    .array(testFindingSchema.extend({ path: z.string() }))
    .max(200)
    .default([]),
  /** Changed non-test files that only gained functions (in Go also types and values) which existing code does not name. Missing in bundles of earlier versions. */
  only_adds_functions: z.array(z.string()).max(2000).default([]),
  /** Changed data files outside the tests that only gained rows. Missing in bundles of earlier versions. */
  only_adds_rows: z.array(z.string()).max(2000).default([]),
});
export type TestChanges = z.infer<typeof testChangesSchema>;
