/** Decides from recorded operands, outside the asserting process, whether an assertion should pass (SECURITY T26). Values with own code are unknown. Pure. */
import type { ObjectOperand, Operand, Simple } from "./operand.ts";

export type DemandedOutcome = "pass" | "fail" | "unknown";
type Answer = "equal" | "unequal" | "unknown";
/** How to compare: as node:assert, as `==`, as Python, or `lenient`, as libraries do that differ in negative zero, NaN and prototypes. */
type Mode = "strict" | "lenient" | "loose" | "python";

const comparisons: Readonly<Record<string, { mode: Mode; isDeep: boolean; isNegated: boolean }>> = {
  strictEqual: { mode: "strict", isDeep: false, isNegated: false },
  notStrictEqual: { mode: "strict", isDeep: false, isNegated: true },
  is: { mode: "lenient", isDeep: false, isNegated: false },
  isNot: { mode: "lenient", isDeep: false, isNegated: true },
  equal: { mode: "loose", isDeep: false, isNegated: false },
  notEqual: { mode: "loose", isDeep: false, isNegated: true },
  deepStrictEqual: { mode: "strict", isDeep: true, isNegated: false },
  notDeepStrictEqual: { mode: "strict", isDeep: true, isNegated: true },
  same: { mode: "lenient", isDeep: true, isNegated: false },
  notSame: { mode: "lenient", isDeep: true, isNegated: true },
  deepEqual: { mode: "loose", isDeep: true, isNegated: false },
  notDeepEqual: { mode: "loose", isDeep: true, isNegated: true },
  pythonEqual: { mode: "python", isDeep: true, isNegated: false },
  pythonNotEqual: { mode: "python", isDeep: true, isNegated: true },
};

export function demandedOutcome(kind: string, operands: readonly Operand[]): DemandedOutcome {
  const [one, other] = operands;
  if (kind === "fail") return "fail";
  if (one === undefined) return "unknown";
  if (kind === "ok" || kind === "notOk") return truthVerdict(one, kind === "ok");
  const comparison = Object.hasOwn(comparisons, kind) ? comparisons[kind] : undefined;
  if (comparison === undefined || other === undefined) return "unknown";
  const answer = (comparison.isDeep ? deep : shallow)(one, other, comparison.mode);
  if (answer === "unknown") return "unknown";
  return (answer === "equal") === comparison.isNegated ? "fail" : "pass";
}

/** True for a value that decides by its own code what it is equal to: a proxy, a getter, or an object in a comparison by `==`. */
export function isHidden(operand: Operand, kind: string): boolean {
  if (operand.t === "x" || operand.t === "g") return true;
  if (operand.t !== "o") return false;
  if (kind === "equal" || kind === "notEqual") return true;
  return Object.values(operand.e ?? {}).some((inner) => isHidden(inner, "deep"));
}

function truthVerdict(operand: Operand, isWanted: boolean): DemandedOutcome {
  if (operand.t === "c" || operand.t === "g") return "unknown";
  const isTrue = isPrimitive(operand) ? Boolean(primitiveOf(operand)) : true;
  return isTrue === isWanted ? "pass" : "fail";
}

type Primitive = Extract<Simple, { t: "u" | "n" | "b" | "d" | "i" | "s" | "y" }>;

function isPrimitive(operand: Operand): operand is Primitive {
  return ["u", "n", "b", "d", "i", "s", "y"].includes(operand.t);
}

function primitiveOf(operand: Primitive): unknown {
  switch (operand.t) {
    case "u":
      return undefined;
    case "n":
      return null;
    case "d":
      return Number(operand.v);
    case "i":
      return BigInt(operand.v);
    case "y":
      return true;
    default:
      return operand.v;
  }
}

function shallow(one: Operand, other: Operand, mode: Mode): Answer {
  if (one.t === "c" || other.t === "c" || one.t === "g" || other.t === "g") return "unknown";
  if (isPrimitive(one) && isPrimitive(other)) return primitives(one, other, mode);
  // `==` runs an object's own code if the other operand is a primitive.
  if (isPrimitive(one) || isPrimitive(other))
    return mode === "loose" && !isNothing(one) && !isNothing(other) ? "unknown" : "unequal";
  return one.i === other.i ? "equal" : "unequal";
}

function isNothing({ t }: Operand): boolean {
  return t === "u" || t === "n";
}

