/** Puts untrusted text into a prompt as data: shortened, and in a fence that the text can't close. */
import { isUtf8 } from "node:buffer";
import { backticksAround } from "@aedev/contracts/words";

export function fenced(text: string): string {
  const fence = backticksAround(text, 3);
  return `${fence}text\n${text}${text.endsWith("\n") ? "" : "\n"}${fence}`;
}

/** The start of a text, cut between characters, with the number of omitted bytes. Bytes that are not text are named instead. */
export function firstBytes(content: string | Uint8Array, bytesMax: number): string {
  const bytes = Buffer.from(content);
  if (!isUtf8(bytes)) return `[omitted: ${bytes.length} bytes that are not UTF-8 text]`;
  if (bytes.length <= bytesMax) return bytes.toString("utf8");
  const end = atCharacter(bytes, bytesMax, -1);
  return `${bytes.toString("utf8", 0, end)}\n[omitted: ${bytes.length - end} more bytes]`;
}

/** The end of a text, cut between characters. `omittedBytes`: what the caller has left out already. */
export function lastBytes(text: string, bytesMax: number, omittedBytes = 0): string {
  const bytes = Buffer.from(text);
  const start = bytes.length <= bytesMax ? 0 : atCharacter(bytes, bytes.length - bytesMax, 1);
  const omitted = start + omittedBytes;
  return `${omitted === 0 ? "" : `[omitted: ${omitted} bytes before this]\n`}${bytes.toString("utf8", start)}`;
}

/** Moves to a character's start, because continuation bytes start with the bits 10. */
function atCharacter(bytes: Buffer, at: number, step: 1 | -1): number {
  let index = at;
  while (((bytes[index] ?? 0) & 0xc0) === 0x80) index += step;
  return index;
}
