/**
 * Restores what an editor or a model changes in a file without being asked: line endings, the byte order mark and the newline at the end. Pure. If such
 * a change is the only change of a file, it stays, because somebody intended it. A file that looks binary stays too.
 */
import type { PutBackKind } from "@aedev/contracts";
import { bytesOfLines, type Line, textLines, uniformEnding } from "./lines.ts";
import { countBytes, seemsBinary } from "./seems-binary.ts";

const mark = Buffer.from([0xef, 0xbb, 0xbf]);

/** `base`: null for a new file. `isStoredWithLf`: according to the base's attributes; `isText`: even if it looks binary. Null: the bytes stay as they are. */
export function putBack({
  base,
  now,
  isStoredWithLf,
  isText = false,
}: {
  base: Uint8Array | null;
  now: Uint8Array;
  isStoredWithLf: boolean;
  isText?: boolean;
}): { bytes: Buffer; kinds: PutBackKind[] } | null {
  if (now.length === 0) return null;
  const kinds: PutBackKind[] = [];
  const before = base === null ? [] : textLines(withoutMark(base));
  let lines = textLines(withoutMark(now));
  let hasMark = isMarked(now);
  // If nothing else changed in the file, this change was intended.
  const isBinary = [base, now].some((bytes) => bytes !== null && countBytes(bytes).isMuchControl);
  if (base !== null && !isBinary && !isSameContent(before, lines)) {
    const ending = uniformEnding(before);
    const changed = ending === null ? null : withEnding(lines, ending);
    if (changed !== null) {
      lines = changed;
      kinds.push("line-endings");
    }
    if (hasMark !== isMarked(base)) {
      hasMark = !hasMark;
      kinds.push("byte-order-mark");
    }
    const last = finalAsBefore(before, lines);
    if (last !== null) {
      lines = [...lines.slice(0, -1), last];
      kinds.push("final-newline");
    }
  }
  const isNormalInBase = before.every(({ ending }) => ending !== "\r\n");
  const isConverted = isStoredWithLf && isNormalInBase && (isText || !seemsBinary(now));
  if (isConverted && lines.some(({ ending }) => ending === "\r\n")) {
    lines = lines.map((line) => (line.ending === "\r\n" ? { ...line, ending: "\n" } : line));
    kinds.push("normalized");
  }
  if (kinds.length === 0) return null;
  const bytes = bytesOfLines(lines);
  return { bytes: hasMark ? Buffer.concat([mark, bytes]) : bytes, kinds };
}

export function isMarked(bytes: Uint8Array): boolean {
  return mark.every((byte, at) => bytes[at] === byte);
}

export function withoutMark(bytes: Uint8Array): Uint8Array {
  return isMarked(bytes) ? bytes.subarray(mark.length) : bytes;
}

function isSameContent(before: readonly Line[], after: readonly Line[]): boolean {
  return before.length === after.length && before.every(({ content }, at) => content === after[at]?.content);
}

/** Null if no line has a different ending. */
function withEnding(lines: readonly Line[], wanted: "\n" | "\r\n" | "\r" | ""): Line[] | null {
  if (lines.every(({ ending }) => ending === "" || ending === wanted)) return null;
  return lines.map((line) => (line.ending === "" ? line : { ...line, ending: wanted }));
}

/** The last line with the newline that it lost; null if it is a different line, or has one. An added newline stays, because linters ask for it. */
function finalAsBefore(before: readonly Line[], after: readonly Line[]): Line | null {
  const [was, is] = [before.at(-1), after.at(-1)];
  if (was === undefined || is === undefined || was.content !== is.content) return null;
  return was.ending === "" || is.ending !== "" ? null : { ...is, ending: uniformEnding(after) ?? was.ending };
}
