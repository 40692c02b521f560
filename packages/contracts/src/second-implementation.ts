/** The change beside the code that another run made from the same specification (ADR 0054): where both agree, and a concrete case where they don't. */
import { z } from "zod";
import { counted } from "./figures.ts";
import { summarizeList } from "./summarize-list.ts";

/**
 * Whose result is not the base's. `both`: each version changed it, to something else. `change`: only the change. `other`: only the other run's code.
 */
const changedBy = ["both", "change", "other"] as const;

/** Why nothing was compared. `unavailable`: something outside aedev failed, or the calls could not be made. */
const uncomparedReasons = ["checks-not-green", "no-calls", "unavailable"] as const;

const count = z.int().nonnegative();
/** What the comparison could not take in, by cause. Beside any of it, what agrees shows nothing. */
const leftOutSchema = z.strictObject({
  /** Calls, files and tests beyond a bound. */
  unlisted: count,
  /** Two equal processes give two results. */
  unsteady: count,
  /** Results that can't be compared: functions, objects of classes with other fields, texts that were cut. */
  incomparable: count,
  /** Calls without an end in both versions, and those after them. */
  unended: count,
  /** Different results of private functions that no public function explains. */
  private: count,
});
/** How much was left out, by cause. */
export type Uncompared = z.infer<typeof leftOutSchema>;
/** The causes for which something is left out. */
export const leftOutCauses = Object.keys(leftOutSchema.shape) as (keyof Uncompared)[];
/** Nothing is left out. */
export const noneLeftOut: Uncompared = { unlisted: 0, unsteady: 0, incomparable: 0, unended: 0, private: 0 };

/** The runner hands over more than is kept: a text is shortened only after it was searched for secrets. */
const excerpt = z.string().max(20_000);
const differingCaseSchema = z.strictObject({
  path: z.string().max(1000),
  name: z.string().max(200),
  /** The arguments, as people read them. */
  input: excerpt,
  /** What the call gives with the change, with the other run's code, and on the base; null: the base has no such function. */
  change: excerpt,
  other: excerpt,
  base: excerpt.nullable(),
  changed_by: z.enum(changedBy),
});
/** One call that gives two results. */
export type DifferingCase = z.infer<typeof differingCaseSchema>;

/** The results of both versions. */
export const secondImplementationSchema = z.strictObject({
  /** Calls with a steady result in both versions. */
  compared: count,
  /** Those whose result is the same in both and not the base's. */
  agreed: count,
  /** Calls that give two results, at most three for each function. */
  cases: z.array(differingCaseSchema).max(20),
  /** How many cases the list leaves out. */
  more: count,
  /** The change's new tests on the other run's code: how many pass there, and which fail. */
  tests_passed: count,
  tests_failed: z.array(z.string().max(1000)).max(100),
  left_out: leftOutSchema,
  /** Present if and only if nothing was compared. */
  why_none: z.enum(uncomparedReasons).exactOptional(),
});
/** The comparison of the change with the other run's code. */
export type SecondImplementation = z.infer<typeof secondImplementationSchema>;

/** `parse in lib/parse.js: gives ["a","b"] here, and ["a","","b"] in the other version, for ("a;;b")`. The results come first, because the list may be cut off. */
export function caseText({ path, name, input, change, other }: DifferingCase): string {
  return `${name} in ${path}: gives ${change} here, and ${other} in the other version, for ${input}`;
}

/** The sentence that every client and the judges' prompt show. */
export function secondImplementationText(found: SecondImplementation, show: (text: string) => string): string {
  const { compared, agreed, cases, more, tests_passed: passed, tests_failed: failed, why_none: why } = found;
  const left = Object.entries(found.left_out).filter(([, size]) => size > 0);
  const leftText = left.map(([cause, size]) => `${size} ${cause}`).join(", ");
  if (why !== undefined) return `another run's code was not compared: ${uncomparedTexts[why]}`;
  const tests =
    passed + failed.length === 0 ? "" : `; ${passed} of ${counted(passed + failed.length, "new test")} pass on it`;
  const calls = `another run's code: ${counted(compared, "call")} compared, ${agreed} changed alike${tests}${left.length === 0 ? "" : `; left out, so that agreement does not count: ${leftText}`}`;
  const others = [...cases.map(caseText), ...failed.map((test) => `test fails on it: ${test}`)].map(show);
  return others.length === 0
    ? calls
    : `${calls}; differs: ${summarizeList(others, 600)}${more === 0 ? "" : ` and ${more} more`}`;
}

const uncomparedTexts: Record<(typeof uncomparedReasons)[number], string> = {
  "checks-not-green": "the checks are not green",
  "no-calls": "the tests call no changed function with plain values",
  unavailable: "the calls could not be made",
};
