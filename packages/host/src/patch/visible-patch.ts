/** A patch as text in which lines that differ look different: bytes that are not UTF-8 are spelled out, and so are letters and spaces if a new line differs from an old one only in them. */
import { isUtf8 } from "node:buffer";
import { replaceUnsafe } from "@aedev/contracts";
import { gitPathText } from "../git/path-text.ts";
import { readHunkHeader } from "./read-patch.ts";

const [space, plus, minus] = [0x20, 0x2b, 0x2d];
const nameLine = /^(?:diff --git |--- |\+\+\+ |rename (?:from|to) )/u;

/** The bytes as text. In lines that are not UTF-8, bytes above ASCII are written as `⟨FC⟩`; in paths, as everywhere, as `\xfc`. UTF-8 stays as it is. */
export function patchAsText(patch: Uint8Array): string {
  if (isUtf8(patch)) return Buffer.from(patch).toString("utf8");
  const lines: string[] = [];
  const left = { old: 0, new: 0 };
  for (let from = 0, end = 0; end < patch.length; from = end + 1) {
    const found = patch.indexOf(0x0a, from);
    end = found === -1 ? patch.length : found;
    const line = Buffer.from(patch.subarray(from, end));
    const isContent = left.old > 0 || left.new > 0;
    const hunk = isContent ? null : readHunkHeader(lineAsText(line));
    const isName = !isContent && nameLine.test(line.toString("latin1"));
    lines.push(isName ? gitPathText(line) : lineAsText(line));
    if (hunk !== null) Object.assign(left, { old: hunk.oldLines, new: hunk.newLines });
    else if (isContent) {
      if (line[0] === space || line[0] === minus) left.old -= 1;
      if (line[0] === space || line[0] === plus) left.new -= 1;
    }
  }
  return `${lines.join("\n")}${patch.at(-1) === 0x0a ? "\n" : ""}`.replace(/\n\n$/, "\n");
}

/** One line of a file as text, in the same way. */
export function lineAsText(line: Uint8Array): string {
  const bytes = Buffer.from(line);
  if (isUtf8(bytes)) return bytes.toString("utf8");
  return bytes.toString("latin1").replace(
    /\P{ASCII}+/gu,
    (run) =>
      `⟨${Buffer.from(run, "latin1")
        .toString("hex")
        .toUpperCase()
        .replace(/..(?=.)/g, "$& ")}⟩`,
  );
}

/** The lines of a patch. A removed and an added line that differ although they look the same get their letters and spaces spelled out. */
export function withTwinsSpelled(lines: readonly string[]): string[] {
  const spelled = [...lines];
  for (let at = 0; at < lines.length; ) {
    const removed = runOf(lines, at, "-");
    if (removed === at) {
      at += 1;
      continue;
    }
    const added = runOf(lines, removed, "+");
    spellRun(spelled, { from: at, removed, added });
    at = added;
  }
  return spelled;
}

/** A line with everything beyond ASCII, each control and each space at its end spelled out. */
export function spelledLine(line: string): string {
  const beyond = line.replace(/(?![⟨⟩])\P{ASCII}/gu, written);
  return replaceUnsafe(beyond, written).replace(/ +$/, (spaces) => "⟨space⟩".repeat(spaces.length));
}

/** A key that is equal for lines that look the same to a reader. */
export function appearance(line: string): string {
  return replaceUnsafe(line.normalize("NFKC").replace(/\t/g, "    "), () => "").trimEnd();
}

function written(character: string): string {
  return `⟨${names[character] ?? codeOf(character)}⟩`;
}

const names: Readonly<Record<string, string>> = { "\t": "tab", "\r": "CR" };

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** The end of the lines that begin with this sign; a file's header does not count. */
function runOf(lines: readonly string[], from: number, sign: "-" | "+"): number {
  let end = from;
  while (lines[end]?.startsWith(sign) === true || (end > from && lines[end]?.startsWith("\\") === true)) end += 1;
  return end;
}

function spellRun(lines: string[], { from, removed, added }: { from: number; removed: number; added: number }): void {
  const byAppearance = new Map<string, number[]>();
  for (let at = from; at < removed; at += 1) {
    const seen = appearance((lines[at] ?? "").slice(1));
    byAppearance.set(seen, [...(byAppearance.get(seen) ?? []), at]);
  }
  const alike = new Set<number>();
  for (let at = removed; at < added; at += 1) {
    const text = (lines[at] ?? "").slice(1);
    for (const old of byAppearance.get(appearance(text)) ?? []) {
      if ((lines[old] ?? "").slice(1) === text) continue;
      alike.add(old).add(at);
    }
  }
  for (const at of alike) lines[at] = spelledLine(lines[at] ?? "");
}
