/**
 * Varies the arguments that the tests use without changing their shape: longer, larger, reversed, in another case, with texts from removed lines. The new code
 * may differ there from the base's, or from itself after other calls, where no input of the tests shows it. Reads hostile text; bounded. Pure.
 *
 * Folder: inputs that no test has.
 */
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import { type NamedConstants, noConstants, withConstants } from "./named-constants.ts";
import { hasReferences } from "./plain-tree.ts";
import { eachInTurn } from "./take-in-turn.ts";

const perFunctionMax = 40;
const allMax = 400;
/** Bounds attempted variations, including those that are dropped. */
const triesMax = 4000;
const namedPerFunctionMax = 24;
const allNamedMax = 200;
const inputCharactersMax = 4000;
const variedCharactersMax = 30_000;
const leavesMax = 6;
const constantsMax = 12;
const depthMax = 30;

/** A call: file and name of the function, and its arguments. */
export interface VariedCall {
  path: string;
  name: string;
  input: string;
}

/** The arguments in the form of plain-values.cjs or plain-values.py: JSON in which each array starts with its kind. */
type Plain = null | boolean | number | string | Plain[];
const plainSchema: z.ZodType<Plain> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(plainSchema)]),
);

/** How each kind of value changes; kinds without an entry stay. */
interface Variation {
  number?: (value: number) => number;
  text?: (value: string) => string;
  items?: (items: Plain[]) => Plain[];
  truth?: boolean;
}

const isSmall = (value: number) => Math.abs(value) <= 1000;
const repeated = (text: string) => (text === "" ? text : text.repeat(Math.ceil(120 / text.length)));
const withNumber = (found: RegExp) => (text: string) =>
  text.replace(found, (digits) => `${Number(digits) + 1}`.padStart(digits.length, "0"));

const variations: readonly Variation[] = [
  { number: (value) => value + 1, text: (value) => `${value}a` },
  {
    number: (value) => (isSmall(value) ? value * 100 + 7 : value - 1),
    text: repeated,
    items: (items) =>
      Array.from({ length: 12 }, () => items)
        .flat()
        .slice(0, 120),
  },
  { text: withNumber(/\d{1,8}(?!.*\d)/su), items: (items) => items.toReversed() },
  { number: (value) => -value, text: (value) => [...value].toReversed().join("") },
  { number: (value) => (isSmall(value) ? value * 5000 + 3 : value * 2), text: (value) => value.toUpperCase() },
  { text: withNumber(/\d{1,8}/u), items: (items) => items.slice(0, Math.ceil(items.length / 2)) },
  { text: (value) => `${value} É-ß_7`, truth: true },
];

/** Returns new calls with varied arguments that no test uses, each once, then those with texts from removed lines. */
export function varyCalls(calls: readonly VariedCall[], { removed }: NamedConstants = noConstants): VariedCall[] {
  const used = new Set(calls.map(({ path, name, input }) => `${path}\n${name}\n${input}`));
  const varied = takeInTurn(calls, { inputsOf: variedInputs, used, eachMax: perFunctionMax, max: allMax });
  if (removed.texts.length === 0) return varied;
  const inputsOf = (input: string) => namedInputs(input, removed.texts);
  return [...varied, ...takeInTurn(calls, { inputsOf, used, eachMax: namedPerFunctionMax, max: allNamedMax })];
}

/** Takes one variation of each call in turn, so that the bounds drop variations and not calls. Adds to `used`. */
function takeInTurn(
  calls: readonly VariedCall[],
  {
    inputsOf,
    used,
    eachMax,
    max,
  }: { inputsOf: (input: string) => Iterator<string | null>; used: Set<string>; eachMax: number; max: number },
): VariedCall[] {
  const keys = calls.map(({ path, name }) => `${path}\n${name}`);
  const counts = new Map<string, number>();
  const found: VariedCall[] = [];
  let tries = 0;
  const isFull = (source: number) => (counts.get(keys[source] ?? "") ?? 0) >= eachMax;
  const sources = calls.map(({ input }) => inputsOf(input));
  for (const { value: input, source } of eachInTurn(sources, isFull)) {
    const [call, key = ""] = [calls[source], keys[source]];
    if (input !== null && call !== undefined && !used.has(`${key}\n${input}`)) {
      used.add(`${key}\n${input}`);
      counts.set(key, (counts.get(key) ?? 0) + 1);
      found.push({ path: call.path, name: call.name, input });
    }
    tries += 1;
    if (found.length === max || tries === triesMax) break;
  }
  return found;
}

