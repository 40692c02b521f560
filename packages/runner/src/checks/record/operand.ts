/** The schema of recorded operands (SECURITY T26). They come from code under test, so unknown kinds are refused. Pure. */
import { z } from "zod";

const identity = z.int().nonnegative();

/** A value that is no object, or an object known only by its identity `i`, which is the same for one object throughout a process. */
const simpleSchema = z.discriminatedUnion("t", [
  z.strictObject({ t: z.literal("u") }),
  z.strictObject({ t: z.literal("n") }),
  z.strictObject({ t: z.literal("b"), v: z.boolean() }),
  /** A number as text; `-0` keeps its sign. */
  z.strictObject({ t: z.literal("d"), v: z.string().max(40) }),
  z.strictObject({ t: z.literal("i"), v: z.string().regex(/^-?\d{1,1001}$/) }),
  /** A string. A long one is cut; `n` is its full length and `h` a hash. */
  z.strictObject({ t: z.literal("s"), v: z.string(), n: z.int().optional(), h: z.int().optional() }),
  z.strictObject({ t: z.literal("y"), i: identity }),
  z.strictObject({ t: z.literal("f"), i: identity }),
  /** A proxy, which is not read, because reading would run its code. */
  z.strictObject({ t: z.literal("x"), i: identity }),
  /** An object that appeared earlier in the same record. */
  z.strictObject({ t: z.literal("r"), i: identity }),
  /** A property with a getter, or one that was left out. */
  z.strictObject({ t: z.literal("g") }),
  z.strictObject({ t: z.literal("c") }),
]);

export type Simple = z.infer<typeof simpleSchema>;
export interface ObjectOperand {
  t: "o";
  i: number;
  /** Its prototype: 0 none, 1 that of plain objects, otherwise a number per prototype. Absent if only the identity was recorded. */
  p?: number | undefined;
  /** The object's class, with its length or size `n`, or its time `v`. */
  c?: "array" | "date" | "regexp" | "map" | "set" | "opaque" | "object" | undefined;
  n?: number | undefined;
  v?: string | undefined;
  /** True if `e` has everything that can be compared. */
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

/** One message of a process: an assertion that is about to compare, the number of a failed one, or the end of its messages. */
export const messageSchema = z.union([
  z.strictObject({ k: z.string().max(40), ...place, o: z.array(operandSchema).max(2) }),
  z.strictObject({ x: z.int().positive(), ...place }),
  z.strictObject({ over: z.literal(true) }),
]);
export type RecordMessage = z.infer<typeof messageSchema>;
