/** Writes arguments and results of repeated calls for people. Pure. */
import { parseJson } from "@aedev/host/parse-json";
import { type Plain, plainSchema } from "../explore/plain-tree.ts";

/** `[1, 2]` for `["a",[1,2]]`, and `[1] …` for one that was cut to `["a",[1,2…` and a hash. Other texts stay as they are. */
export function readableValue(text: string): string {
  const parsed = plainSchema.safeParse(parseJson(text));
  if (parsed.success) return written(parsed.data);
  const begun = plainSchema.safeParse(parseJson(closed(text)));
  return begun.success ? `${written(begun.data)} …` : text;
}

/** Closes a cut list after its last whole member. */
function closed(text: string): string {
  let [depth, end, endDepth, isText] = [0, 0, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (isText && character === "\\") at += 1;
    else if (character === '"') isText = !isText;
    else if (!isText && (character === "[" || character === "]" || character === ",")) {
      if (character === ",") [end, endDepth] = [at, depth];
      depth += character === "[" ? 1 : character === "]" ? -1 : 0;
      if (character === "]") [end, endDepth] = [at + 1, depth];
    }
  }
  return text.slice(0, end) + "]".repeat(Math.max(0, endDepth));
}

/** Writes the list of all arguments as `(1, 2)`. */
export function readableArguments(text: string): string {
  return readableValue(text).replace(/^\[([\s\S]*)\]$/, "($1)");
}

/** In an outcome, `v` precedes a value, `g` the items of a generator, and `e` an error's name and text. */
export function readableOutcome(outcome: string): string {
  if (outcome.startsWith("v")) return readableValue(outcome.slice(1));
  if (outcome.startsWith("g")) return `one by one ${readableValue(outcome.slice(1))}`;
  return outcome.startsWith("e") ? `the error ${outcome.slice(1)}` : outcome;
}

function written(value: Plain | undefined): string {
  if (value === undefined) return "…";
  if (!Array.isArray(value)) return JSON.stringify(value);
  const [kind, first, second, third] = value;
  const list = (parts: Plain | undefined, pair = ": ") =>
    Array.isArray(parts) ? parts.map((part) => member(part, pair)).join(", ") : written(parts);
  const members = (parts: Plain | undefined) =>
    Array.isArray(parts) ? parts.map((part) => written(part)).join(", ") : written(parts);
  switch (kind) {
    case "a":
      return `[${members(first)}]`;
    case "t":
      return `(${members(first)})`;
    case "S":
    case "F":
      return `set(${members(first)})`;
    case "o":
      return `{${list(first)}}`;
    case "M":
      return `map(${list(first, " => ")})`;
    // A whole number of any size, or an object with the file and name of its class.
    case "i":
    case "I":
      return third === undefined ? bare(first) : `${bare(second)} {${list(third)}}`;
    case "c":
      return `${bare(first)}(${members([second ?? null])}) {${list(third)}}`;
    case "k":
      return `${bare(first)}(${written(second)})`;
    case "D":
      return `date(${dateText(first)})`;
    case "r":
      return `/${bare(first)}/${bare(second)}`;
    case "b":
      return `bytes(${Array.isArray(first) ? members(first) : bare(first)})`;
    case "y":
      return written(second);
    case "d":
    case "n":
      return bare(first);
    case "u":
      return "undefined";
    case "R":
      return "the same object again";
    case "x":
      return `<${value.slice(1).map(bare).join(" ")}>`;
    default:
      return JSON.stringify(value);
  }
}

/** A key with its value. A key that is an identifier has no quotes. */
function member(part: Plain, pair: string): string {
  if (!Array.isArray(part)) return written(part);
  const [key, value] = part;
  const name = typeof key === "string" && pair === ": " && /^[A-Za-z_$][\w$]*$/.test(key) ? key : written(key);
  return `${name}${pair}${written(value)}`;
}

const bare = (value: Plain | undefined) => (typeof value === "string" ? value : written(value));

function dateText(value: Plain | undefined): string {
  const at = new Date(typeof value === "number" ? value : Number.NaN);
  return Number.isNaN(at.getTime()) ? "invalid" : at.toISOString();
}
