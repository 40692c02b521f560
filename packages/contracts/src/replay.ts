/** Repeats the calls that tests make to functions of changed files outside the tests, and reports the results (SECURITY T29, T30). */
import { z } from "zod";
import { counted } from "./figures.ts";

/**
 * `same`: every repeated call gave the same result as in the tests, elsewhere, on other days and a hundred times. `differs`: a call gave another result,
 * and the base's function does not: the change is held. `unsure`: a call gave another result, and the base can't tell whether that is intended: a person
 * is asked. `left-out`: the function can't be judged.
 */
const replayOutcomes = ["same", "differs", "unsure", "left-out"] as const;

/** Where a repeated call gave another result. `unexplained` and `switch` come only from earlier versions. */
const replayPlaces = [
  "outside-tests",
  "elsewhere",
  "another-day",
  "called-often",
  "after-others",
  "other-inputs",
  "other-order",
  "refused",
  "arguments",
  "reordered",
  "unexplained",
  "broken-rule",
  "new-rule",
  "switch",
] as const;
type ReplayPlace = (typeof replayPlaces)[number];

/**
 * Why a function is left out. `not-called`: no test calls it. `not-plain`: none of its calls in the tests has plain arguments. `unsteady`: two equal
 * runs differ. `as-before`: the base's function differs in the same way. `needs-tests`: it fails without the set-up of the tests. `has-state`: equal
 * calls differ in the tests. `not-loadable`: only the test runner can load its file, or loading takes too long. `not-repeated`: it gave the same result
 * everywhere, but it is too slow for a hundred calls, or too many other functions are.
 */
const leftOutReasons = [
  "not-called",
  "not-plain",
  "unsteady",
  "as-before",
  "needs-tests",
  "has-state",
  "not-loadable",
  "not-repeated",
] as const;
/** Why a function is left out of the replay. */
export type LeftOutReason = (typeof leftOutReasons)[number];

/** Why nothing was repeated. `not-built`: the program that repeats calls of Go functions could not be built with the base. */
const notReplayedReasons = [
  "no-functions",
  "no-runner",
  "checks-not-green",
  "no-calls",
  "no-answer",
  "not-built",
] as const;
/** Why no call was repeated. */
export type NotReplayedReason = (typeof notReplayedReasons)[number];

/**
 * Why no function of a changed file was recorded. `no-functions`: it exports no function that can be called again. `no-runner`: no test command runs its
 * language. `unreadable`: it is over 256 KiB or not UTF-8. `too-many`: 20 other files come first. `not-loaded`: the tests did not load it.
 */
const unrecordedReasons = ["no-functions", "no-runner", "unreadable", "too-many", "not-loaded"] as const;
type UnrecordedReason = (typeof unrecordedReasons)[number];

const excerpt = z.string().max(300);
const nearSchema = z.strictObject({
  /** Calls near the tests' inputs to which the base's function gives a value. */
  compared: z.int().nonnegative(),
  /** The first of them to which the new code gives something else. */
  difference: z.strictObject({ input: excerpt, expected: excerpt, found: excerpt }).nullable(),
});
const replayedFunctionSchema = z.strictObject({
  path: z.string().max(1000),
  name: z.string().max(200),
  /** False: the change adds the function. */
  on_base: z.boolean(),
  /** Calls that were repeated, and calls that could not be. */
  calls: z.int().nonnegative(),
  skipped: z.int().nonnegative(),
  outcome: z.enum(replayOutcomes),
  left_out: z.enum(leftOutReasons).nullable(),
  difference: z
    .strictObject({ place: z.enum(replayPlaces), input: excerpt, expected: excerpt, found: excerpt })
    .nullable(),
  /** Both versions near the tests' inputs; a difference may be what the change is about. Missing in bundles of earlier versions. */
  near: nearSchema.exactOptional(),
});
/** One function of a changed file: exported in JavaScript and TypeScript, of the module or a class in Python, any in Go. */
export type ReplayedFunction = z.infer<typeof replayedFunctionSchema>;

const unrecordedFileSchema = z.strictObject({ path: z.string().max(1000), why: z.enum(unrecordedReasons) });
/** A changed file without a recorded function. */
export type UnrecordedFile = z.infer<typeof unrecordedFileSchema>;

/** The calls of changed functions that were repeated outside the tests. */
export const outsideReplaySchema = z.strictObject({
  functions: z.array(replayedFunctionSchema).max(50),
  /** How many functions the list leaves out; it has the worst first. */
  more: z.int().nonnegative(),
  /** Missing in bundles of earlier versions. */
  unrecorded: z.array(unrecordedFileSchema).max(50).default([]),
  not_replayed: z.enum(notReplayedReasons).nullable(),
});
/** The results of repeating the calls. */
export type OutsideReplay = z.infer<typeof outsideReplaySchema>;

