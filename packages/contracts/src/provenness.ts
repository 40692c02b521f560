/** How much of the green was shown able to go red (THREATS T26): each test that vouches for a change also ran with an altered expectation. */
import { z } from "zod";

/**
 * Why a green test was not shown able to fail. `no-assertion`: it asserts nothing that aedev knows as an assertion; `no-safe-alteration`: none of
 * its assertions could be altered so that it must fail; `snapshot-file`: its expectation is in another file; `unreadable`: its file could not be
 * parsed; `green-on-base`: its altered form did not fail on the base; `file-changed`: it is in a file of code that the change touches; `not-reported`: its altered form had no result on the new code;
 * `unsteady`: its altered form had different results in two runs.
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
] as const;
/** Why a green test was not shown able to fail. */
export type UnprovenReason = (typeof unprovenReasons)[number];

/**
 * How a part of changed code was not run. `statement`: never reached; `true`, `false`: a condition never was; `evaluated`, `skipped`: the second operand
 * of `&&`, `||` or `??` never was, or always; `default`: a default value never was needed.
 */
export const uncoveredKinds = ["statement", "true", "false", "evaluated", "skipped", "default"] as const;
/** How a part of changed code was not run. */
export type UncoveredKind = (typeof uncoveredKinds)[number];

/**
 * Why the coverage of a change was not measured. `no-code`: it changes no code; `language`: none in a language that aedev can measure; `no-runner`: no command
 * that aedev knows runs tests of that language; `not-green`: the change's own tests fail; `not-finished`: the tests did not end in time;
 * `not-built`: the code could not be built with what reports its runs; `earlier-version`: an earlier version of aedev made the evidence.
 */
export const uncoverableReasons = [
  "no-code",
  "language",
  "no-runner",
  "not-green",
  "not-finished",
  "not-built",
  "earlier-version",
] as const;
/** Why the coverage of a change was not measured. */
export type UncoverableReason = (typeof uncoverableReasons)[number];

const pathText = z.string().max(1000);
const listedWaysMax = 100;
const listedFilesMax = 50;
const coverageSchema = z.strictObject({
  /** Changed lines with code, and those of them that tests run in every way. */
  changed_lines: z.int().nonnegative(),
  covered_lines: z.int().nonnegative(),
  /** Ways through changed code (statements, sides of conditions) that no test takes, without those that depend on another of them. */
  missed: z.int().nonnegative(),
  /**
   * Those of `missed` that matter less: they only throw, raise or return an error, are an operand after which the next one was always evaluated, or a
   * method that the language calls itself to make texts and hashes.
   */
  missed_minor: z.int().nonnegative(),
  /** The first of `missed`. */
  ways: z
    .array(
      z.strictObject({
        path: pathText,
        line: z.int().positive(),
        kind: z.enum(uncoveredKinds),
        is_minor: z.boolean(),
      }),
    )
    .max(listedWaysMax),
  /** Changed files of code whose ways are not known; `language` can't be measured, the others could. */
  unmeasured: z
    .array(z.strictObject({ path: pathText, why: z.enum(["language", "too-large", "unreadable"]) }))
    .max(listedFilesMax),
  unmeasured_more: z.int().nonnegative(),
});
/** Which changed code the tests run. */
export type Coverage = z.infer<typeof coverageSchema>;

const testName = z.string().max(1000);
const listed = 1000;

