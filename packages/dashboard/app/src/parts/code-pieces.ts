/** Colours of code, read line by line from a file of a change. Some languages' rules take minutes for a hostile line, so only a worker calls it. */
import type { PatchLineDocument } from "@aedev/contracts/api";
import { common, createLowlight } from "lowlight";

/** A piece of a line. `class`: what highlight.js calls it, such as `hljs-keyword`; empty: plain code. */
export interface CodePiece {
  readonly text: string;
  readonly class: string;
}

/** The nodes that highlight.js makes of code, as far as they are read here. */
interface Node {
  readonly type: string;
  readonly value?: string;
  readonly properties?: { readonly className?: unknown };
  readonly children?: readonly Node[];
}

/** More of a file than this stays plain: its colours would take longer than reading it. */
const charactersMax = 100_000;
const { highlight, registered } = createLowlight(common);

/**
 * The pieces of each line, by the line's place; a line without an entry is plain. A hunk is read once as it was and once as it becomes, so that a comment of several
 * lines is one on both sides. The language follows from the file's ending or name; an unknown one gives no colours.
 */
export function codePieces(
  path: string,
  lines: readonly PatchLineDocument[],
): ReadonlyMap<number, readonly CodePiece[]> {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  const language = name.slice(name.lastIndexOf(".") + 1);
  const pieces = new Map<number, readonly CodePiece[]>();
  if (!registered(language) || lines.reduce((sum, { text }) => sum + text.length, 0) > charactersMax) return pieces;
  for (const kind of ["removed", "added"] as const)
    for (const places of hunks(lines, kind)) {
      const code = places.map((at) => lines[at]?.text ?? "").join("\n");
      for (const [at, line] of linesOf(highlight(language, code)).entries()) pieces.set(places[at] ?? -1, line);
    }
  return pieces;
}

/** The places of the lines of each hunk on one side. */
function hunks(lines: readonly PatchLineDocument[], side: "removed" | "added"): number[][] {
  const found: number[][] = [[]];
  for (const [at, { kind }] of lines.entries()) {
    if (kind === "hunk") found.push([]);
    if (kind === side || kind === "same") found.at(-1)?.push(at);
  }
  return found;
}

function linesOf(root: Node): CodePiece[][] {
  const lines: CodePiece[][] = [[]];
  const walk = (node: Node, names: string) => {
    for (const [at, text] of (node.value ?? "").split("\n").entries()) {
      if (at > 0) lines.push([]);
      if (text !== "") lines.at(-1)?.push({ text, class: names });
    }
    const own = node.properties?.className;
    for (const child of node.children ?? []) walk(child, Array.isArray(own) ? own.join(" ") : names);
  };
  walk(root, "");
  return lines;
}
