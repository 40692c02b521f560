/** Finds the imports of a source text, including type imports, and the folder edges that they make, for the tidy test's tables. */
import { posix } from "node:path";

export function importsIn(text: string): string[] {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
}

/** `folder -> folder` for each relative import that leaves its folder; `.` is a package's `src` folder. */
export function folderEdges(path: string, text: string): string[] {
  const root = /^packages\/[^/]+\/src/.exec(path)?.[0] ?? "";
  const folderOf = (file: string) => posix.relative(root, posix.dirname(file)) || ".";
  return importsIn(text)
    .filter((name) => name.startsWith("."))
    .map((name) => [folderOf(path), folderOf(posix.join(posix.dirname(path), name))] as const)
    .filter(([from, to]) => from !== to)
    .map(([from, to]) => `${from} -> ${to}`);
}

/** The folders of one circle, from one of them back to it; null if there is none. `edges`: the folders that each folder imports. */
export function circleIn(edges: Readonly<Record<string, readonly string[]>>): string[] | null {
  const done = new Set<string>();
  const from = (folder: string, path: readonly string[]): string[] | null => {
    const at = path.indexOf(folder);
    if (at !== -1) return [...path.slice(at), folder];
    if (done.has(folder)) return null;
    for (const next of edges[folder] ?? []) {
      const circle = from(next, [...path, folder]);
      if (circle !== null) return circle;
    }
    done.add(folder);
    return null;
  };
  for (const folder of Object.keys(edges)) {
    const circle = from(folder, []);
    if (circle !== null) return circle;
  }
  return null;
}
