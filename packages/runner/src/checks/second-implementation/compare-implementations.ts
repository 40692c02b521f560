/**
 * Compares two implementations of one specification call by call (ADR 0054). Contract: a call counts only if it is steady in both versions. Pure.
 */
import {
  type DifferingCase,
  noneLeftOut,
  type SecondImplementation,
  truncateText,
  type Uncompared,
} from "@aedev/contracts";
import { languageOf } from "@aedev/languages";
import { leaves } from "../explore/leaves.ts";
import type { Of } from "../replay/bare-runs.ts";
import { isKnown, type Outcomes, readableEnd, unended } from "../replay/call-outcomes.ts";
import { readableArguments } from "../replay/readable.ts";
import type { RecordedCall } from "../replay/recorded-calls.ts";
import { compareOutcomes } from "./compare-outcomes.ts";

const casesMax = 20;
/** The daemon shortens texts, after it has searched them for secrets. */
const handedOver = (text: string) => truncateText(text, 20_000);
const casesPerFunctionMax = 3;

/** What a call gives in a version, or why that is unknown. Null: the version has no such function. */
type Given = { readonly outcome: string } | { readonly left: "unsteady" | "unended" } | null;

type ComparedCall = Pick<RecordedCall, "path" | "name" | "input">;

export interface ComparedFunction {
  readonly path: string;
  readonly name: string;
  /** Calls with a steady result in both versions; of these, those with one result that is not the base's, and those with two. */
  compared: number;
  agreed: number;
  differing: number;
  readonly cases: DifferingCase[];
}

/** The functions that both versions have, and what could not be compared. `calls`: those that the tests of either run make. */
export function compareImplementations(
  calls: readonly ComparedCall[],
  outcomes: Readonly<Record<Of, Outcomes>>,
): { functions: ComparedFunction[]; left_out: Uncompared } {
  const functions = new Map<string, ComparedFunction>();
  const leftOut = { ...noneLeftOut };
  const seen = new Set<string>();
  for (const [index, call] of calls.entries()) {
    const key = `${call.path}\n${call.name}`;
    if (seen.has(`${key}\n${call.input}`)) continue;
    const [change, other, base] = [
      givenBy(outcomes.candidate, index),
      givenBy(outcomes.other, index),
      givenBy(outcomes.base, index),
    ];
    if (change === null || other === null) continue;
    seen.add(`${key}\n${call.input}`);
    const unknown = [change, other].find((one) => "left" in one);
    if (unknown !== undefined && "left" in unknown) leftOut[unknown.left] += 1;
    if (!("outcome" in change) || !("outcome" in other)) continue;
    const { path, name, input } = call;
    const compare = (one: string, another: string) => compareOutcomes(path, one, another, input);
    const verdict = compare(change.outcome, other.outcome);
    if (verdict === null) {
      leftOut[change.outcome.startsWith(unended) ? "unended" : "incomparable"] += 1;
      continue;
    }
    const own = functions.get(key) ?? { path, name, compared: 0, agreed: 0, differing: 0, cases: [] };
    functions.set(key, own);
    own.compared += 1;
    if (verdict === "differs") {
      own.differing += 1;
      const before = base !== null && "outcome" in base ? base.outcome : null;
      const gave = { change: change.outcome, other: other.outcome, base: before };
      if (own.cases.length < casesPerFunctionMax) own.cases.push(caseOf(call, gave, compare));
    } else if (base === null || ("outcome" in base && compare(change.outcome, base.outcome) === "differs"))
      own.agreed += 1;
  }
  return { functions: [...functions.values()], left_out: leftOut };
}

/**
 * The sum of all functions. The cases of a function are left out if it is private, or if code that uses it gives the same in both versions and not what the
 * base gives: then the two only pass on something else between their own parts. `users`: the top-level names that use a function, by its file and name. What
 * a private function differs in is left out unless such code explains it.
 */
export function summarize(
  functions: readonly ComparedFunction[],
  users: ReadonlyMap<string, ReadonlySet<string>>,
): Pick<SecondImplementation, "compared" | "agreed" | "cases" | "more"> & { unexplained: number } {
  const hidden = functions.filter(isPrivate);
  const left = new Set(hidden);
  const isAlike = (user: string, used: ComparedFunction) => {
    const own = functions.filter((one) => topKeyOf(one) === user && one !== used);
    return own.some(({ agreed }) => agreed > 0) && own.every((one) => one.differing === 0 || left.has(one));
  };
  /** A private method is used by others of its class. */
  const isExplained = (one: ComparedFunction) =>
    [...(users.get(topKeyOf(one)) ?? []), ...(isPrivate(one) ? [topKeyOf(one)] : [])].some((user) =>
      isAlike(user, one),
    );
  // A function that is left out may be used by another one.
  for (let before = -1; before < left.size; ) {
    before = left.size;
    for (const one of functions) if (one.differing > 0 && isExplained(one)) left.add(one);
  }
  const counted = functions.filter((one) => !left.has(one));
  const cases = counted.flatMap((one) => one.cases).slice(0, casesMax);
  const sum = (of: (one: ComparedFunction) => number, list = functions) => list.reduce((all, one) => all + of(one), 0);
  return {
    compared: sum(({ compared }) => compared),
    agreed: sum(({ agreed }) => agreed),
    cases,
    more: sum(({ differing }) => differing, counted) - cases.length,
    unexplained: sum(
      ({ differing }) => differing,
      hidden.filter((one) => !isExplained(one)),
    ),
  };
}

/** The file and the top-level name of a function: the class of a method. */
export const topKeyOf = ({ path, name }: { path: string; name: string }) => `${path}\n${name.split(".")[0]}`;

/** What a call gives in a version: the same in two equal processes, or why that is unknown. */
function givenBy({ once, stopped }: Outcomes, index: number): Given {
  const places = ["usual", "again"] as const;
  const found = places.map((where) => once.get(where)?.get(index));
  if (found.every((one) => one !== undefined && !isKnown(one))) return null;
  if (places.every((where) => stopped.get(where)?.has(index) === true)) return { outcome: unended };
  const [one] = found;
  if (one === undefined || found.includes(undefined)) return { left: "unended" };
  return found.every((another) => another === one) ? { outcome: one } : { left: "unsteady" };
}

/** By the languages' own conventions: two versions may use their internal functions differently. */
function isPrivate({ path, name }: { path: string; name: string }): boolean {
  const isHidden = languageOf(path)?.hidesFields === true ? /^\p{Ll}/u : /^(?:_(?!_)|#)/u;
  return name.split(".").some((part) => isHidden.test(part));
}

function caseOf(
  { path, name, input }: ComparedCall,
  { change, other, base }: { change: string; other: string; base: string | null },
  compare: (one: string, another: string) => "same" | "differs" | null,
): DifferingCase {
  const ends = [change, other].map((outcome) => outcome.split(leaves)[0] ?? "");
  // What a call makes of its arguments is shown only where nothing else differs.
  const readable = (outcome: string) => readableEnd(ends[0] === ends[1] ? outcome : (outcome.split(leaves)[0] ?? ""));
  const isBase = (outcome: string) => base !== null && compare(outcome, base) === "same";
  return {
    path: path.toWellFormed(),
    name: name.toWellFormed(),
    input: handedOver(readableArguments(input).toWellFormed()),
    change: handedOver(readable(change)),
    other: handedOver(readable(other)),
    base: base === null ? null : handedOver(readable(base)),
    changed_by: isBase(other) ? "change" : isBase(change) ? "other" : "both",
  };
}
