/**
 * Reads a patch blob as what git's evidence diff writes and nothing else: whole hunks whose counts fit, and for every added file the object id
 * that its lines have. It needs no git and no base; whether the patch applies to a base it can't say.
 */
import { createHash } from "node:crypto";

/** One `diff --git` section; ids are null where only a mode changed. */
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
/** Lines of a section before its first hunk, a name of 4,096 characters escaped among them. */
const headLineBytesMax = 40_000;
const headStarts = ["old mode ", "new mode ", "deleted file mode ", "new file mode ", "--- ", "+++ "];

/** Contract: never throws; the cost is one pass over the bytes. */
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
    if (!this.#headLine().startsWith("diff --git ")) throw new Malformed("a section does not begin with diff --git");
    let ids: RegExpExecArray | null = null;
    let isFile = true;
    while (!this.atEnd() && this.#first() !== at && !this.#begins("diff --git ")) {
      const line = this.#headLine();
      const index = /^index ([0-9a-f]{40}|[0-9a-f]{64})\.\.([0-9a-f]{40}|[0-9a-f]{64})( [0-7]{6})?$/.exec(line);
      // A submodule's id is a commit's.
      if (line === "new file mode 160000") isFile = false;
      if (index !== null) ids = index;
      else if (!headStarts.some((start) => line.startsWith(start))) throw new Malformed("it is no line of a section");
    }
    const [oldId, newId] = [ids?.[1] ?? null, ids?.[2] ?? null];
    const isAdded = isFile && oldId !== null && /^0+$/.test(oldId);
    const content: Buffer[] = [];
    let lastOld = 0;
    while (!this.atEnd() && this.#first() === at) lastOld = this.#hunk(lastOld, isAdded ? content : null);
    if (isAdded && newId !== null) {
      this.addedFiles += 1;
      if (blobId(content, newId.length) !== newId)
        throw new Malformed("an added file has not the object id of its lines");
    }
    return { oldId, newId };
  }

  /** Takes one hunk and returns the last old line it touches; `content` collects what it adds. */
  #hunk(lastOld: number, content: Buffer[] | null): number {
    const head = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@/.exec(this.#headLine());
    if (head === null) throw new Malformed("it is no head of a hunk");
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
        throw new Malformed("a hunk has other lines than its head counts");
      if (mark === plus) content?.push(this.#bytes.subarray(from + 1, to));
      this.#endWithoutNewline(mark === plus ? content : null);
    }
    return end;
  }

  /** `\ No newline at end of file` takes the newline from the line before it. */
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
    if (to - from > headLineBytesMax) throw new Malformed("the line is longer than a name can be");
    return this.#bytes.toString("latin1", from, to - 1);
  }

  /** Goes behind the line and returns where that is. */
  #skipLine(): number {
    const end = this.#bytes.indexOf(newline, this.#at);
    if (end === -1) throw new Malformed("the last line has no end");
    this.#at = end + 1;
    this.line += 1;
    return this.#at;
  }
}

/** Git's id of a blob, in the hash that the wanted id is of. */
function blobId(content: readonly Buffer[], idLength: number): string {
  const sizeBytes = content.reduce((sum, { length }) => sum + length, 0);
  const hash = createHash(idLength === 40 ? "sha1" : "sha256").update(`blob ${sizeBytes}\0`);
  for (const part of content) hash.update(part);
  return hash.digest("hex");
}
