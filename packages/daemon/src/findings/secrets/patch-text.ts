/** Turns a unified diff into texts that can be scanned: per hunk the lines without their marks, each with its number in the file. Trusts nothing in the diff to be well-formed. */

/** The lines of one hunk; `lines[i]` is the new line number of the i-th line of `text`, the old one where it was removed. */
export interface HunkText {
  readonly path: string;
  readonly text: string;
  readonly lines: readonly number[];
}

/** Two texts per hunk, as before and as after, so that a secret over several lines is whole in each; what stands outside of hunks is one more text. */
export function hunkTexts(patch: string): HunkText[] {
  const texts: HunkText[] = [];
  const outside: string[] = [];
  let path = "patch";
  let hunk: { before: Side; after: Side } | null = null;
  let [oldLeft, newLeft] = [0, 0];
  const close = () => {
    if (hunk !== null) for (const side of [hunk.before, hunk.after]) texts.push(textOf(path, side));
    hunk = null;
  };
  for (const line of patch.split("\n")) {
    if (hunk !== null && (oldLeft > 0 || newLeft > 0)) {
      const mark = line[0] ?? " ";
      if (mark === "\\") continue;
      if (mark !== "+") oldLeft -= 1;
      if (mark !== "-") newLeft -= 1;
      if (mark !== "+") push(hunk.before, line.slice(1));
      if (mark !== "-") push(hunk.after, line.slice(1));
      continue;
    }
    const header = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (header !== null) {
      close();
      hunk = { before: sideAt(header[1]), after: sideAt(header[3]) };
      [oldLeft, newLeft] = [Number(header[2] ?? 1), Number(header[4] ?? 1)];
    } else if (/^diff --git /.test(line)) close();
    else if (/^(---|\+\+\+) /.test(line) && !line.includes("/dev/null")) path = line.slice(4).replace(/^"?[ab]\//, "");
    outside.push(line);
  }
  close();
  const lines = outside.map(() => 0);
  return [...texts, { path: "patch", text: outside.join("\n"), lines }];
}

interface Side {
  readonly texts: string[];
  readonly lines: number[];
  next: number;
}

function sideAt(start: string | undefined): Side {
  return { texts: [], lines: [], next: Number(start ?? 0) };
}

function push(side: Side, text: string): void {
  side.texts.push(text);
  side.lines.push(side.next);
  side.next += 1;
}

function textOf(path: string, side: Side): HunkText {
  return { path, text: side.texts.join("\n"), lines: side.lines };
}
