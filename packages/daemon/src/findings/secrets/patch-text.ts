/** Turns a unified diff into texts that can be scanned: per file the lines without their marks, each with its number in the file. Trusts nothing in the diff to be well-formed. */

/** One side of one file's hunks; `lines[i]` is the line number in the file of the i-th line of `text`. */
export interface PatchText {
  readonly path: string;
  readonly text: string;
  readonly lines: readonly number[];
}

/** Two texts per file, as before and as after, so that a secret over several lines is whole in each; what stands outside of hunks is one more text. */
export function patchTexts(patch: string): PatchText[] {
  const texts: PatchText[] = [];
  const outside: string[] = [];
  let file = emptyFile("patch");
  let [oldLeft, newLeft] = [0, 0];
  for (const line of patch.split("\n")) {
    if (oldLeft > 0 || newLeft > 0) {
      const mark = line[0] ?? " ";
      if (mark === "\\") continue;
      if (mark !== "+") oldLeft -= 1;
      if (mark !== "-") newLeft -= 1;
      if (mark !== "+") push(file.before, line.slice(1));
      if (mark !== "-") push(file.after, line.slice(1));
      continue;
    }
    const header = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (header !== null) {
      startHunk(file.before, header[1]);
      startHunk(file.after, header[3]);
      [oldLeft, newLeft] = [Number(header[2] ?? 1), Number(header[4] ?? 1)];
    } else if (line.startsWith("diff --git ")) {
      texts.push(...textsOf(file));
      file = emptyFile("patch");
    } else if (/^(---|\+\+\+) /.test(line) && !line.includes("/dev/null"))
      file.path = line.slice(4).replace(/^"?[ab]\//, "");
    outside.push(line);
  }
  return [...texts, ...textsOf(file), { path: "patch", text: outside.join("\n"), lines: [] }];
}

interface FileSides {
  path: string;
  readonly before: Side;
  readonly after: Side;
}
interface Side {
  readonly texts: string[];
  readonly lines: number[];
  next: number;
}

function emptyFile(path: string): FileSides {
  const side = (): Side => ({ texts: [], lines: [], next: 0 });
  return { path, before: side(), after: side() };
}

/** A gap between hunks, so that nothing is read across it. */
function startHunk(side: Side, start: string | undefined): void {
  side.next = 0;
  push(side, "");
  side.next = Number(start ?? 0);
}

function push(side: Side, text: string): void {
  side.texts.push(text);
  side.lines.push(side.next);
  side.next += 1;
}

function textsOf({ path, before, after }: FileSides): PatchText[] {
  return [before, after]
    .filter((side) => side.texts.length > 0)
    .map((side) => ({ path, text: side.texts.join("\n"), lines: side.lines }));
}
