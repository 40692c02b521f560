/** What a process wrote of the values that an assertion compared (SECURITY T26), as parsed data. Values come from code under test: unknown kinds are refused. Pure. */
import { z } from "zod";

const identity = z.int().nonnegative();

/** A value that is not an object, or of which only its identity is known. `i`: equal for the same object in one process. */
const simpleSchema = z.discriminatedUnion("t", [
  z.strictObject({ t: z.literal("u") }),
  z.strictObject({ t: z.literal("n") }),
  z.strictObject({ t: z.literal("b"), v: z.boolean() }),
  /** A number's text; `-0` has a sign. */
  z.strictObject({ t: z.literal("d"), v: z.string().max(40) }),
  z.strictObject({ t: z.literal("i"), v: z.string().regex(/^-?\d{1,1001}$/) }),
  /** A string; a long one is its start with its length `n` and a hash `h`. */
  z.strictObject({ t: z.literal("s"), v: z.string(), n: z.int().optional(), h: z.int().optional() }),
  z.strictObject({ t: z.literal("y"), i: identity }),
  z.strictObject({ t: z.literal("f"), i: identity }),
  /** A proxy: reading it would run its code. */
  z.strictObject({ t: z.literal("x"), i: identity }),
  /** An object that was written before in the same record. */
  z.strictObject({ t: z.literal("r"), i: identity }),
  /** A property with a getter, and what was left out. */
  z.strictObject({ t: z.literal("g") }),
  z.strictObject({ t: z.literal("c") }),
]);

export type Simple = z.infer<typeof simpleSchema>;
export interface ObjectOperand {
  t: "o";
  i: number;
  /** Its prototype: 0 none, 1 that of plain objects, else a number of its own. Absent if only the identity was wanted. */
  p?: number | undefined;
  /** What it is besides its properties, with its length or size `n`, or its time `v`. */
  c?: "array" | "date" | "regexp" | "map" | "set" | "opaque" | "object" | undefined;
  n?: number | undefined;
  v?: string | undefined;
  /** True if `e` has all that can be compared. */
  w?: boolean | undefined;
  e?: Record<string, Operand> | undefined;
}
export type Operand = Simple | ObjectOperand;

const objectSchema: z.ZodType<ObjectOperand> = z.strictObject({
  t: z.literal("o"),
  i: identity,
  p: identity.optional(),
  c: z.enum(["array", "date", "regexp", "map", "set", "opaque", "object"]).optional(),
  n: z.int().nonnegative().optional(),
  v: z.string().max(40).optional(),
  w: z.boolean().optional(),
  e: z.lazy(() => z.record(z.string(), operandSchema)).optional(),
});
const operandSchema: z.ZodType<Operand> = z.union([simpleSchema, objectSchema]);

const place = { f: z.string().max(1000), l: z.int().nonnegative(), c: z.int().nonnegative() };

/** One message of a process: an assertion before it compares; the number of one that failed; or that it writes no more. */
export const messageSchema = z.union([
  z.strictObject({ k: z.string().max(40), ...place, o: z.array(operandSchema).max(2) }),
  z.strictObject({ x: z.int().positive(), ...place }),
  z.strictObject({ over: z.literal(true) }),
]);
export type RecordMessage = z.infer<typeof messageSchema>;
