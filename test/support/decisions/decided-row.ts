/** One line of data about a decided change with a known label: the gate's answer, and what the sealed bundle says of the change. The gate's weights can be fitted on such lines. */
import {
  changeKindsSchema,
  checksSchema,
  dependencyChangesSchema,
  independentTestsSchema,
  outsideReplaySchema,
  pathReportSchema,
  provennessSchema,
  reasonText,
  testChangesSchema,
} from "@aedev/contracts";
import { z } from "zod";
import type { Decided, FinalDecision } from "../../../packages/daemon/src/backtest/decide-task.ts";
import { type OpenBundle, openBundle } from "../../../packages/daemon/src/control/read-blobs.ts";

const count = z.int().nonnegative();
const counts = z.record(z.string(), count);

/** What the bundle says. A part that the bundle lacks is null. */
const featuresSchema = z.strictObject({
  /** Changed files and lines, of all files and of tests alone. */
  size: z.strictObject({ files: count, added: count, deleted: count, test_files: count, test_added: count }).nullable(),
  /** Changed files by kind, such as `code` or `renamed`, and how many of them code names. */
  kinds: z.strictObject({ files: counts, named: count }).nullable(),
  paths: z
    .strictObject({ forbidden: count, unsafe: count, never_by_itself: count, renames: count, byte_changes: count })
    .nullable(),
  dependencies: z.strictObject({ changed: count, suspicious: count }).nullable(),
  checks: z
    .strictObject({
      status: z.string(),
      new_tests: z.string(),
      /** How many tests each list has, such as `fail_to_pass` and `vanished`. */
      tests: counts,
    })
    .nullable(),
  /** Findings about tests and code by kind, and how many assertions were added (or, below 0, lost). */
  tests: z.strictObject({ findings: counts, added: count, changed: count, assertions: z.int() }).nullable(),
  provenness: z
    .strictObject({
      of: count,
      proven: count,
      unproven: counts,
      stayed_green: count,
      /** Why coverage is missing; null: it was measured. */
      coverage_missing: z.string().nullable(),
      changed_lines: count,
      covered_lines: count,
      missed: count,
      missed_minor: count,
      unmeasured: count,
      /** Null: no variant of the changed code was tried. */
      unneeded: z.strictObject({ tried: count, untried: count, parts: count }).nullable(),
      edited_tests: z.record(z.string(), z.unknown()).nullable(),
      added_tests: z.strictObject({ tried: count, noticing: count, unnoticing: count }).nullable(),
    })
    .nullable(),
  replay: z
    .strictObject({
      not_replayed: z.string().nullable(),
      /** Functions by outcome, why some were left out, and the places of differences. */
      outcomes: counts,
      left_out: counts,
      places: counts,
      calls: count,
    })
    .nullable(),
  independent: z
    .strictObject({ passed: count, failed: count, uncounted: count, why_none: z.string().nullable() })
    .nullable(),
});

/** Labels: `right` and `wrong` from real patches, `forged` from the forging corpus (its twins are right), `ordinary` from a history. */
const labels = ["right", "wrong", "forged", "ordinary"] as const;

export const decidedRowSchema = z.strictObject({
  schema: z.literal(1),
  source: z.enum(["real-patches", "forging", "history"]),
  repository: z.string(),
  case: z.string(),
  label: z.enum(labels),
  /** The class of a forged case, or the kind of an ordinary commit; null: none. */
  kind: z.string().nullable(),
  /** The label is disputed. */
  disputed: z.boolean(),
  /** What stood against the change besides its own tests: nothing (`visible`), or another run's tests (`independent`). Judges always pass. */
  layer: z.enum(["visible", "independent"]),
  /** `left-out`: nothing was decided, because the base is not green here; `detail` says more. */
  answer: z.enum(["merge", "ask", "hold", "left-out"]),
  hold_code: z.string().nullable(),
  detail: z.string().nullable(),
  /** Reasons by kind, causes of holds included. */
  reasons: counts,
  /** Each reason as a person reads it. */
  sentences: z.array(z.string()),
  /** Thousandths of log-odds of harm. */
  score: z.int().nullable(),
  /** What each signal adds to it. */
  shares: z.record(z.string(), z.number()),
  /** How often each of them was found; null: its input is missing. */
  signals: z.record(z.string(), count.nullable()),
  /** Earlier decisions that led to answered runs for tests. */
  earlier: count,
  features: featuresSchema.nullable(),
  /** From the approval to the decision. */
  seconds: z.number(),
  /** One run of the repository's own tests on the base in such a container; null: not measured. */
  tests_seconds: z.number().nullable(),
});
export type DecidedRow = z.infer<typeof decidedRowSchema>;

