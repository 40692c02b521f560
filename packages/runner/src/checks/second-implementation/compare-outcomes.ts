/**
 * Compares two outcomes of one call. Two errors are the same, because a specification seldom says which error; fractions may differ by rounding. Null: they
 * can't be compared, because objects of classes may hold the same in other fields, because a part such as a function is told by its kind only, because one was
 * too long and cut, or because neither call ended. Pure.
 */

import { parseJson } from "@aedev/host/parse-json";
import { languageOf } from "@aedev/languages";
import { leaves } from "../explore/leaves.ts";
import { type Plain, plainSchema } from "../explore/plain-tree.ts";
import { isError, unended } from "../replay/call-outcomes.ts";

type OutcomeComparison = "same" | "differs" | null;

/** Fractions may differ by this much, because the order of operations is open. */
const relativeTolerance = 1e-9;

/** `path`: the function's file, whose language says whether plain objects are those of a class; `input`: the arguments before the call. */
export function compareOutcomes(path: string, one: string, other: string, input: string): OutcomeComparison {
  if (isError(one) && isError(other)) return "same";
  const [first = "", firstLeft] = one.split(leaves);
  const [second = "", secondLeft] = other.split(leaves);
  if (first === unended || second === unended) return first === second ? null : "differs";
  // A value and an error, or a list and its items one by one; but what can't be written may be an object as well.
  if (first[0] !== second[0]) return [first, second].every(mayBeObject) ? null : "differs";
  if (first.startsWith("x")) return null;
  const isOfClass = languageOf(path)?.hidesFields === true;
  const result = compareTexts(first, second, isOfClass);
  if (result !== "same" || (firstLeft === undefined && secondLeft === undefined)) return result;
  const [left, wanted] = [firstLeft, secondLeft].map((text) => (text === undefined ? input : leftText(text)));
  return compareTexts(`v${left}`, `v${wanted}`, isOfClass);
}

const mayBeObject = (outcome: string) => /^(?:v\[|x\[object)/u.test(outcome);

/** Programs in JavaScript tell the length before the text, which may be cut. */
function leftText(text: string): string {
  const [length = "", rest = ""] = text.split(/(?<=^\d+) /u);
  return /^\d+$/u.test(length) ? (rest.length === Number(length) ? rest : "") : text;
}

/** Null also for texts that were cut, because what is missing is unknown. */
function compareTexts(one: string, other: string, isOfClass: boolean): OutcomeComparison {
  const told = (text: string) => (text.startsWith("g") ? `["a",${text.slice(1)}]` : text.slice(1));
  const [first, second] = [one, other].map((text) => plainSchema.safeParse(parseJson(told(text))).data);
  if (first === undefined || second === undefined) return null;
  return compareValues(first, second, isOfClass);
}

/** Each list starts with its kind. */
function compareValues(one: Plain, other: Plain, isOfClass: boolean): OutcomeComparison {
  const [first, second] = [numberOf(one), numberOf(other)];
  if (first !== null && second !== null) return isNear(first, second) ? "same" : "differs";
  if (isUntold(one) || isUntold(other)) return null;
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other ? "same" : "differs";
  if (one[0] !== other[0]) return "differs";
  const each = (some: readonly Plain[], others: readonly Plain[]) =>
    some.length === others.length
      ? worst(some.map((value, index) => compareValues(value, others[index] ?? null, isOfClass)))
      : "differs";
  const [kind, content] = one;
  const isSame = JSON.stringify(one) === JSON.stringify(other);
  if (kind === "o") {
    const [entries, wanted] = [entriesOf(one), entriesOf(other)];
    const isAlike = entries.size === wanted.size && [...entries.keys()].every((key) => wanted.has(key));
    if (!isAlike) return isOfClass ? null : "differs";
    return worst([...entries].map(([key, value]) => compareValues(value, wanted.get(key) ?? null, isOfClass)));
  }
  // An object of a class holds the file, the name and the fields; a whole number of JavaScript has the same kind.
  if (typeof kind === "string" && /^[iIc]$/u.test(kind) && one.length > 2)
    return isSame && !hasUntold(one) ? "same" : null;
  if (typeof kind === "string" && /^[atSFM]$/u.test(kind) && Array.isArray(content) && Array.isArray(other[1])) {
    const items = (list: readonly Plain[]) =>
      kind === "M" ? list.flatMap((pair) => (Array.isArray(pair) ? pair : [pair])) : list;
    return each(items(content), items(other[1]));
  }
  if (kind === "x" || kind === "y" || kind === "D") return each(one.slice(1), other.slice(1));
  return isSame ? "same" : "differs";
}

/** A difference counts even if other parts can't be compared. */
function worst(found: readonly OutcomeComparison[]): OutcomeComparison {
  if (found.includes("differs")) return "differs";
  return found.includes(null) ? null : "same";
}

/** What can't be written, such as a function, is told by its kind only: `["x","function"]`. */
const isUntold = (told: Plain) => Array.isArray(told) && told[0] === "x" && told.length === 2;
const hasUntold = (told: Plain): boolean => Array.isArray(told) && (isUntold(told) || told.some(hasUntold));

/** The entries of a plain object, `["o",[["a",1]]]`, whose order says nothing. */
function entriesOf([, pairs]: readonly Plain[]): Map<string, Plain> {
  const all = Array.isArray(pairs) ? pairs : [];
  return new Map(all.map((pair) => (Array.isArray(pair) ? [JSON.stringify(pair[0]), pair[1] ?? null] : ["", pair])));
}

/** Fractions and special numbers are `["d","0.1"]`: `-Infinity` in JavaScript, `-inf` in Python, `-Inf` in Go. */
function numberOf(told: Plain): number | null {
  if (typeof told === "number") return told;
  if (!Array.isArray(told) || told[0] !== "d" || typeof told[1] !== "string") return null;
  return Number(told[1].replace(/inf(?:inity)?$/iu, "Infinity"));
}

function isNear(one: number, other: number): boolean {
  if (one === other || (Number.isNaN(one) && Number.isNaN(other))) return true;
  if (!Number.isFinite(one) || !Number.isFinite(other)) return false;
  if (Number.isInteger(one) && Number.isInteger(other)) return false;
  return Math.abs(one - other) <= relativeTolerance * Math.max(Math.abs(one), Math.abs(other));
}
