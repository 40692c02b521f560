/** Which changed code the tests run (SECURITY T26, ADR 0020). */
import { z } from "zod";

/**
 * How a part of changed code was not run. `statement`: never reached. `true`, `false`: the condition never had this value. `evaluated`, `skipped`: the
 * second operand of `&&`, `||` or `??` was never, or always, evaluated. `default`: the default value was never needed.
 */
export const uncoveredKinds = ["statement", "true", "false", "evaluated", "skipped", "default"] as const;
/** How a part of changed code was not run. */
export type UncoveredKind = (typeof uncoveredKinds)[number];

/**
 * Why the coverage of a change was not measured. `no-code`: it adds and edits no code. `language`: it changes no code in a language that aedev can measure.
 * `no-runner`: no command that aedev knows runs tests of that language. `not-green`: the change's own tests fail. `not-finished`: the tests did not end
 * in time. `not-built`: the instrumented code could not be built. `earlier-version`: an earlier version of aedev made the evidence.
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
/** Which changed code the tests run. */
export const coverageSchema = z.strictObject({
  /** Changed lines with code, and how many of them the tests run in every way. */
  changed_lines: z.int().nonnegative(),
  covered_lines: z.int().nonnegative(),
  /** Ways through changed code (statements, sides of conditions) that no test takes. A way that depends on another missed way is not counted. */
  missed: z.int().nonnegative(),
  /**
   * How many of `missed` matter less: they only throw, raise or return an error, are an operand whose next operand was always evaluated, a method that
   * the language itself calls to make texts and hashes, or a part of a `return` line that the change only moves.
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
  /** Changed files of code whose ways are not known. Files with `language` can't be measured; the others could be. */
  unmeasured: z
    .array(z.strictObject({ path: pathText, why: z.enum(["language", "too-large", "unreadable"]) }))
    .max(listedFilesMax),
  unmeasured_more: z.int().nonnegative(),
});
export type Coverage = z.infer<typeof coverageSchema>;

/** Keeps the first ways of each kind and counts the rest. */
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

/** One way that no test takes, as `path:line (what)`. */
export function wayText(
  { path, line, kind, is_minor }: Coverage["ways"][number],
  show: (path: string) => string = (text) => text,
): string {
  return `${show(path)}:${line}${wayTexts[kind]}${is_minor ? " [minor]" : ""}`;
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
  "no-code": "no code was added or edited",
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

/** One line about changed code that no test runs. `most`: how many places it names. `show` makes a path safe to show. */
export function coverageText(
  { coverage, coverage_missing: reason }: { coverage: Coverage | null; coverage_missing: UncoverableReason | null },
  { most = 3, show = (path: string) => path }: { most?: number; show?: (path: string) => string } = {},
): string {
  if (coverage === null) return `coverage not measured: ${uncoverableTexts[reason ?? "earlier-version"]}`;
  const { missed, missed_minor: minor, unmeasured } = coverage;
  const named = coverage.ways.slice(0, most).map((way) => wayText(way, show));
  const rest = unmeasured
    .slice(0, most)
    .map(({ path, why }) => `${show(path)} (${unmeasuredTexts[why]})`)
    .join(", ");
  const not = unmeasured.length === 0 ? "" : `; not measured: ${rest}${unmeasured.length > most ? ", …" : ""}`;
  if (missed === 0) return `tests run all changed code that was measured (${coverage.changed_lines} lines)${not}`;
  const some = minor === 0 ? "" : `, ${minor} of them minor`;
  return `changed code that no test runs: ${missed} ${missed === 1 ? "way" : "ways"}${some}: ${named.join(", ")}${missed > most ? ", …" : ""}${not}`;
}