/** The base's tests that are green before and after a change, and which of them failed on the new code once an expectation was altered. */
export const provennessSchema = z
  .strictObject({
    /** `all`: which tests execute the change is not known, so every green test of the base counts. `coverage`: it is known. */
    selection: z.enum(["all", "coverage"]),
    tests_executing_change: z.int().nonnegative(),
    /** Tests whose altered form failed on the base and on the new code. */
    proven: z.int().nonnegative(),
    unproven: z.array(z.strictObject({ test: testName, reason: z.enum(unprovenReasons) })).max(listed),
    /** Unproven tests beyond those listed. */
    unproven_more: z.int().nonnegative(),
    /** Tests whose altered form failed on the base and passed on the new code: their green says nothing. */
    stayed_green: z.array(testName).max(listed),
    stayed_green_more: z.int().nonnegative(),
    /** Null: not measured, for the reason in `coverage_missing`. */
    coverage: coverageSchema.nullable(),
    coverage_missing: z.enum(uncoverableReasons).nullable().default("earlier-version"),
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

/** Lists each kind of test up to a bound and counts the rest. */
export function boundedProvenness(found: {
  selection: Provenness["selection"];
  proven: number;
  unproven: Provenness["unproven"];
  stayedGreen: readonly string[];
}): Provenness {
  const { unproven, stayedGreen, proven } = found;
  return {
    selection: found.selection,
    tests_executing_change: proven + unproven.length + stayedGreen.length,
    proven,
    unproven: unproven.slice(0, listed),
    unproven_more: Math.max(0, unproven.length - listed),
    stayed_green: stayedGreen.slice(0, listed),
    stayed_green_more: Math.max(0, stayedGreen.length - listed),
    coverage: null,
    coverage_missing: "no-code",
  };
}

/** The same with what the tests run of the change. */
export function withCoverage(provenness: Provenness, found: Coverage | UncoverableReason): Provenness {
  return typeof found === "string"
    ? { ...provenness, coverage: null, coverage_missing: found }
    : { ...provenness, coverage: found, coverage_missing: null };
}

/** Lists the first of each kind and counts the rest. */
export function boundedCoverage(
  found: Pick<Coverage, "changed_lines" | "covered_lines" | "ways" | "unmeasured">,
): Coverage {
  return {
    changed_lines: found.changed_lines,
    covered_lines: found.covered_lines,
    missed: found.ways.length,
    missed_minor: found.ways.filter((way) => way.is_minor).length,
    ways: found.ways.slice(0, listedWaysMax),
    unmeasured: found.unmeasured.slice(0, listedFilesMax),
    unmeasured_more: Math.max(0, found.unmeasured.length - listedFilesMax),
  };
}

/** The sentence that every client and the judges' prompt show. */
function summaryOf({ selection, tests_executing_change: all, proven }: Provenness): string {
  const which = selection === "coverage" ? "tests that run this change" : "green tests of the base";
  const note = selection === "coverage" ? "" : " (which of them run this change is not known)";
  return `${proven} of ${all} ${which} were shown able to fail${note}`;
}

const wayTexts: Record<UncoveredKind, string> = {
  statement: "",
  true: " (never true)",
  false: " (never false)",
  evaluated: " (second operand never evaluated)",
  skipped: " (second operand always evaluated)",
  default: " (default value never used)",
};
const uncoverableTexts: Record<UncoverableReason, string> = {
  "no-code": "no code changed",
  language: "it can't be measured in this language",
  "no-runner": "no verify command runs tests of this language with a known runner",
  "not-green": "the change's tests fail",
  "not-finished": "the tests did not end in time",
  "not-built": "the code could not be built for it",
  "earlier-version": "the evidence is of an earlier version",
};
const unmeasuredTexts: Record<Coverage["unmeasured"][number]["why"], string> = {
  language: "unknown language",
  "too-large": "too large",
  unreadable: "can't be read",
};

/** Which changed code no test runs, in one line; `most`: how many places it names. `show` makes a path safe to show. */
export function provennessCoverageText(
  { coverage, coverage_missing: reason }: Pick<Provenness, "coverage" | "coverage_missing">,
  { most = 3, show = (path: string) => path }: { most?: number; show?: (path: string) => string } = {},
): string {
  if (coverage === null) return `coverage not measured: ${uncoverableTexts[reason ?? "earlier-version"]}`;
  const { missed, missed_minor: minor, unmeasured } = coverage;
  const named = coverage.ways
    .slice(0, most)
    .map(({ path, line, kind, is_minor }) => `${show(path)}:${line}${wayTexts[kind]}${is_minor ? " [minor]" : ""}`);
  const rest = unmeasured
    .slice(0, most)
    .map(({ path, why }) => `${show(path)} (${unmeasuredTexts[why]})`)
    .join(", ");
  const not = unmeasured.length === 0 ? "" : `; not measured: ${rest}${unmeasured.length > most ? ", …" : ""}`;
  if (missed === 0) return `tests run all changed code that was measured (${coverage.changed_lines} lines)${not}`;
  const some = minor === 0 ? "" : `, ${minor} of them minor`;
  return `changed code that no test runs: ${missed} ${missed === 1 ? "way" : "ways"}${some}: ${named.join(", ")}${missed > most ? ", …" : ""}${not}`;
}

/** One line per reason with its count, and the tests whose altered form stayed green. `show` makes a name safe to show. */
export function provennessLines(provenness: Provenness, show: (name: string) => string): string[] {
  const counts = new Map<UnprovenReason, string[]>();
  for (const { test, reason } of provenness.unproven) counts.set(reason, [...(counts.get(reason) ?? []), test]);
  const stayed = provenness.stayed_green;
  return [
    summaryOf(provenness),
    provennessCoverageText(provenness, { most: 20, show }),
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
};
