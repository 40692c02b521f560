/** Judges how calls change their arguments, which include the object whose method is called. Pure. */

import { parseJson } from "@aedev/host/parse-json";
import { leaves } from "../explore/leaves.ts";
import type { VariedCall } from "../explore/vary.ts";
import { isError, isKnown, type Judged, type Outcomes, steady, unsureOf } from "./call-outcomes.ts";
import type { RecordedCall } from "./recorded-calls.ts";

/** The outcomes of one call. */
interface Result {
  readonly input: string;
  /** The base's; undefined if the call did not reach its function there. */
  readonly before: string | undefined;
  readonly now: string;
}
/** The calls in the tests and the varied ones, by index. */
export interface CallsOfFunction {
  readonly calls: readonly (RecordedCall & { index: number })[];
  readonly varied: readonly (VariedCall & { index: number })[];
}
type OfBoth = Record<"candidate" | "base", Outcomes>;

/** Finds a call that both versions refuse with the same kind of error, while only the new code leaves a change behind, such as half of its work. */
export function judgeRefused(called: CallsOfFunction, outcomes: OfBoth): Judged | null {
  const isHalfDone = ({ before, now }: Result) =>
    before !== undefined &&
    isError(before) &&
    kindOfError(before) === kindOfError(now) &&
    isChanging(now) &&
    !isChanging(before);
  return asked("refused", resultsOf(called, outcomes).find(isHalfDone));
}

/**
 * Finds a call that changes a part of its arguments, such as a list's items or a value of an object, that the base's function never changes. Tests may never
 * look at arguments afterwards, so no test fails. An addition to an object, such as a cached result, is allowed.
 */
export function judgeArguments(called: CallsOfFunction, outcomes: OfBoth): Judged | null {
  const results = resultsOf(called, outcomes).filter(
    ({ before, now }) => before !== undefined && !isError(before) && !isError(now),
  );
  const usual = [...new Set(results.flatMap(({ input, before = "" }) => changedPlaces(input, before)))];
  const isUsual = (place: string) => usual.some((one) => one.startsWith(place) || place.startsWith(one));
  return asked(
    "arguments",
    results.find(({ input, now }) => changedPlaces(input, now).some((place) => !isUsual(place))),
  );
}

/**
 * Finds a call that reorders a list in an argument or in the object, which no test may notice for a new function. Allowed if the function's name says so, if in
 * the tests it returns nothing and only reorders, or if the base's function reorders too.
 */
export function judgeOrderOfLists(name: string, called: CallsOfFunction, outcomes: OfBoth): Judged | null {
  if (/sort|order|shuffl|revers|rotat|swap|mov|arrang|rank|heap|permut|partition/iu.test(name)) return null;
  const results = resultsOf(called, outcomes);
  if (results.some(({ input, before = "" }) => isReordered(input, before))) return null;
  // Varied arguments are left out here, because the function may refuse them.
  if (resultsOf({ ...called, varied: [] }, outcomes).every(isOnlyReordering)) return null;
  return asked(
    "reordered",
    results.find(({ input, now }) => isReordered(input, now)),
  );
}

/** True if the call returns nothing and at most reorders its arguments. */
function isOnlyReordering({ input, now }: Result): boolean {
  if (!/^v(?:null|\["u"\])/u.test(now)) return false;
  const sorted = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(sorted).toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))
      : value;
  return !isChanging(now) || JSON.stringify(sorted(parseJson(input))) === JSON.stringify(sorted(leftBy(now)));
}

function resultsOf({ calls, varied }: CallsOfFunction, { candidate, base }: OfBoth): Result[] {
  const usual = (of: Outcomes, index: number) => of.once.get("usual")?.get(index);
  return [
    ...calls.map(({ input, index }) => ({ input, before: usual(base, index), now: usual(candidate, index) })),
    ...varied.map(({ input, index }) => ({
      input,
      before: steady(base, index) ?? undefined,
      now: steady(candidate, index) ?? undefined,
    })),
  ].flatMap(({ input, before, now }) =>
    isKnown(now) ? [{ input, before: isKnown(before) ? before : undefined, now }] : [],
  );
}

