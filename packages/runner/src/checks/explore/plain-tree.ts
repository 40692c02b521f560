/**
 * Reads arguments and results, as plain-values.cjs and plain-values.py write them, into a tree of places. A place's role is its path with `*` for list indexes,
 * which is the same in all calls. Returns null for text that is malformed or too large. Pure.
 */
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";

/** JSON in which each array starts with its kind. */
export type Plain = null | boolean | number | string | Plain[];
export const plainSchema: z.ZodType<Plain> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(plainSchema)]),
);

/** True if an object is held twice: `["R", 2]` stands for the third object of the text, so no object may be added or removed. */
export const hasReferences = (text: string) => text.includes('["R",');

const charactersMax = 30_000;
const placesMax = 600;
const depthMax = 30;

export interface TreePlace {
  /** The place's indexes in the raw arrays. */
  readonly at: readonly number[];
  readonly role: string;
  /** The object or list that holds the place; siblings share it. */
  readonly parent: string;
  readonly value: number | string | boolean | readonly Plain[];
  readonly kind: "number" | "text" | "truth" | "list";
  /** For a number: it may become a fraction without changing its kind. */
  readonly isExact: boolean;
}
export interface Tree {
  readonly raw: Plain;
  readonly places: readonly TreePlace[];
}

/** `fixed`: levels of lists whose members have roles of their own, such as the list of arguments. Null if the text is not plain data or is too large. */
export function readPlainTree(text: string, fixed: number): Tree | null {
  if (text.length > charactersMax) return null;
  const parsed = plainSchema.safeParse(parseJson(text));
  if (!parsed.success) return null;
  const places: TreePlace[] = [];
  walk(parsed.data, { at: [], role: "", parent: "", fixed, depth: 0 }, places);
  if (places.length > placesMax) return null;
  return { raw: parsed.data, places: hasReferences(text) ? places.filter(({ kind }) => kind !== "list") : places };
}

interface Position {
  at: readonly number[];
  role: string;
  parent: string;
  fixed: number;
  depth: number;
}

function walk(raw: Plain, position: Position, places: TreePlace[]): void {
  if (position.depth > depthMax || places.length > placesMax) return;
  const { at, role, parent, fixed } = position;
  const add = (kind: TreePlace["kind"], value: TreePlace["value"], isExact = false) =>
    places.push({ at, role, parent, value, kind, isExact });
  if (typeof raw === "string") add("text", raw);
  else if (typeof raw === "boolean") add("truth", raw);
  const number = numberOf(raw);
  if (number !== null) add("number", number, isExactKind(raw));
  if (!Array.isArray(raw)) return;
  const [kind] = raw;
  const inner = (one: Plain, path: readonly number[], name: string) =>
    walk(
      one,
      {
        at: [...at, ...path],
        role: `${role}${name}`,
        parent: `${at.join(".")}`,
        fixed: fixed - 1,
        depth: position.depth + 1,
      },
      places,
    );
  if ((kind === "a" || kind === "t" || kind === "S" || kind === "F") && Array.isArray(raw[1])) {
    if (kind === "a" && fixed <= 0) add("list", raw[1]);
    const isFixed = kind === "t" || fixed > 0;
    for (const [index, one] of raw[1].entries()) inner(one, [1, index], isFixed ? `/${index}` : "/*");
    return;
  }
  const [pairsAt, pairs] = pairsOf(raw);
  for (const [index, pair] of pairs.entries())
    if (Array.isArray(pair))
      inner(pair[1] ?? null, [pairsAt, index, 1], `.${typeof pair[0] === "string" ? pair[0] : "*"}`);
}

/** The positions of an object's names and values. */
function pairsOf(raw: readonly Plain[]): [number, readonly Plain[]] {
  const at = { o: 1, M: 1, c: 3, i: 3, I: 3 }[String(raw[0])] ?? 0;
  const pairs = raw[at];
  return at === 0 || !Array.isArray(pairs) ? [0, []] : [at, pairs];
}

function numberOf(raw: Plain): number | null {
  if (typeof raw === "number") return raw;
  if (!Array.isArray(raw)) return null;
  const [kind, first, second] = raw;
  if (kind === "d") return finite(Number(first));
  if (kind !== "k") return null;
  if (first === "decimal.Decimal") return finite(Number(second));
  if (first === "fractions.Fraction" && Array.isArray(second)) return finite(Number(second[0]) / Number(second[1]));
  return null;
}

const finite = (value: number) => (Number.isFinite(value) ? value : null);
const isExactKind = (raw: Plain) => Array.isArray(raw);

/** The raw form of another number of the same kind; null if there is none. */
function renumbered(raw: Plain, value: number, staysWhole: boolean): Plain | null {
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) return null;
  if (typeof raw === "number") return staysWhole && !Number.isInteger(value) ? null : Object.is(value, -0) ? 0 : value;
  if (!Array.isArray(raw)) return null;
  if (raw[0] === "d") return ["d", staysWhole && Number.isInteger(value) ? `${value}.0` : `${value}`];
  if (raw[1] === "decimal.Decimal") return ["k", "decimal.Decimal", `${value}`];
  if (raw[1] !== "fractions.Fraction") return null;
  return Number.isInteger(value * 2) ? ["k", raw[1], Number.isInteger(value) ? [value, 1] : [value * 2, 2]] : null;
}

function valueAt(raw: Plain, at: readonly number[]): Plain {
  return at.reduce<Plain>((inner, index) => (Array.isArray(inner) ? (inner[index] ?? null) : null), raw);
}

function replaced(raw: Plain, at: readonly number[], value: Plain): Plain {
  const [index, ...rest] = at;
  if (index === undefined || !Array.isArray(raw)) return value;
  return raw.with(index, replaced(raw[index] ?? null, rest, value));
}

/** The tree's raw data with the changed values; null if one of them does not fit. */
export function withValues(
  raw: Plain,
  changes: readonly { place: TreePlace; value: number | string | boolean | readonly Plain[] }[],
  staysWhole: boolean,
): Plain | null {
  let found: Plain | null = raw;
  for (const { place, value } of changes) {
    if (found === null) return null;
    const before = valueAt(found, place.at);
    const after: Plain | null =
      typeof value === "number"
        ? renumbered(before, value, staysWhole)
        : typeof value === "object"
          ? ["a", [...value]]
          : value;
    found = after === null ? null : replaced(found, place.at, after);
  }
  return found;
}
