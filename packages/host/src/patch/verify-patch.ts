/**
 * Accepts a patch blob only in exactly the form that git's evidence diff prints: full hunks with correct counts, and for every added file the object id
 * of its content. It needs neither git nor the base, and does not check whether the patch applies. It parses bytes itself, because the other reader is
 * lenient and works on text, which loses bytes that are not UTF-8.
 */
import { blobId } from "../git/blob-id.ts";

/** A `diff --git` section; the ids are null if only the mode changed. */
export interface PatchSection {
  readonly oldId: string | null;
  readonly newId: string | null;
}
export type PatchForm =
  | {
      readonly kind: "patch";
      readonly sections: readonly PatchSection[];
      readonly hunks: number;
      readonly addedFiles: number;
    }
  | { readonly kind: "malformed"; readonly why: string };

const newline = 0x0a;
const [space, plus, minus, backslash, at] = [0x20, 0x2b, 0x2d, 0x5c, 0x40];
/** The most bytes of a line before a section's first hunk; it can contain an escaped name of 4,096 characters. */
const headLineBytesMax = 40_000;
const headStarts = ["old mode ", "new mode ", "deleted file mode ", "new file mode ", "--- ", "+++ "];

/** Contract: never throws; it reads the bytes once. */
export function readPatchForm(patch: Buffer): PatchForm {
  const reader = new PatchReader(patch);
  try {
    const sections: PatchSection[] = [];
    while (!reader.atEnd()) sections.push(reader.section());
    return { kind: "patch", sections, hunks: reader.hunks, addedFiles: reader.addedFiles };
  } catch (error) {
    if (error instanceof Malformed) return { kind: "malformed", why: `line ${reader.line}: ${error.message}` };
    throw error;
  }
}

class Malformed extends Error {}

class PatchReader {
  hunks = 0;
  addedFiles = 0;
  line = 1;
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  section(): PatchSection {
    if (!this.#headLine().startsWith("diff --git ")) throw new Malformed("a section does not start with diff --git");
    let ids: RegExpExecArray | null = null;
    let isFile = true;
    while (!this.atEnd() && this.#first() !== at && !this.#begins("diff --git ")) {
      const line = this.#headLine();
      const index = /^index ([0-9a-f]{40}|[0-9a-f]{64})\.\.([0-9a-f]{40}|[0-9a-f]{64})( [0-7]{6})?$/.exec(line);
      // A submodule's id is a commit id.
      if (line === "new file mode 160000") isFile = false;
      if (index !== null) ids = index;
      else if (!headStarts.some((start) => line.startsWith(start))) throw new Malformed("invalid header line");
    }
    const [oldId, newId] = [ids?.[1] ?? null, ids?.[2] ?? null];
    const isAdded = isFile && oldId !== null && /^0+$/.test(oldId);
    const content: Buffer[] = [];
    let lastOld = 0;
    while (!this.atEnd() && this.#first() === at) lastOld = this.#hunk(lastOld, isAdded ? content : null);
    if (isAdded && newId !== null) {
      this.addedFiles += 1;
      if (blobId(content, newId.length) !== newId)
        throw new Malformed("an added file's object id does not match its content");
    }
    return { oldId, newId };
  }

  /** Reads a hunk and returns the last old line that it touches; `content` collects the added lines. */
  #hunk(lastOld: number, content: Buffer[] | null): number {
    const head = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@/.exec(this.#headLine());
    if (head === null) throw new Malformed("invalid hunk header");
    const start = Number(head[1]);
    let oldLines = head[2] === undefined ? 1 : Number(head[2]);
    let newLines = head[4] === undefined ? 1 : Number(head[4]);
    const end = start + Math.max(0, oldLines - 1);
    if (start < lastOld) throw new Malformed("hunks overlap");
    this.hunks += 1;
    while (oldLines > 0 || newLines > 0) {
      const from = this.#at;
      const mark = this.#first();
      const to = this.#skipLine();
      if (mark === space || mark === minus) oldLines -= 1;
      if (mark === space || mark === plus) newLines -= 1;
      if ((mark !== space && mark !== minus && mark !== plus) || oldLines < 0 || newLines < 0)
        throw new Malformed("a hunk's lines do not match its header's counts");
      if (mark === plus) content?.push(this.#bytes.subarray(from + 1, to));
      this.#endWithoutNewline(mark === plus ? content : null);
    }
    return end;
  }

  /** `\ No newline at end of file` removes the newline of the line before it. */
  #endWithoutNewline(content: Buffer[] | null): void {
    if (this.atEnd() || this.#first() !== backslash) return;
    this.#skipLine();
    const last = content?.pop();
    if (last !== undefined) content?.push(last.subarray(0, -1));
  }

  #first(): number {
    return this.#bytes[this.#at] ?? 0;
  }

  #begins(text: string): boolean {
    return this.#bytes.toString("latin1", this.#at, this.#at + text.length) === text;
  }

  #headLine(): string {
    const from = this.#at;
    const to = this.#skipLine();
    if (to - from > headLineBytesMax) throw new Malformed("the header line is too long");
    return this.#bytes.toString("latin1", from, to - 1);
  }

  /** Moves past the line and returns the new position. */
  #skipLine(): number {
    const end = this.#bytes.indexOf(newline, this.#at);
    if (end === -1) throw new Malformed("the last line has no newline");
    this.#at = end + 1;
    this.line += 1;
    return this.#at;
  }
}
