/** Reads a patch of git for display. Whatever it does not understand is shown as text. */
interface PatchLine {
  readonly kind: "added" | "removed" | "same" | "place";
  /** Line numbers from 1 in both versions. */
  readonly before: number | null;
  readonly after: number | null;
  readonly text: string;
}
export interface PatchFile {
  readonly path: string;
  readonly added: number;
  readonly removed: number;
  readonly lines: readonly PatchLine[];
}

/** Every row of the patch is in the result. Only `\n` ends a row, and inside a hunk its own counts say what a row is. */
export function filesOfPatch(patch: string): PatchFile[] {
  const files: { header: string[]; lines: PatchLine[] }[] = [];
  const left = { before: 0, after: 0 };
  const at = { before: 0, after: 0 };
  for (const row of patch.replace(/\n$/u, "").split("\n")) {
    const isInHunk = left.before > 0 || left.after > 0;
    if (!isInHunk && (row.startsWith("diff --git ") || files.length === 0)) {
      if (row !== "") files.push({ header: [row], lines: [] });
      continue;
    }
    const file = files.at(-1);
    if (file === undefined) continue;
    const place = isInHunk ? null : /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/u.exec(row);
    if (place !== null) {
      [at.before, left.before] = [Number(place[1]), Number(place[2] ?? 1)];
      [at.after, left.after] = [Number(place[3]), Number(place[4] ?? 1)];
      file.lines.push(placeLine(row));
    } else if (!isInHunk) {
      file.header.push(row);
      // What is neither a name nor a digest tells about the file: renames, modes, "Binary files differ".
      if (!/^(?:index|---|\+\+\+) /u.test(row)) file.lines.push(placeLine(row));
    } else if (row.startsWith("\\")) file.lines.push(placeLine(row));
    else {
      const kind = row.startsWith("+") ? "added" : row.startsWith("-") ? "removed" : "same";
      const [isBefore, isAfter] = [kind !== "added", kind !== "removed"];
      const [before, after] = [isBefore ? at.before : null, isAfter ? at.after : null];
      file.lines.push({ kind, before, after, text: row.slice(1) });
      if (isBefore) [at.before, left.before] = [at.before + 1, left.before - 1];
      if (isAfter) [at.after, left.after] = [at.after + 1, left.after - 1];
    }
  }
  return files.map(({ header, lines }) => {
    const count = (kind: PatchLine["kind"]) => lines.filter((line) => line.kind === kind).length;
    return { path: pathOf(header), added: count("added"), removed: count("removed"), lines };
  });
}

function placeLine(text: string): PatchLine {
  return { kind: "place", before: null, after: null, text };
}

/** The name after the change; before it for a deleted file. */
function pathOf(header: readonly string[]): string {
  const named = (mark: string) => header.find((row) => row.startsWith(`${mark} `))?.slice(4);
  const after = named("+++");
  const path = after === undefined || after === "/dev/null" ? named("---") : after;
  return path?.replace(/^"?[ab]\//u, "").replace(/"$/u, "") ?? (header[0] ?? "").replace(/^diff --git /u, "");
}
