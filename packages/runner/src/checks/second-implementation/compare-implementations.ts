/**
 * Compares two implementations of one specification call by call (ADR 0054). Contract: a call counts only if it is steady in both versions. Pure.
 */
import { bounded, type DifferingCase, type SecondImplementation } from "@aedev/contracts";
import { languageOf } from "@aedev/languages";
import { leaves } from "../explore/leaves.ts";
import type { Of } from "../replay/bare-runs.ts";
import { exploredRuns, isKnown, type Outcomes, steady } from "../replay/call-outcomes.ts";
import type { OtherCalls } from "../replay/other-calls.ts";
import { readableArguments, readableOutcome, shortenedPair } from "../replay/readable.ts";
import type { RecordedCall } from "../replay/recorded-calls.ts";
import { compareOutcomes } from "./compare-outcomes.ts";

const casesMax = 20;
const casesPerFunctionMax = 3;

interface ComparedCall {
  readonly path: string;
  readonly name: string;
  readonly input: string;
  readonly inTests: boolean;
  /** The steady outcome in a version; null if it has none. */
  readonly gave: (of: Of) => string | null;
}

export interface ComparedFunction {
  readonly path: string;
  readonly name: string;
  /** Calls with a steady result in both versions; of these, those with one result that is not the base's, and those with two. */
  compared: number;
  agreed: number;
  differing: number;
  readonly cases: DifferingCase[];
}

/** The functions that both versions have. `calls`: those that the tests of either run make. */
export function compareImplementations(
  calls: readonly Pick<RecordedCall, "path" | "name" | "input">[],
  others: OtherCalls,
  outcomes: Readonly<Record<Of, Outcomes>>,
): ComparedFunction[] {
  const functions = new Map<string, ComparedFunction>();
  const seen = new Set<string>();
  for (const call of comparedCalls(calls, others, outcomes)) {
    const key = `${call.path}\n${call.name}`;
    if (seen.has(`${key}\n${call.input}`)) continue;
    const [change, other, base] = [call.gave("candidate"), call.gave("other"), call.gave("base")];
    if (change === null || other === null) continue;
    const verdict = compareOutcomes(call.path, change, other);
    if (verdict === null) continue;
    seen.add(`${key}\n${call.input}`);
    const { path, name } = call;
    const own = functions.get(key) ?? { path, name, compared: 0, agreed: 0, differing: 0, cases: [] };
    functions.set(key, own);
    own.compared += 1;
    if (verdict === "differs") {
      own.differing += 1;
      if (own.cases.length < casesPerFunctionMax) own.cases.push(caseOf(call, { change, other, base }));
    } else if (base === null || compareOutcomes(path, change, base) === "differs") own.agreed += 1;
  }
  return [...functions.values()];
}

/**
 * The sum of all functions. The cases of a function are left out if it is private, or if code that uses it gives the same in both versions and not what the
 * base gives: then the two only pass on something else between their own parts. `users`: the top-level names that use a function, by its file and name.
 */
export function summarize(
  functions: readonly ComparedFunction[],
  users: ReadonlyMap<string, ReadonlySet<string>>,
): Pick<SecondImplementation, "compared" | "agreed" | "cases" | "more"> {
  const left = new Set(functions.filter(isPrivate));
  const isAlike = (user: string) => {
    const own = functions.filter((one) => topKeyOf(one) === user);
    return own.some(({ agreed }) => agreed > 0) && own.every((one) => one.differing === 0 || left.has(one));
  };
  // A function that is left out may be used by another one.
  for (let before = -1; before < left.size; ) {
    before = left.size;
    for (const one of functions)
      if (one.differing > 0 && [...(users.get(topKeyOf(one)) ?? [])].some(isAlike)) left.add(one);
  }
  const counted = functions.filter((one) => !left.has(one));
  const cases = counted.flatMap((one) => one.cases).slice(0, casesMax);
  const sum = (of: (one: ComparedFunction) => number, list = functions) => list.reduce((all, one) => all + of(one), 0);
  return {
    compared: sum(({ compared }) => compared),
    agreed: sum(({ agreed }) => agreed),
    cases,
    more: sum(({ differing }) => differing, counted) - cases.length,
  };
}

/** The file and the top-level name of a function: the class of a method. */
export const topKeyOf = ({ path, name }: { path: string; name: string }) => `${path}\n${name.split(".")[0]}`;

/** Those of tests come first. */
function* comparedCalls(
  calls: readonly Pick<RecordedCall, "path" | "name" | "input">[],
  { varied, explored }: OtherCalls,
  outcomes: Readonly<Record<Of, Outcomes>>,
): Generator<ComparedCall> {
  const agreeing = (of: Of, index: number, places: readonly (keyof typeof plainRuns)[]) => {
    const [one, other] = places.map((where) => outcomes[of].once.get(where)?.get(index));
    return isKnown(one) && one === other ? one : null;
  };
  const keyOf = ({ path, name }: { path: string; name: string }) => `${path}\n${name}`;
  const known = new Map(
    kindsOfNumbers.map((kind) => [kind, new Set(calls.filter(({ input }) => kind.test(input)).map(keyOf))]),
  );
  /** A specification whose numbers are whole says nothing about fractions, nor one without negative numbers about these. */
  const isAbout = (call: { path: string; name: string; input: string }) =>
    kindsOfNumbers.every((kind) => !kind.test(call.input) || known.get(kind)?.has(keyOf(call)) === true);
  for (const [index, { path, name, input }] of calls.entries())
    yield { path, name, input, inTests: true, gave: (of) => agreeing(of, index, ["usual", "again"]) };
  for (const [index, call] of varied.entries())
    if (isAbout(call)) yield { ...call, inTests: false, gave: (of) => steady(outcomes[of], index) };
  for (const [index, call] of explored.entries())
    if (isAbout(call)) yield { ...call, inTests: false, gave: (of) => agreeing(of, index, exploredRuns) };
}
const plainRuns = { usual: true, again: true, explored: true, "explored-reversed": true };

/** Fractions such as `1.5` or `1e-7`, and negative numbers, but not texts with digits. */
const kindsOfNumbers = [/(?<=[[,]|"d",")-?\d+(?:\.\d|e-)/u, /(?<=[[,]|"[dn]",")-[\dI]/u];

/** By the languages' own conventions: two versions may use their internal functions differently. */
function isPrivate({ path, name }: { path: string; name: string }): boolean {
  const isHidden = languageOf(path)?.hidesFields === true ? /^\p{Ll}/u : /^(?:_(?!_)|#)/u;
  return name.split(".").some((part) => isHidden.test(part));
}

function caseOf(
  { path, name, input, inTests }: ComparedCall,
  { change, other, base }: { change: string; other: string; base: string | null },
): DifferingCase {
  const [readableChange, readableOther] = shortenedPair(readable(change), readable(other));
  const isBase = (outcome: string) => base !== null && compareOutcomes(path, outcome, base) === "same";
  return {
    path: path.toWellFormed(),
    name: name.toWellFormed(),
    input: bounded(readableArguments(input).toWellFormed()),
    change: readableChange,
    other: readableOther,
    base: base === null ? null : bounded(readable(base)),
    changed_by: isBase(other) ? "change" : isBase(change) ? "other" : "both",
    in_tests: inTests,
  };
}

const readable = (outcome: string) => readableOutcome(outcome.split(leaves)[0] ?? "").toWellFormed();
