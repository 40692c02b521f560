/** Splits a file's bytes into lines, with the line ending of each. Pure. */

export type LineEnding = "" | "\n" | "\r\n" | "\r";
export interface Line {
  /** One character per byte. */
  readonly content: string;
  readonly ending: LineEnding;
}

const names: Record<LineEnding, string> = { "": "none", "\n": "LF", "\r\n": "CRLF", "\r": "CR" };

export function endingName(ending: LineEnding): string {
  return names[ending];
}

/** A carriage return alone ends a line only in a file without a newline. */
export function textLines(bytes: Uint8Array): Line[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const parts = text.split(text.includes("\n") ? /(\r?\n)/ : /(\r)/);
  const lines: Line[] = [];
  for (let at = 0; at < parts.length; at += 2) {
    const content = parts[at] ?? "";
    const ending = (parts[at + 1] ?? "") as LineEnding;
    if (content !== "" || ending !== "") lines.push({ content, ending });
  }
  return lines;
}

/** The ending of all lines; null if they differ or there is none. */
export function uniformEnding(lines: readonly Line[]): LineEnding | null {
  const found = new Set(lines.map(({ ending }) => ending).filter((ending) => ending !== ""));
  return found.size === 1 ? ([...found][0] ?? null) : null;
}

export function bytesOfLines(lines: readonly Line[]): Buffer {
  return Buffer.from(lines.map(({ content, ending }) => content + ending).join(""), "latin1");
}