function primitives(one: Primitive, other: Primitive, mode: Mode): Answer {
  if (one.t === "s" && other.t === "s")
    return one.v === other.v && one.n === other.n && one.h === other.h ? "equal" : "unequal";
  if (one.t === "y" && other.t === "y") return one.i === other.i ? "equal" : "unequal";
  if (one.t === "y" || other.t === "y") return "unequal";
  const [left, right] = [primitiveOf(one), primitiveOf(other)];
  if (mode === "python") return pythonPrimitives(left, right);
  if (mode === "loose") {
    const isLong = (one.t === "s" && one.n !== undefined) || (other.t === "s" && other.n !== undefined);
    if (isLong || (Number.isNaN(left) && Number.isNaN(right))) return "unknown";
    // biome-ignore lint/suspicious/noDoubleEquals: the comparison that is checked
    return left == right ? "equal" : "unequal";
  }
  if (Object.is(left, right)) return mode === "lenient" && Number.isNaN(left) ? "unknown" : "equal";
  return mode === "lenient" && left === right ? "unknown" : "unequal";
}

/** Numbers and truth values can equal each other; any other value only equals one of its own type. */
function pythonPrimitives(left: unknown, right: unknown): Answer {
  if (Number.isNaN(left) || Number.isNaN(right)) return "unknown";
  const isNumeric = (value: unknown) => ["boolean", "number", "bigint"].includes(typeof value);
  // biome-ignore lint/suspicious/noDoubleEquals: exact for whole and floating numbers
  if (isNumeric(left) && isNumeric(right)) return left == right ? "equal" : "unequal";
  return left === right ? "equal" : "unequal";
}

function deep(one: Operand, other: Operand, mode: Mode): Answer {
  if (one.t === "c" || other.t === "c" || one.t === "g" || other.t === "g") return "unknown";
  if (isPrimitive(one) && isPrimitive(other)) return primitives(one, other, mode);
  if (mode === "python" && (one.t === "x" || other.t === "x")) return "unknown";
  if (isPrimitive(one) || isPrimitive(other)) return mode === "loose" ? "unknown" : "unequal";
  if (one.i === other.i) return "equal";
  if (one.t === "f" && (other.t === "f" || mode === "python")) return "unequal";
  if (one.t !== "o" || other.t !== "o") return "unknown";
  return objects(one, other, mode);
}

function objects(one: ObjectOperand, other: ObjectOperand, mode: Mode): Answer {
  const before = frames(one, other, mode);
  if (before === "unequal" || one.e === undefined || other.e === undefined) return before;
  let answer = one.w === true && other.w === true ? before : "unknown";
  for (const key of new Set([...Object.keys(one.e), ...Object.keys(other.e)])) {
    const left = Object.hasOwn(one.e, key) ? one.e[key] : undefined;
    const right = Object.hasOwn(other.e, key) ? other.e[key] : undefined;
    const found = left !== undefined && right !== undefined ? deep(left, right, mode) : missing(one, other, mode);
    if (found === "unequal" && (mode === "strict" || mode === "python" || isPlain(one, other))) return "unequal";
    if (found !== "equal") answer = "unknown";
  }
  return answer;
}

/** A missing element of an array may count as undefined. */
function missing(one: ObjectOperand, other: ObjectOperand, mode: Mode): Answer {
  const isHole = one.c === "array" && mode !== "strict";
  return one.w === true && other.w === true && !isHole ? "unequal" : "unknown";
}

/** Compares everything about objects except their properties. */
function frames(one: ObjectOperand, other: ObjectOperand, mode: Mode): Answer {
  if (mode === "python") return one.p === other.p && one.n === other.n ? "equal" : "unequal";
  if (one.c !== other.c) return mode === "strict" ? "unequal" : "unknown";
  if (one.n !== other.n || (one.c === "date" && one.v !== other.v)) return "unequal";
  const isKnown = one.c === "object" || one.c === "array" || one.c === "date";
  // Only an object with a null prototype surely differs from a plain one; other prototypes may share a constructor.
  const isOneNothing = (one.p === 0 && other.p === 1) || (one.p === 1 && other.p === 0);
  if (mode === "strict" && isOneNothing) return "unequal";
  return isKnown && one.p === other.p && one.v !== "NaN" ? "equal" : "unknown";
}

/** True for objects whose properties all libraries compare alike: of others they may compare inherited ones or leave some out. */
function isPlain(...all: readonly ObjectOperand[]): boolean {
  return all.every(({ p, c }) => c === "array" || (c === "object" && (p === 0 || p === 1)));
}