/** What the caller knows about the case. */
export type KnownCase = Pick<DecidedRow, "source" | "repository" | "case" | "label" | "layer"> &
  Partial<Pick<DecidedRow, "kind" | "disputed" | "tests_seconds">>;

/** The line for a decision, checked against the schema. */
export function decidedRow(known: KnownCase & { seconds: number }, decision: FinalDecision, blobs: Blobs): DecidedRow {
  const { answer, code, detail, gate, bundle, earlier } = decision;
  const features = bundle === null ? null : featuresOf(openBundle({ blobs }, bundle));
  const shares = gate?.shares.filter(({ points }) => points !== 0) ?? [];
  return decidedRowSchema.parse({
    ...{ schema: 1, kind: null, disputed: false, tests_seconds: null, ...known, seconds: tenths(known.seconds) },
    ...{ answer, hold_code: code, detail: detail?.slice(0, 2000) ?? null, earlier: earlier.length },
    ...{ reasons: tallied(reasonKinds(gate)), sentences: sentencesOf(gate), score: gate?.risk_score ?? null },
    shares: Object.fromEntries(shares.map(({ factor, points }) => [factor, points])),
    signals: Object.fromEntries(
      shares.flatMap(({ factor, count: times }) => (times === undefined ? [] : [[factor, times]])),
    ),
    features,
  });
}

/** The line for a case about which nothing could be decided. */
export function leftOutRow(known: KnownCase, why: string): DecidedRow {
  return decidedRowSchema.parse({
    ...{ schema: 1, kind: null, disputed: false, tests_seconds: null, ...known, seconds: 0 },
    ...{ answer: "left-out", hold_code: null, detail: why.slice(0, 2000), earlier: 0 },
    ...{ reasons: {}, sentences: [], score: null, shares: {}, signals: {}, features: null },
  });
}

type Blobs = Parameters<typeof openBundle>[0]["blobs"];
const tenths = (seconds: number) => Math.round(seconds * 10) / 10;

function featuresOf({ entry }: OpenBundle): z.infer<typeof featuresSchema> {
  const report = entry("path-report", pathReportSchema);
  const changes = entry("test-changes", testChangesSchema);
  const kinds = entry("change-kinds", changeKindsSchema)?.files;
  const dependencies = entry("dependency-changes", dependencyChangesSchema)?.changes;
  const independent = entry("independent-tests", independentTestsSchema);
  const tests = new Set(changes?.files.filter((file) => !file.among_code).map(({ path }) => path));
  const testFiles = report?.files.filter(({ path }) => tests.has(path)) ?? [];
  return {
    size: report && {
      files: report.files.length,
      added: sum(report.files, (file) => file.added_lines),
      deleted: sum(report.files, (file) => file.deleted_lines),
      test_files: testFiles.length,
      test_added: sum(testFiles, (file) => file.added_lines),
    },
    kinds:
      kinds === undefined
        ? null
        : { files: tallied(kinds.map(({ kind }) => kind)), named: kinds.filter((one) => one.named_by !== null).length },
    paths: report && {
      forbidden: report.forbidden.length,
      unsafe: report.unsafe.length,
      never_by_itself: report.never_by_itself.length,
      renames: report.renames.length,
      byte_changes: report.byte_changes?.length ?? 0,
    },
    dependencies:
      dependencies === undefined
        ? null
        : { changed: dependencies.length, suspicious: dependencies.filter((one) => one.suspicious !== null).length },
    checks: checksOf(entry("checks", checksSchema)),
    tests: changes && {
      findings: tallied(
        [...changes.files.flatMap((file) => file.findings), ...changes.code_findings].map(({ kind }) => kind),
      ),
      added: sum(changes.files, (file) => file.added_tests.length),
      changed: sum(changes.files, (file) => file.changed_tests.length),
      assertions: sum(changes.files, (file) => file.assertions_after - file.assertions_before),
    },
    provenness: provennessOf(entry("provenness", provennessSchema)),
    replay: replayOf(entry("replay", outsideReplaySchema)),
    independent: independent && {
      passed: independent.passed,
      failed: independent.failed.length,
      uncounted: independent.uncounted,
      why_none: independent.why_none ?? null,
    },
  };
}