function asked(place: "refused" | "arguments" | "reordered", found: Result | undefined): Judged | null {
  if (found === undefined) return null;
  const { input, before = "nothing changed", now } = found;
  return unsureOf(place, { input, expected: before, found: now });
}

/**
 * The places that a call changed, by argument and the fields of classes. Items of a list, and entries of a plain object, share a place. Empty text stands for
 * anywhere, if the arguments are too long to compare.
 */
function changedPlaces(input: string, outcome: string): string[] {
  if (!isChanging(outcome)) return [];
  const [before, after] = [argumentsIn(parseJson(input)), argumentsIn(leftBy(outcome))];
  if (before === null || after?.length !== before.length) return [""];
  return [...new Set(before.flatMap((one, index) => differingPlaces(one, after[index], `${index}/`)))];
}

/** Parses `["a",[1,2]]` of JavaScript and Go, and `["a",[["a",[1,2]],["o",[["c",3]]]]]` of Python, which has keyword arguments. Null for anything else. */
function argumentsIn(told: unknown): unknown[] | null {
  const list = Array.isArray(told) && Array.isArray(told[1]) ? told[1] : null;
  const [positional, named] = list?.length === 2 ? list : [];
  const isPython = Array.isArray(positional) && positional[0] === "a" && Array.isArray(named) && named[0] === "o";
  return isPython ? [...(argumentsIn(positional) ?? []), named] : list;
}

function differingPlaces(before: unknown, after: unknown, place: string): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (!Array.isArray(before) || !Array.isArray(after) || before.length !== after.length) return [place];
  const [fields, now] = [fieldsOf(before), fieldsOf(after)];
  if (fields !== null && now !== null)
    return [...fields].flatMap(([key, value]) => {
      const inside = `${place}${/^[oM]$/u.test(`${before[0]}`) ? "*" : key}/`;
      return now.has(key) ? differingPlaces(value, now.get(key), inside) : [inside];
    });
  return before.flatMap((one: unknown, index) => differingPlaces(one, after[index], place));
}

/** The fields of an object in JavaScript or Python, or the entries of a `Map`, in the form that the programs print. */
function fieldsOf(told: readonly unknown[]): Map<string, unknown> | null {
  const [kind, pairs] = [told[0], told.at(-1)];
  if (!/^[oIiM]$/u.test(`${kind}`) || !Array.isArray(pairs)) return null;
  if (kind === "M")
    return new Map(
      pairs.map((pair: unknown) => (Array.isArray(pair) ? [JSON.stringify(pair[0]), pair[1]] : ["", pair])),
    );
  const isPair = (one: unknown): one is [string, unknown] =>
    Array.isArray(one) && typeof one[0] === "string" && one.length === 2;
  return pairs.every(isPair) ? new Map(pairs) : null;
}

/** The arguments after a call; undefined if they were cut. */
const leftBy = (outcome: string): unknown =>
  parseJson(outcome.slice(outcome.indexOf(leaves) + leaves.length).replace(/^\d+ /u, ""));

/** True for `["a",[1,2]]` before a call and `["a",[2,1]]` after it, at any depth. */
const isReordered = (input: string, outcome: string) =>
  isChanging(outcome) && !isError(outcome) && holdsReordered(parseJson(input), leftBy(outcome));

function holdsReordered(before: unknown, after: unknown): boolean {
  if (!Array.isArray(before) || !Array.isArray(after) || before.length !== after.length) return false;
  const texts = [before, after].map((list) => list.map((one) => JSON.stringify(one)));
  const [old = [], young = []] = texts;
  const isOther = old.some((text, index) => text !== young[index]);
  if (isOther && old.toSorted().join() === young.toSorted().join()) return true;
  return isOther && before.some((one, index) => holdsReordered(one, after[index]));
}

const isChanging = (outcome: string) => outcome.includes(leaves);

/** The class of an error, which the programs write before its message. */
const kindOfError = (outcome: string) => /^e[^:]*/u.exec(outcome)?.[0] ?? null;
