/** Judges what calls make of their arguments, which include the object whose method is called. Pure. */

import { parseJson } from "@aedev/host/parse-json";
import { leaves } from "../explore/leaves.ts";
import type { VariedCall } from "../explore/vary.ts";
import { isError, isKnown, type Judged, type Outcomes, steady, unsureOf } from "./call-outcomes.ts";
import type { RecordedCall } from "./recorded-calls.ts";

/** What one call gave. */
interface Result {
  readonly input: string;
  /** Of the base; undefined if it did not reach its function there. */
  readonly before: string | undefined;
  readonly now: string;
}
/** The calls in the tests, and those with other arguments, by their index. */
export interface CallsOfFunction {
  readonly calls: readonly (RecordedCall & { index: number })[];
  readonly varied: readonly (VariedCall & { index: number })[];
}
type OfBoth = Record<"candidate" | "base", Outcomes>;

/** A call that both versions refuse with the same kind of error, and of which only the new code leaves something changed, such as half of what it was to do. */
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
 * A function that changes a part of what it was given in which the base's changes nothing, in no call: a list's items, a value that an object had. Nothing may look at what was given afterwards,
 * so that no test fails. What an object gets in addition, such as a remembered result, does not count.
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
 * A list in an argument, or in the object, has the same elements in another order after a call: of a new function nothing else tells that it changes what it was given. Unless its name
 * says so, it gives nothing in the tests and changes nothing but orders, or the base's function does it too.
 */
export function judgeOrderOfLists(name: string, called: CallsOfFunction, outcomes: OfBoth): Judged | null {
  if (/sort|order|shuffl|revers|rotat|swap|mov|arrang|rank|heap|permut|partition/iu.test(name)) return null;
  const results = resultsOf(called, outcomes);
  if (results.some(({ input, before = "" }) => isReordered(input, before))) return null;
  // Other arguments it may refuse.
  if (resultsOf({ ...called, varied: [] }, outcomes).every(isOnlyReordering)) return null;
  return asked(
    "reordered",
    results.find(({ input, now }) => isReordered(input, now)),
  );
}

/** It gives nothing, and leaves what it got with nothing but another order. */
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

/** Where a call changed what it was given, by argument and the fields of classes; items of a list, and entries of a plain object, are alike. Empty text: anywhere, since it is too long to be told. */
function changedPlaces(input: string, outcome: string): string[] {
  if (!isChanging(outcome)) return [];
  const [before, after] = [argumentsIn(parseJson(input)), argumentsIn(leftBy(outcome))];
  if (before === null || after?.length !== before.length) return [""];
  return [...new Set(before.flatMap((one, index) => differingPlaces(one, after[index], `${index}/`)))];
}

/** `["a",[1,2]]` of JavaScript and Go, `["a",[["a",[1,2]],["o",[["c",3]]]]]` of Python, which has names for some. Null for anything else. */
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

/** Of an object in JavaScript or Python, or of JavaScript's `Map`, as the programs tell it. */
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

/** What a call made of its arguments; undefined if it is not told whole. */
const leftBy = (outcome: string): unknown =>
  parseJson(outcome.slice(outcome.indexOf(leaves) + leaves.length).replace(/^\d+ /u, ""));

/** `["a",[1,2]]` before a call and `["a",[2,1]]` after it, at any depth. */
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
