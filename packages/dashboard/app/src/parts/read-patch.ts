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

export function filesOfPatch(patch: string): PatchFile[] {
  return patch
    .split(/^(?=diff --git )/mu)
    .filter((part) => part.trim() !== "")
    .map(fileOf);
}

function fileOf(part: string): PatchFile {
  const rows = part.replace(/\n$/u, "").split("\n");
  const head = rows.findIndex((row) => row.startsWith("@@"));
  const header = head < 0 ? rows : rows.slice(0, head);
  const lines: PatchLine[] = [];
  // What is neither a name nor a digest tells about the file: renames, modes, "Binary files differ".
  for (const text of header.slice(1))
    if (!/^(?:index|---|\+\+\+) /u.test(text)) lines.push({ kind: "place", before: null, after: null, text });
  let [before, after] = [0, 0];
  for (const row of head < 0 ? [] : rows.slice(head)) {
    const place = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/u.exec(row);
    if (place !== null) {
      [before, after] = [Number(place[1]), Number(place[2])];
      lines.push({ kind: "place", before: null, after: null, text: row });
    } else if (row.startsWith("+")) {
      lines.push({ kind: "added", before: null, after, text: row.slice(1) });
      after += 1;
    } else if (row.startsWith("-")) {
      lines.push({ kind: "removed", before, after: null, text: row.slice(1) });
      before += 1;
    } else if (row.startsWith("\\")) lines.push({ kind: "place", before: null, after: null, text: row });
    else {
      lines.push({ kind: "same", before, after, text: row.slice(1) });
      before += 1;
      after += 1;
    }
  }
  const count = (kind: PatchLine["kind"]) => lines.filter((line) => line.kind === kind).length;
  return { path: pathOf(header), added: count("added"), removed: count("removed"), lines };
}

/** The name after the change; before it for a deleted file. */
function pathOf(header: readonly string[]): string {
  const named = (mark: string) => header.find((row) => row.startsWith(`${mark} `))?.slice(4);
  const after = named("+++");
  const path = after === undefined || after === "/dev/null" ? named("---") : after;
  return path?.replace(/^"?[ab]\//u, "").replace(/"$/u, "") ?? (header[0] ?? "").replace(/^diff --git /u, "");
}