/** Yields null where a variation changes nothing or makes the input too large. */
function* variedInputs(input: string): Generator<string | null> {
  const value = readInput(input);
  if (value === null) return;
  const places = [null, ...leavesOf(value)];
  const isFixed = hasReferences(input);
  for (const { items, ...others } of variations) {
    const variation = isFixed || items === undefined ? others : { ...others, items };
    for (const place of places) yield inputOf(vary(value, variation, { place, next: 0 }, 0), input);
  }
}

/** Puts one of the constants into one text. */
function* namedInputs(input: string, constants: readonly string[]): Generator<string | null> {
  const value = readInput(input);
  if (value === null) return;
  const known = new Map<string, readonly string[]>();
  const othersOf = (text: string) => {
    const others = known.get(text) ?? withConstants(text, constants).slice(0, constantsMax);
    known.set(text, others);
    return others;
  };
  for (let index = 0; index < constantsMax; index += 1)
    for (const place of leavesOf(value)) {
      const variation: Variation = { text: (text) => othersOf(text)[index] ?? text };
      yield inputOf(vary(value, variation, { place, next: 0 }, 0), input);
    }
}

/** The text of varied arguments; null if they did not change or are too large. */
function inputOf(varied: Plain, input: string): string | null {
  if (leastCharacters(varied, new Map()) > variedCharactersMax) return null;
  const text = JSON.stringify(varied);
  return text !== input && text.length <= variedCharactersMax ? text : null;
}

function readInput(input: string): Plain {
  return input.length > inputCharactersMax ? null : (plainSchema.safeParse(parseJson(input)).data ?? null);
}

const leavesOf = (value: Plain) => Array.from({ length: Math.min(leavesMax, countLeaves(value)) }, (_, index) => index);

/** A lower bound for the length of its text. Repeated lists share their items, so a small value can stand for more text than fits in memory. */
function leastCharacters(value: Plain, known: Map<Plain, number>): number {
  if (typeof value === "string") return value.length;
  if (!Array.isArray(value)) return 1;
  const before = known.get(value);
  if (before !== undefined) return before;
  const sum = value.reduce<number>((all, item) => all + leastCharacters(item, known), value.length);
  known.set(value, sum);
  return sum;
}

/** `place`: the only leaf or list that changes; null if all change. `next`: the number of the next place. */
interface Cursor {
  place: number | null;
  next: number;
}

function vary(value: Plain, variation: Variation, cursor: Cursor, depth: number): Plain {
  const isHere = () => {
    cursor.next += 1;
    return cursor.place === null || cursor.place === cursor.next - 1;
  };
  switch (typeof value) {
    case "string":
      return isHere() && variation.text !== undefined ? variation.text(value) : value;
    case "number":
      return isHere() && variation.number !== undefined && Number.isSafeInteger(Math.trunc(value))
        ? safe(variation.number(value), value)
        : value;
    case "boolean":
      return isHere() && variation.truth === true ? !value : value;
    default:
      return value === null || depth > depthMax ? value : varyKind(value, variation, cursor, { isHere, depth });
  }
}

function varyKind(
  [kind = null, ...rest]: Plain[],
  variation: Variation,
  cursor: Cursor,
  { isHere, depth }: { isHere: () => boolean; depth: number },
): Plain {
  const [first] = rest;
  const inner = (value: Plain) => vary(value, variation, cursor, depth + 1);
  if (kind === "d" && typeof first === "string") {
    const value = Number(first);
    if (!isHere() || variation.number === undefined || !Number.isFinite(value)) return [kind, first];
    const varied = variation.number(value);
    return [kind, Number.isInteger(varied) ? `${varied}.0` : `${varied}`];
  }
  if ((kind === "a" || kind === "t") && Array.isArray(first)) {
    // The list of all arguments keeps its length.
    const isList = depth > 0 && isHere();
    const items = first.map(inner);
    return [kind, isList && variation.items !== undefined ? variation.items(items) : items];
  }
  if ((kind === "o" || kind === "M") && Array.isArray(first))
    return [kind, first.map((pair) => (Array.isArray(pair) ? [pair[0] ?? null, inner(pair[1] ?? null)] : pair))];
  return [kind, ...rest];
}

/** Keeps a whole number whole and exact. */
function safe(varied: number, value: number): number {
  if (Number.isInteger(value)) return Number.isSafeInteger(varied) ? Math.round(varied) + 0 : value;
  return varied;
}

function countLeaves(value: Plain): number {
  const cursor = { place: -1, next: 0 };
  vary(value, {}, cursor, 0);
  return cursor.next;
}
