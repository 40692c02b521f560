/** An evidence patch taken apart into hunks and put together again, with counts, starts and blob ids made anew: what is planted must be what git itself would print. Pure. */
import { createHash } from "node:crypto";

/** One hunk; `lines` as in the patch, with their sign. */
export interface Hunk {
  readonly oldStart: number;
  readonly section: string;
  readonly lines: readonly string[];
}
/** One text file of a patch. Null names: the file is not there on that side. */
export interface PatchedFile {
  readonly header: readonly string[];
  readonly oldPath: string | null;
  readonly newPath: string | null;
  readonly hunks: readonly Hunk[];
}

const hunkHeader = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@(.*)$/;

/** Null where the patch has something that is not understood here: quoted names, bytes that are no text. */
export function readHunks(patch: string): PatchedFile[] | null {
  if (!patch.endsWith("\n")) return null;
  const lines = patch.slice(0, -1).split("\n");
  const files: { header: string[]; hunks: { oldStart: number; section: string; lines: string[] }[] }[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    if (line.startsWith("diff --git ")) files.push({ header: [], hunks: [] });
    const file = files.at(-1);
    if (file === undefined) return null;
    const [header, oldStart, oldCount = "1", newCount = "1", section = ""] = hunkHeader.exec(line) ?? [];
    at += 1;
    if (header === undefined) {
      file.header.push(line);
      continue;
    }
    const body: string[] = [];
    let [oldLeft, newLeft] = [Number(oldCount), Number(newCount)];
    while (oldLeft > 0 || newLeft > 0 || lines[at]?.startsWith("\\") === true) {
      const text = lines[at];
      if (text === undefined || !/^[ +\\-]/.test(text)) return null;
      if (text[0] === " " || text[0] === "-") oldLeft -= 1;
      if (text[0] === " " || text[0] === "+") newLeft -= 1;
      body.push(text);
      at += 1;
    }
    file.hunks.push({ oldStart: Number(oldStart), section, lines: body });
  }
  const read = files.map(withNames);
  return read.some((file) => file === null) ? null : (read as PatchedFile[]);
}

function withNames(file: Pick<PatchedFile, "header" | "hunks">): PatchedFile | null {
  const side = (marker: string, prefix: string): string | null | undefined => {
    const name = file.header
      .find((line) => line.startsWith(marker))
      ?.slice(marker.length)
      .replace(/\t$/, "");
    if (name === "/dev/null") return null;
    return name?.startsWith(prefix) === true ? name.slice(prefix.length) : undefined;
  };
  const [oldPath, newPath] = [side("--- ", "a/"), side("+++ ", "b/")];
  // A file without hunks (a mode, an empty file) stays as it is and gets no edit.
  if (file.hunks.length === 0) return { ...file, oldPath: null, newPath: null };
  return oldPath === undefined || newPath === undefined ? null : { ...file, oldPath, newPath };
}

/** The patch's text. Contract: what `readHunks` read is printed back as it was. */
export function printHunks(files: readonly PatchedFile[]): string {
  return `${files.flatMap(({ header, hunks }) => [...header, ...printedHunks(hunks)]).join("\n")}\n`;
}

function printedHunks(hunks: readonly Hunk[]): string[] {
  let shift = 0;
  return hunks.flatMap(({ oldStart, section, lines }) => {
    const [oldCount, newCount] = [sideLines(lines, "-").length, sideLines(lines, "+").length];
    const newStart = oldStart + shift + (oldCount === 0 ? 1 : 0) - (newCount === 0 ? 1 : 0);
    shift += newCount - oldCount;
    return [`@@ -${range(oldStart, oldCount)} +${range(newStart, newCount)} @@${section}`, ...lines];
  });
}

function range(start: number, count: number): string {
  return count === 1 ? String(start) : `${start},${count}`;
}

/** The lines of one side of a hunk: context and its own, without sign. */
export function sideLines(lines: readonly string[], sign: "+" | "-"): string[] {
  return lines.filter((line) => line[0] === " " || line[0] === sign).map((line) => line.slice(1));
}

/** The new text of a file, from its old one; null where the hunks are not of this text. */
export function applyHunks(oldText: string, hunks: readonly Hunk[]): string | null {
  const old = oldText.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const result: string[] = [];
  let next = 0;
  for (const { oldStart, lines } of hunks) {
    const hasOld = sideLines(lines, "-").length > 0;
    const from = hasOld ? oldStart - 1 : oldStart;
    result.push(...old.slice(next, from));
    next = from;
    for (const [at, line] of lines.entries()) {
      if (line[0] === "\\") continue;
      const text = lines[at + 1]?.[0] === "\\" ? line.slice(1) : `${line.slice(1)}\n`;
      if (line[0] !== "+") {
        if (old[next] !== text) return null;
        next += 1;
      }
      if (line[0] !== "-") result.push(text);
    }
  }
  return [...result, ...old.slice(next)].join("");
}

/** The file with the blob id of its new text in the header, as git names it. */
export function withNewId(file: PatchedFile, newText: string): PatchedFile {
  const header = file.header.map((line) =>
    line.replace(
      /^(index [0-9a-f]+\.\.)([0-9a-f]+)/,
      (_all, head: string, id: string) => head + blobId(newText, id.length),
    ),
  );
  return { ...file, header };
}

function blobId(text: string, idLength: number): string {
  const bytes = Buffer.from(text);
  const hash = createHash(idLength === 64 ? "sha256" : "sha1");
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}
