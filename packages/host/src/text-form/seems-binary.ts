/** Guesses as git does (`gather_stats` and `convert_is_binary` of its convert.c) whether a file without a NUL byte is still binary. Pure. */

/** Backspace, tab, form feed and escape occur in texts. */
const controlsInTexts = new Set([0x08, 0x09, 0x0c, 0x1b]);
const [lineFeed, carriageReturn, endOfFile, deletion] = [0x0a, 0x0d, 0x1a, 0x7f];
/** A text has at most one control character per this many printable ones. */
const printableForEach = 128;

export interface ByteCounts {
  /** Carriage returns without a line feed after them. */
  readonly returnsAlone: number;
  /** True: it has more control characters than a text. */
  readonly isMuchControl: boolean;
}

export function countBytes(bytes: Uint8Array): ByteCounts {
  let [returnsAlone, printable, controls] = [0, 0, 0];
  for (const [at, byte] of bytes.entries()) {
    if (byte === lineFeed) continue;
    if (byte === carriageReturn) returnsAlone += bytes[at + 1] === lineFeed ? 0 : 1;
    else if (byte === deletion || (byte < 0x20 && !controlsInTexts.has(byte))) controls += 1;
    else printable += 1;
  }
  // Old systems end a text with this character.
  if (bytes.at(-1) === endOfFile) controls -= 1;
  return { returnsAlone, isMuchControl: bytes.includes(0) || Math.floor(printable / printableForEach) < controls };
}

/** Whether git treats the bytes as binary under `text=auto`, and keeps them. */
export function seemsBinary(bytes: Uint8Array): boolean {
  const { returnsAlone, isMuchControl } = countBytes(bytes);
  return returnsAlone > 0 || isMuchControl;
}
