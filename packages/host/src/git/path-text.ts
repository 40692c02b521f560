/**
 * A git path, which is bytes, as text and back. Bytes that are not UTF-8 (a name in Latin-1, for example) are written as `\xfc`, so that the text can be
 * shown, stored and compared like any other. A literal `\x` in a path gets its backslash escaped as `\x5c`, so that two paths never become one, and the
 * text of a path is the text of its parts. Pure.
 */
import { isUtf8 } from "node:buffer";

const escapePattern = /\\x[0-9a-f]{2}/u;
const escapeBytes = 4;
const utf8LengthMax = 4;

/** Reversible: `gitPathBytes` gives the same bytes. */
export function gitPathText(bytes: Uint8Array): string {
  const text = isUtf8(bytes) ? Buffer.from(bytes).toString("utf8") : null;
  return text === null || escapePattern.test(text) ? escaped(bytes) : text;
}

export function gitPathBytes(text: string): Buffer {
  if (!escapePattern.test(text)) return Buffer.from(text);
  const parts: Buffer[] = [];
  let rest = text;
  for (let found = escapePattern.exec(rest); found !== null; found = escapePattern.exec(rest)) {
    parts.push(Buffer.from(rest.slice(0, found.index)), Buffer.from(found[0].slice(2), "hex"));
    rest = rest.slice(found.index + escapeBytes);
  }
  return Buffer.concat([...parts, Buffer.from(rest)]);
}

/** Whether the text stands for bytes that are not UTF-8. */
export function isOtherBytes(text: string): boolean {
  return escapePattern.test(text) && !isUtf8(gitPathBytes(text));
}

/** The path as a system reads it, with `_` for each byte that is not UTF-8, for rules about the form of a name. */
export function pathAsRead(text: string): string {
  return text.replaceAll(/\\x([0-9a-f]{2})/gu, (_, hex: string) => (hex === "5c" ? "\\" : "_"));
}

/** The place of a path below a folder of the file system. */
export function placeOfPath(folder: string, text: string): string | Buffer {
  return escapePattern.test(text)
    ? Buffer.concat([Buffer.from(`${folder}/`), gitPathBytes(text)])
    : `${folder}/${text}`;
}

function escaped(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    let length = 1;
    while (length <= utf8LengthMax && !isUtf8(bytes.subarray(at, at + length))) length += 1;
    const isLiteral = escapePattern.test(Buffer.from(bytes.subarray(at, at + escapeBytes)).toString("latin1"));
    const isWhole = length <= utf8LengthMax && at + length <= bytes.length && !isLiteral;
    text += isWhole ? Buffer.from(bytes.subarray(at, at + length)).toString("utf8") : escapeOf(bytes[at] ?? 0);
    at += isWhole ? length : 1;
  }
  return text;
}

const escapeOf = (byte: number) => `\\x${byte.toString(16).padStart(2, "0")}`;