function checksOf(checks: z.infer<typeof checksSchema> | null) {
  if (checks === null) return null;
  const { status, new_tests, pass_to_pass, reasons: _sentences, ...lists } = checks;
  const tests = Object.entries(lists).flatMap(([name, list]) =>
    Array.isArray(list) && list.length > 0 ? [[name, list.length] as const] : [],
  );
  return { status, new_tests, tests: { pass_to_pass, ...Object.fromEntries(tests) } };
}

function provennessOf(found: z.infer<typeof provennessSchema> | null) {
  if (found === null) return null;
  const { coverage, unneeded, added_tests: added, edited_tests: edited } = found;
  return {
    of: found.tests_executing_change,
    proven: found.proven,
    unproven: tallied(found.unproven.map(({ reason }) => reason)),
    stayed_green: found.stayed_green.length + found.stayed_green_more,
    coverage_missing: found.coverage_missing,
    changed_lines: coverage?.changed_lines ?? 0,
    covered_lines: coverage?.covered_lines ?? 0,
    missed: coverage?.missed ?? 0,
    missed_minor: coverage?.missed_minor ?? 0,
    unmeasured: (coverage?.unmeasured.length ?? 0) + (coverage?.unmeasured_more ?? 0),
    unneeded: unneeded && { tried: unneeded.tried, untried: unneeded.untried, parts: unneeded.parts.length },
    edited_tests:
      edited &&
      Object.fromEntries(
        Object.entries(edited).map(([key, value]) => [key, Array.isArray(value) ? value.length : value]),
      ),
    added_tests: added && { tried: added.tried, noticing: added.noticing, unnoticing: added.unnoticing.length },
  };
}

function replayOf(found: z.infer<typeof outsideReplaySchema> | null) {
  if (found === null) return null;
  return {
    not_replayed: found.not_replayed,
    outcomes: tallied(found.functions.map(({ outcome }) => outcome)),
    left_out: tallied(found.functions.flatMap(({ left_out: why }) => why ?? [])),
    places: tallied(found.functions.flatMap(({ difference }) => difference?.place ?? [])),
    calls: sum(found.functions, ({ calls }) => calls),
  };
}

/** A hold's reason also counts as each of its causes. */
function reasonKinds(gate: Decided["gate"]): string[] {
  return (gate?.reasons ?? []).flatMap((reason) => {
    if (typeof reason === "string") return ["sentence"];
    if (reason.kind === "hold") return [reason.code, ...reason.causes.map(({ kind }) => kind)];
    return reason.kind === "more" ? [] : [reason.kind === "test-finding" ? reason.finding : reason.kind];
  });
}

function sentencesOf(gate: Decided["gate"]): string[] {
  return (gate?.reasons ?? []).map((reason) => reasonText(reason));
}

function tallied(names: readonly string[]): Record<string, number> {
  const found = new Map<string, number>();
  for (const name of names) found.set(name, (found.get(name) ?? 0) + 1);
  return Object.fromEntries(found);
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((before, one) => before + of(one), 0);
}