const placeTexts: Record<ReplayPlace, string> = {
  "outside-tests": "outside the tests",
  elsewhere: "in another folder and environment",
  "another-day": "on another day",
  "called-often": "when called a hundred times",
  "after-others": "when looked at again after other calls",
  "other-inputs": "for an input that no test has",
  "other-order": "with the same calls in reverse order",
  refused: "in a call that it refuses",
  arguments: "in a call whose arguments it newly changes",
  reordered: "in a call after which a list that it was given has another order",
  unexplained: "for an input that is like none of those for which tests see a change",
  "broken-rule": "for an input that no test has, where the base keeps a rule that all results in the tests keep",
  "new-rule": "for an input that no test has, where a rule that the change brings about in the tests is broken",
  switch: "for other numbers than the tests'",
};
const leftOutTexts: Record<LeftOutReason, string> = {
  "not-called": "not called by the tests",
  "not-plain": "called only with values that can't be repeated",
  unsteady: "different in two equal runs",
  "as-before": "different on the base too",
  "needs-tests": "failing without what the tests set up",
  "has-state": "different for equal calls in the tests",
  "not-loadable": "not loadable outside the test runner, or too slow",
  "not-repeated": "the same everywhere, but not called a hundred times: too slow, or too many others",
};
const unrecordedTexts: Record<UnrecordedReason, string> = {
  "no-functions": "no function that can be called again",
  "no-runner": "no test command runs its language",
  unreadable: "too large, or no UTF-8",
  "too-many": "too many changed files",
  "not-loaded": "not loaded by the tests",
};
const notReplayedTexts: Record<NotReplayedReason, string> = {
  "no-functions": "no changed file exports functions that can be called again",
  "no-runner": "no test command runs in Node, Python or Go",
  "checks-not-green": "the checks are not green",
  "no-calls": "the tests call no function of a changed file with plain values",
  "no-answer": "the calls could not be repeated",
  "not-built": "the program that repeats calls in Go could not be built",
};

/** `add in lib/add.js on another day: gave … instead of … for (…)`; for another order: `gave …, and … in the first order, for (…)`. The results come first, because the list may be cut off. */
export function differenceText(found: Pick<ReplayedFunction, "path" | "name" | "difference">): string {
  const { path, name, difference } = found;
  if (difference === null) return `${name} in ${path}`;
  const { place, input, expected, found: given } = difference;
  const compared = place === "other-order" ? `, and ${expected} in the first order,` : ` instead of ${expected}`;
  return `${name} in ${path} ${placeTexts[place]}: gave ${given}${compared} for ${input}`;
}

/** Reasons that mean that no call of the function was repeated. */
const notRepeated: ReadonlySet<LeftOutReason | null> = new Set(["not-called", "not-plain", "not-loadable"] as const);

/** The sentences that every client and the judges' prompt show. `show` makes foreign text safe to show. */
export function outsideReplayLines(replay: OutsideReplay, show: (text: string) => string): string[] {
  const { functions, more, unrecorded, not_replayed: why } = replay;
  const files = groupedLines(
    unrecorded.map(({ path, why: reason }) => [`no function recorded: ${unrecordedTexts[reason]}`, path] as const),
    show,
  );
  if (why !== null) return [`called again outside the tests: nothing (${notReplayedTexts[why]})`, ...files];
  const of = (outcome: ReplayedFunction["outcome"]) => functions.filter((one) => one.outcome === outcome);
  const [same, differs, unsure] = [of("same"), of("differs"), of("unsure")];
  const repeated = functions.filter(({ left_out }) => !notRepeated.has(left_out));
  return [
    `called again outside the tests: ${repeated.length} of ${counted(functions.length + more, "function")} of changed files, ${same.length} gave the same results as in the tests`,
    ...differs.map((one) => `other result: ${show(differenceText(one))}`),
    ...unsure.map((one) => `result that no test explains: ${show(differenceText(one))}`),
    ...groupedLines(
      functions.flatMap(({ left_out, name }) =>
        left_out === null ? [] : [[`left out: ${leftOutTexts[left_out]}`, name] as const],
      ),
      show,
    ),
    ...(more === 0 ? [] : [`not listed: ${more} more`]),
    ...files,
  ];
}

/** One line for each text, with the first names that it applies to. */
function groupedLines(entries: readonly (readonly [string, string])[], show: (text: string) => string): string[] {
  const groups = new Map<string, string[]>();
  for (const [text, name] of entries) groups.set(text, [...(groups.get(text) ?? []), name]);
  return [...groups].map(([text, names]) => {
    const rest = names.length > 3 ? ` and ${names.length - 3} more` : "";
    return `${text}: ${names.slice(0, 3).map(show).join(", ")}${rest}`;
  });
}
