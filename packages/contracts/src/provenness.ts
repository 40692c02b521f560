/** How many green tests were shown able to fail (SECURITY T26): each test that vouches for a change also ran with an altered expectation. */
import { z } from "zod";
import { type AddedTests, addedTestsSchema, addedTestsText } from "./added-tests.ts";
import { type Coverage, coverageSchema, coverageText, type UncoverableReason, uncoverableReasons } from "./coverage.ts";
import { type EditedTests, editedTestsSchema, editedTestsText } from "./edited-tests.ts";
import { type Unneeded, unneededSchema, unneededText } from "./unneeded.ts";

/**
 * Why a green test was not shown able to fail. `no-assertion`: it has no assertion that aedev recognizes. `no-safe-alteration`: no assertion could be
 * altered so that the test must fail. `snapshot-file`: its expectation is in another file. `unreadable`: its file could not be parsed. `green-on-base`:
 * its altered form did not fail on the base. `file-changed`: it is in a file of code that the change touches. `not-reported`: its altered form had no
 * result on the new code. `unsteady`: its altered form had different results in two runs. `ends-the-run`: an altered test of its file ends the run of
 * all others, so the file is left as it is.
 */
export const unprovenReasons = [
  "no-assertion",
  "no-safe-alteration",
  "snapshot-file",
  "unreadable",
  "green-on-base",
  "file-changed",
  "not-reported",
  "unsteady",
  "ends-the-run",
] as const;
/** Why a green test was not shown able to fail. */
export type UnprovenReason = (typeof unprovenReasons)[number];

const testName = z.string().max(1000);
const listed = 1000;

/** The base's tests that are green before and after a change, and which of them failed on the new code once an expectation was altered. */
export const provennessSchema = z
  .strictObject({
    /** The tests that execute the change are not known, so every green test of the base counts. */
    selection: z.literal("all"),
    tests_executing_change: z.int().nonnegative(),
    /** Tests whose altered form failed on the base and on the new code. */
    proven: z.int().nonnegative(),
    unproven: z.array(z.strictObject({ test: testName, reason: z.enum(unprovenReasons) })).max(listed),
    /** How many unproven tests the list leaves out. */
    unproven_more: z.int().nonnegative(),
    /** Tests whose altered form failed on the base and passed on the new code, so their green says nothing. */
    stayed_green: z.array(testName).max(listed),
    stayed_green_more: z.int().nonnegative(),
    /** Null: not measured; `coverage_missing` says why. */
    coverage: coverageSchema.nullable(),
    coverage_missing: z.enum(uncoverableReasons).nullable().default("earlier-version"),
    /** Null: nothing could be tried, or the bundle is of an earlier version. */
    unneeded: unneededSchema.nullable().default(null),
    /** Null: no test file only gained lines within its tests, there was nothing to try, or the bundle is of an earlier version. */
    edited_tests: editedTestsSchema.nullable().default(null),
    /** Null: the change changes code or adds no test, or the bundle is of an earlier version. */
    added_tests: addedTestsSchema.nullable().default(null),
  })
  .refine(
    ({ coverage, coverage_missing: why }) => (coverage === null) !== (why === null),
    "coverage is either measured or has a reason",
  )
  .refine(
    ({ tests_executing_change: all, proven, unproven, unproven_more, stayed_green, stayed_green_more }) =>
      proven + unproven.length + unproven_more + stayed_green.length + stayed_green_more === all,
    "the counts do not add up",
  );
export type Provenness = z.infer<typeof provennessSchema>;
/** Provenness before the coverage of the change is added. */
export type TestProvenness = Omit<
  Provenness,
  "coverage" | "coverage_missing" | "unneeded" | "edited_tests" | "added_tests"
>;

/** Keeps the first tests of each kind and counts the rest. */
export function boundedProvenness(found: {
  proven: number;
  unproven: Provenness["unproven"];
  stayedGreen: readonly string[];
}): TestProvenness {
  const { unproven, stayedGreen, proven } = found;
  return {
    selection: "all",
    tests_executing_change: proven + unproven.length + stayedGreen.length,
    proven,
    unproven: unproven.slice(0, listed),
    unproven_more: Math.max(0, unproven.length - listed),
    stayed_green: stayedGreen.slice(0, listed),
    stayed_green_more: Math.max(0, stayedGreen.length - listed),
  };
}

/** Adds what the tests run and need of the change, and what edited tests still notice. */
export function withCoverage(
  provenness: TestProvenness,
  found: Coverage | UncoverableReason,
  {
    unneeded = null,
    editedTests = null,
    addedTests = null,
  }: { unneeded?: Unneeded | null; editedTests?: EditedTests | null; addedTests?: AddedTests | null } = {},
): Provenness {
  const more = { unneeded, edited_tests: editedTests, added_tests: addedTests };
  return typeof found === "string"
    ? { ...provenness, coverage: null, coverage_missing: found, ...more }
    : { ...provenness, coverage: found, coverage_missing: null, ...more };
}

/** The sentence that every client and the judges' prompt show. */
function summaryOf({ tests_executing_change: all, proven }: Provenness): string {
  return `${proven} of ${all} green tests of the base were shown able to fail (which of them run this change is not known)`;
}

/** One line per reason with its count, and the tests whose altered form stayed green. `show` makes a name safe to show. */
export function provennessLines(provenness: Provenness, show: (name: string) => string): string[] {
  const counts = new Map<UnprovenReason, string[]>();
  for (const { test, reason } of provenness.unproven) counts.set(reason, [...(counts.get(reason) ?? []), test]);
  const stayed = provenness.stayed_green;
  return [
    summaryOf(provenness),
    coverageText(provenness, { most: 20, show }),
    ...(provenness.unneeded === null ? [] : [unneededText(provenness.unneeded, show)]),
    ...(provenness.added_tests === null ? [] : [addedTestsText(provenness.added_tests)]),
    ...(provenness.edited_tests === null ? [] : [editedTestsText(provenness.edited_tests)]),
    ...[...counts].map(([reason, tests]) => {
      const first = tests.slice(0, 3).map(show).join(", ");
      return `not shown: ${tests.length} ${reasonTexts[reason]}: ${first}${tests.length > 3 ? ", …" : ""}`;
    }),
    ...(provenness.unproven_more === 0 ? [] : [`not shown: ${provenness.unproven_more} more`]),
    ...(stayed.length === 0
      ? []
      : [
          `stayed green with a wrong expectation: ${stayed.slice(0, 20).map(show).join(", ")}${stayed.length > 20 ? ", …" : ""}`,
        ]),
  ];
}

const reasonTexts: Record<UnprovenReason, string> = {
  "no-assertion": "without a known assertion",
  "no-safe-alteration": "without an expectation that could be altered",
  "snapshot-file": "with the expectation in a snapshot file",
  unreadable: "in a file that could not be parsed",
  "green-on-base": "whose altered form passes on the base too",
  "file-changed": "in a file of code that the change touches",
  "not-reported": "whose altered form has no result on the new code",
  unsteady: "whose altered form has changing results",
  "ends-the-run": "in a file whose altered tests end the run of all others",
};
