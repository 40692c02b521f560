/** Reads a sandbox's body before its wire's schema sees it: bounded in values and depth, without duplicate keys. Never throws, whatever a sandbox sends. */
import { parseStrictJson, type StrictJson } from "@aedev/host/strict-json";
import { pathText } from "./schema-reason.ts";
import type { RefusedRequest } from "./wire.ts";

/** The CLIs' own bodies have some fifteen levels; a tool's input or schema can add a few. */
const depthMax = 64;
/** Serializing the body again keeps a duplicate key from the vendor, whose parser might take the other one. It is refused anyway: no CLI sends one. */
const refusalTexts: Readonly<Record<Unread["why"], (path: string) => string>> = {
  "not-json": () => "the body is not JSON",
  "doubled-key": (path) => `${path}: doubled key`,
  "prototype-key": (path) => `${path}: key not allowed`,
  "too-deep": () => "the body is nested too deeply",
};
type Unread = StrictJson & { kind: "refused" };

/** The body as a value that no schema has checked. */
export function readStrictBody(text: string): { readonly kind: "read"; readonly value: unknown } | RefusedRequest {
  if (hasTooManyValues(text)) return { kind: "refused", reason: "the body has too many values" };
  const read = parseStrictJson(text, { depthMax });
  if (read.kind === "refused") return { kind: "refused", reason: refusalTexts[read.why](pathText(read.path)) };
  return { kind: "read", value: read.value };
}

/** The CLI's bodies are mostly long strings. A body of the same size made of empty lists would block the plane and all its runs for seconds. */
const valuesMax = 200_000;
const [quote, backslash, comma, bracket, brace] = [0x22, 0x5c, 0x2c, 0x5b, 0x7b];

/** Counts the characters outside strings that open or separate values. */
function hasTooManyValues(text: string): boolean {
  if (text.length <= valuesMax) return false;
  let values = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isInString && code === backslash) at += 1;
    else if (code === quote) isInString = !isInString;
    else if (!isInString && (code === comma || code === bracket || code === brace)) values += 1;
    if (values > valuesMax) return true;
  }
  return false;
}
