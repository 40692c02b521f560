/**
 * Tells what an expression of a Go comparison compares: one field of both sides, or both as a whole. It reads text without spaces and knows
 * the few forms that comparisons have. An unknown form, such as a string or a comment, compares nothing. Pure.
 */
import type { GoComparisonKind } from "./go.ts";

/** Both sides of a comparison, and what their names mean. */
export interface GoSides {
  readonly a: string;
  readonly b: string;
  /** The local name of a package of the standard library, as a pattern that matches nothing if it is not imported. */
  readonly packageOf: (path: string) => string;
  /** Another comparison of the type by its name. */
  readonly otherOf: (method: string) => { readonly kind: GoComparisonKind; readonly isPlain: () => boolean } | null;
}

/** A field's name, `whole`, `size`, or null for anything else. */
export type Compared = string | null;
export const whole = "*";
/** `len(a.x) == len(b.x)` compares only the sizes of a field, which says less than the field. */
export const size = "#";

/** Makes the pattern of an expression from the patterns of its two sides. */
type Form = (left: string, right: string) => string;
interface Forms {
  /** Forms that compare either a field of both sides or both sides as a whole. */
  readonly open: readonly Form[];
  readonly ofFields: readonly Form[];
}

const field = String.raw`([\p{L}_][\p{L}\p{Nd}_]*)`;

function comparedIn(text: string, { a, b }: GoSides, { open, ofFields }: Forms): Compared {
  const sides: readonly (readonly [string, string])[] = [
    [a, b],
    [b, a],
  ];
  for (const [one, other] of sides) {
    for (const form of [...open, ...ofFields]) {
      const found = new RegExp(`^${form(String.raw`${one}\.${field}`, String.raw`${other}\.\1`)}$`, "u").exec(text);
      if (found?.[1] !== undefined) return found[1];
    }
    for (const form of open)
      for (const mark of ["", String.raw`\*`])
        if (new RegExp(`^${form(mark + one, mark + other)}$`, "u").test(text)) return whole;
  }
  return null;
}

/** `cmp.Compare(a.x, b.x)`, `a.x.Cmp(b.x)` */
function signForms({ packageOf }: GoSides): Forms {
  const functions = ["cmp", "strings", "bytes", "slices"].map(packageOf).join("|");
  return {
    open: [(left, right) => String.raw`(?:${functions})\.Compare\(${left},${right}\)`],
    ofFields: [(left, right) => String.raw`${left}\.(?:Cmp|Compare)\(${right}\)`],
  };
}

const ended =
  (form: Form, end: string): Form =>
  (left, right) =>
    form(left, right) + end;

/** What `a.x == b.x`, or another expression for equality, compares. */
export function equalling(text: string, sides: GoSides): Compared {
  const functions = ["bytes", "slices", "maps"].map(sides.packageOf).join("|");
  const { open, ofFields } = signForms(sides);
  const found = comparedIn(text, sides, {
    open: [
      (left, right) => `${left}==${right}`,
      (left, right) => String.raw`(?:${functions})\.Equal\(${left},${right}\)`,
      (left, right) => String.raw`${sides.packageOf("reflect")}\.DeepEqual\(${left},${right}\)`,
      ...open.map((form) => ended(form, "==0")),
    ],
    ofFields: [
      (left, right) => String.raw`${left}\.(?:Equals?|Eq)\(${right}\)`,
      ...ofFields.map((form) => ended(form, "==0")),
    ],
  });
  if (found !== null) return found;
  const sizes = (left: string, right: string) => String.raw`len\(${left}\)==len\(${right}\)`;
  if (comparedIn(text, sides, { open: [sizes], ofFields: [] }) !== null) return size;
  const { other, end } = otherIn(text, sides, "==0");
  return other?.kind === (end === undefined ? "equal" : "sign") && other.isPlain() ? whole : null;
}

/** What `a.x != b.x` or `!a.x.Equal(b.x)` compares. */
export function differing(text: string, sides: GoSides): Compared {
  // `!a.x == b.x` compares the negated field.
  if (text.startsWith("!")) return text.includes("=") ? null : equalling(text.slice(1), sides);
  const [left, right, ...more] = text.split("!=");
  return right === undefined || more.length > 0 ? null : equalling(`${left}==${right}`, sides);
}

const ofOrder = "(?:[<>]=?0|==-?1)";

/** What `a.x < b.x`, `a.x.Before(b.x)`, `cmp.Compare(a.x, b.x) > 0` or `!b.Less(a)` compares. */
export function ordering(text: string, sides: GoSides): Compared {
  const { open, ofFields } = signForms(sides);
  const found = comparedIn(text, sides, {
    open: [
      (left, right) => `${left}[<>]=?${right}`,
      (left, right) => String.raw`${sides.packageOf("cmp")}\.Less\(${left},${right}\)`,
      ...open.map((form) => ended(form, ofOrder)),
    ],
    ofFields: [
      (left, right) => String.raw`${left}\.(?:Before|After|Less(?:Than)?|Greater(?:Than)?)\(${right}\)`,
      ...ofFields.map((form) => ended(form, ofOrder)),
    ],
  });
  if (found !== null) return found;
  const { other, end } = otherIn(text.replace(/^!/u, ""), sides, ofOrder);
  return other?.kind === (end === undefined ? "order" : "sign") ? whole : null;
}

/** What `cmp.Compare(a.x, b.x)`, or `cmp.Or` of several, compares. */
export function signing(text: string, sides: GoSides): Compared[] {
  const several = new RegExp(String.raw`^${sides.packageOf("cmp")}\.Or\((.*)\)$`, "u").exec(text)?.[1];
  const calls = several?.replace(/,$/u, "").split(/(?<=\)),/u) ?? [text];
  return calls.map((call) => comparedIn(call, sides, signForms(sides)));
}

/** `a.x < b.x`: the sign as seen from the receiver, and the field. */
export function directionOf(text: string, sides: GoSides): { sign: "<" | ">"; name: string } | null {
  const name = comparedIn(text, sides, { open: [(left, right) => `${left}[<>]${right}`], ofFields: [] });
  const isTurned = new RegExp(String.raw`^\*?${sides.b}[.<>]`, "u").test(text);
  return name === null ? null : { sign: text.includes("<") === isTurned ? ">" : "<", name };
}

/** Finds the other comparison that an expression calls: `Cmp` in `a.Cmp(b) == 0`. */
function otherIn(text: string, { a, b, otherOf }: GoSides, end: string) {
  const call = (one: string, other: string) => String.raw`${one}\.(\w+)\([*&]?${other}\)`;
  const found = new RegExp(`^(?:${call(a, b)}|${call(b, a)})(${end})?$`, "u").exec(text);
  return { other: found === null ? null : otherOf(found[1] ?? found[2] ?? ""), end: found?.[3] };
}
