/** The imports of a source text, type imports included, and the folder edges that they make: what the tidy test compares with its tables. */
import { posix } from "node:path";

export function importsIn(text: string): string[] {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
}

/** `folder -> folder` for each relative import that leaves its folder; a package's own `src` folder is `.`. */
export function folderEdges(path: string, text: string): string[] {
  const root = /^packages\/[^/]+\/src/.exec(path)?.[0] ?? "";
  const folderOf = (file: string) => posix.relative(root, posix.dirname(file)) || ".";
  return importsIn(text)
    .filter((name) => name.startsWith("."))
    .map((name) => [folderOf(path), folderOf(posix.join(posix.dirname(path), name))] as const)
    .filter(([from, to]) => from !== to)
    .map(([from, to]) => `${from} -> ${to}`);
}
