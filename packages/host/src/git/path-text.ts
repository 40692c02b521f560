/**
 * A path of git, which is bytes, as text and back. What is not UTF-8 (a name in Latin-1, for example) is kept byte by byte as U+DC80 to U+DCFF, as
 * Python does: such text never comes from UTF-8, so no two paths become one. Pure.
 */
import { isUtf8 } from "node:buffer";

const escapeBase = 0xdc00;
const utf8LengthMax = 4;

/** Reversible: `gitPathBytes` gives the same bytes. */
export function gitPathText(bytes: Uint8Array): string {
  if (isUtf8(bytes)) return Buffer.from(bytes).toString("utf8");
  return pieces(bytes, (byte) => String.fromCharCode(escapeBase + byte));
}

export function gitPathBytes(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text);
  const parts = Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const isByte = code >= escapeBase + 0x80 && code <= escapeBase + 0xff;
    return isByte ? Buffer.from([code - escapeBase]) : Buffer.from(character);
  });
  return Buffer.concat(parts);
}

/** For people: each byte that is not UTF-8 as `\xfc`. */
export function readablePath(bytes: Uint8Array): string {
  return pieces(bytes, (byte) => `\\x${byte.toString(16).padStart(2, "0")}`);
}

function pieces(bytes: Uint8Array, escaped: (byte: number) => string): string {
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    let length = 1;
    while (length <= utf8LengthMax && !isUtf8(bytes.subarray(at, at + length))) length += 1;
    const isWhole = length <= utf8LengthMax && at + length <= bytes.length;
    text += isWhole ? Buffer.from(bytes.subarray(at, at + length)).toString("utf8") : escaped(bytes[at] ?? 0);
    at += isWhole ? length : 1;
  }
  return text;
}
