/**
 * Compares two outcomes of one call. Two errors are the same, because a specification seldom says which error; fractions may differ by rounding. Null: they
 * can't be compared, because objects of classes may hold the same in other fields, or because one was too long and cut. Pure.
 */

import { parseJson } from "@aedev/host/parse-json";
import { languageOf } from "@aedev/languages";
import { leaves } from "../explore/leaves.ts";
import { type Plain, plainSchema } from "../explore/plain-tree.ts";
import { isError } from "../replay/call-outcomes.ts";

type OutcomeComparison = "same" | "differs" | null;

/** Fractions may differ by this much, because the order of operations is open. */
const relativeTolerance = 1e-9;

/** `path`: the function's file, whose language says whether plain objects are those of a class. */
export function compareOutcomes(path: string, one: string, other: string): OutcomeComparison {
  if (one === other || (isError(one) && isError(other))) return "same";
  const [first = "", firstLeft] = one.split(leaves);
  const [second = "", secondLeft] = other.split(leaves);
  // A value and an error, or a list and its items one by one.
  if (first[0] !== second[0]) return "differs";
  const isOfClass = languageOf(path)?.hidesFields === true;
  const result = compareTexts(first.slice(1), second.slice(1), isOfClass);
  if (result !== "same") return result;
  // Arguments that a call changes: one version may keep something in an object that the other does not have.
  const left = compareTexts(firstLeft ?? "null", secondLeft ?? "null", isOfClass);
  return left === "differs" && firstLeft !== undefined && secondLeft !== undefined ? "differs" : "same";
}

function compareTexts(one: string, other: string, isOfClass: boolean): OutcomeComparison {
  if (one === other) return "same";
  const [first, second] = [one, other].map((text) => plainSchema.safeParse(parseJson(text)));
  if (first?.data === undefined || second?.data === undefined) return null;
  return compareValues(first.data, second.data, isOfClass);
}

function compareValues(one: Plain, other: Plain, isOfClass: boolean): OutcomeComparison {
  const [first, second] = [numberOf(one), numberOf(other)];
  if (first !== null && second !== null) return isNear(first, second) ? "same" : "differs";
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other ? "same" : "differs";
  const isObject = one[0] === other[0] && /^[iIc]$/u.test(`${one[0]}`);
  if (isObject) return JSON.stringify(one) === JSON.stringify(other) ? "same" : null;
  const [entries, wanted] = [entriesOf(one), entriesOf(other)];
  if (entries !== null && wanted !== null) {
    const isAlike = entries.size === wanted.size && [...entries.keys()].every((key) => wanted.has(key));
    if (!isAlike) return isOfClass ? null : "differs";
    return worst([...entries].map(([key, value]) => compareValues(value, wanted.get(key) ?? null, isOfClass)));
  }
  if (one.length !== other.length) return "differs";
  return worst(one.map((value, index) => compareValues(value, other[index] ?? null, isOfClass)));
}

/** A difference counts even if other parts can't be compared. */
function worst(found: readonly OutcomeComparison[]): OutcomeComparison {
  if (found.includes("differs")) return "differs";
  return found.includes(null) ? null : "same";
}

/** The entries of a plain object, `["o",[["a",1]]]`, whose order says nothing. */
function entriesOf(told: readonly Plain[]): Map<string, Plain> | null {
  const [kind, pairs] = told;
  if (kind !== "o" || told.length !== 2 || !Array.isArray(pairs)) return null;
  return new Map(pairs.map((pair) => (Array.isArray(pair) ? [JSON.stringify(pair[0]), pair[1] ?? null] : ["", pair])));
}

/** Fractions and special numbers are `["d","0.1"]` in Python and Go, and `-0` in JavaScript. */
function numberOf(told: Plain): number | null {
  if (typeof told === "number") return told;
  return Array.isArray(told) && told[0] === "d" && typeof told[1] === "string" ? Number(told[1]) : null;
}

function isNear(one: number, other: number): boolean {
  if (one === other || (Number.isNaN(one) && Number.isNaN(other))) return true;
  if (Number.isInteger(one) && Number.isInteger(other)) return false;
  return Math.abs(one - other) <= relativeTolerance * Math.max(Math.abs(one), Math.abs(other));
}
