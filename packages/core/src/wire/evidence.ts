/** The evidence bundle's parts: what the execution plane observed and what control derived. Missing stays missing; nothing here is the coder's word. */
import { z } from "zod";
import { blobSchema, gitIdSchema, sha256Schema } from "./names.ts";

/** The entries a bundle may have. Runner: up to `environment`; control derives the rest itself from patch and base (THREATS T12). */
export const evidenceNames = [
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
export const evidenceNameSchema = z.enum(evidenceNames);
export type EvidenceName = z.infer<typeof evidenceNameSchema>;

/** The manifest of a bundle; the bundle's digest is the SHA-256 of its canonical JSON. `parent`: the judged bundle a landing bundle inherits from. */
export const bundleManifestSchema = z.strictObject({
  schema: z.literal(1),
  parent: sha256Schema.nullable(),
  entries: z.partialRecord(evidenceNameSchema, blobSchema),
});
export type BundleManifest = z.infer<typeof bundleManifestSchema>;

/** One test as its report claims it. `id` is stable over runs: file and name path where the report has them. */
export const testResultSchema = z.strictObject({ id: z.string().max(1000), result: z.enum(["pass", "fail", "skip"]) });
export type TestResult = z.infer<typeof testResultSchema>;

/** One command of one cell. `tests: null`: the command gives only an exit code. `incomplete` says why the result can't be believed, e.g. the sentinel was not reported failing. */
export const commandResultSchema = z.strictObject({
  command: z.string().max(2000),
  exit_code: z.int().nullable(),
  timed_out: z.boolean(),
  duration_ms: z.int().nonnegative(),
  output_tail: z.string(),
  omitted_bytes: z.int().nonnegative(),
  format: z.enum(["tap", "node-test", "junit", "exit-code"]),
  tests: z.array(testResultSchema).max(20_000).nullable(),
  sentinel: z.enum(["failed-as-it-must", "not-reported", "reported-passing", "none"]),
  incomplete: z.string().max(500).nullable(),
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
  status: z.enum(["green", "red", "base-red", "exit-code-only", "none", "incomplete"]),
  /** Tests of the base that fail or vanished on the candidate, by id, with the cell that shows it. */
  newly_failing: z.array(z.string()).max(1000),
  vanished: z.array(z.string()).max(1000),
  /** Tests that are red on the old code and green on the new. */
  fail_to_pass: z.array(z.string()).max(1000),
  pass_to_pass: z.int().nonnegative(),
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

/** What happened to existing tests: files changed, deleted, assertion counts before and after. */
export const testChangesSchema = z.strictObject({
  files: z
    .array(
      z.strictObject({
        path: z.string(),
        status: z.enum(["added", "modified", "deleted"]),
        assertions_before: z.int(),
        assertions_after: z.int(),
      }),
    )
    .max(2000),
});
export type TestChanges = z.infer<typeof testChangesSchema>;
