/** Paths of a captured tree as text, and the folders and names in them. Pure. */
import { isUtf8 } from "node:buffer";
import { gitPathText } from "@aedev/host/git/path-text";
import type { BytePath } from "./base-tree.ts";
import { isAscii } from "./open-tree.ts";

export function namesByFolder(outputs: readonly string[]): Map<BytePath, Set<BytePath>> {
  const names = new Map<BytePath, Set<BytePath>>();
  for (const output of outputs) {
    const parts = Buffer.from(output).toString("latin1").split("/");
    const path = parts.filter((part) => part !== "" && part !== ".");
    const name = path.pop();
    const folder = path.join("/");
    if (name !== undefined) names.set(folder, (names.get(folder) ?? new Set()).add(name));
  }
  return names;
}

export function foldersAbove(path: BytePath): BytePath[] {
  const folders: BytePath[] = [];
  for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) folders.push(path.slice(0, at));
  return folders;
}

/** The path as text. In a name that is not UTF-8, each byte becomes one character. */
export function treePathText(name: BytePath): string {
  if (isAscii(name)) return name;
  const bytes = Buffer.from(name, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : name;
}

/** A path for people, escaped so that a name can't control a terminal or a page. */
export function escapedPath(path: BytePath): string {
  const text = gitPathText(Buffer.from(path, "latin1")).replace(/[^\x20-\x7e]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
  return text.slice(0, 200);
}
