/** Parses untrusted JSON, but first refuses it if it is deeper or has more values than any evidence needs. */

/** Limits on a text, not counting what is inside strings. */
export interface JsonBounds {
  readonly depthMax: number;
  /** Most commas, which stand for values and keys. */
  readonly commasMax: number;
}

export type BoundedJson = { readonly kind: "value"; readonly value: unknown } | Unreadable;
/** `at`: the byte from which the text is unreadable, if known. */
export interface Unreadable {
  readonly kind: "unreadable";
  readonly why: string;
  readonly at: number | null;
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const opening = new Set([0x5b, 0x7b]);
const closing = new Set([0x5d, 0x7d]);

/** The value of UTF-8 bytes, or why they have none. Strings are skipped, so that large ones cost nothing here. */
export function parseBoundedJson(bytes: Buffer, bounds: JsonBounds): BoundedJson {
  let depth = 0;
  let commas = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === quote) {
      at = endOfString(bytes, at);
      if (at === -1) return { kind: "unreadable", why: "a string is not closed", at: bytes.length };
    } else if (opening.has(byte)) depth += 1;
    else if (closing.has(byte)) depth -= 1;
    else if (byte === comma) commas += 1;
    if (depth > bounds.depthMax) return { kind: "unreadable", why: `more than ${bounds.depthMax} levels deep`, at };
    if (commas > bounds.commasMax) return { kind: "unreadable", why: `more than ${bounds.commasMax} values`, at };
  }
  try {
    return { kind: "value", value: JSON.parse(bytes.toString("utf8")) };
  } catch (error) {
    const words = error instanceof Error ? error.message : "";
    const position = /position (\d+)/.exec(words)?.[1];
    return { kind: "unreadable", why: "not JSON", at: position === undefined ? null : Number(position) };
  }
}

/** Where the string that starts at `start` ends; -1 if it is not closed. */
function endOfString(bytes: Buffer, start: number): number {
  for (let end = bytes.indexOf(quote, start + 1); end !== -1; end = bytes.indexOf(quote, end + 1)) {
    let escapes = 0;
    while (bytes[end - 1 - escapes] === backslash) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return -1;
}
