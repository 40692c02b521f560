/** Tells whether a folder belongs to a workspace above it (npm, pnpm, Yarn, Bun or uv), whose lockfile and packages it then shares. Pure. */
import { parseJson } from "@aedev/host/parse-json";
import { type DetectionFiles, fileText } from "./finding.ts";
import { isJsonObject } from "./json-object.ts";
import { lockfiles } from "./node-managers.ts";

/** How much of a workspace's file is read, in characters. */
export const workspaceTextMax = 20_000;
/** How many patterns of a workspace are compared, and how long they may be: far more than people write. */
const patternsMax = 200;
const patternLengthMax = 100;
const lineLengthMax = 500;

/** A Node workspace's own files and manifest; null if the folder stands alone or has its own lockfile. */
export function workspaceAbove({
  paths,
  above,
}: DetectionFiles): { base: DetectionFiles; up: string; manifest: Readonly<Record<string, unknown>> } | null {
  if (above === undefined || paths.some((path) => lockfiles.includes(path))) return null;
  const manifest = parseJson(fileText(above.base, "package.json"));
  if (!isJsonObject(manifest)) return null;
  const { workspaces } = manifest;
  const named = isJsonObject(workspaces) ? workspaces["packages"] : workspaces;
  const patterns = [
    ...(Array.isArray(named) ? named : []),
    ...pnpmPatterns(fileText(above.base, "pnpm-workspace.yaml")),
  ];
  return isMember(patterns, above.folder) ? { ...above, manifest } : null;
}

/** Whether a workspace's patterns name this folder; those with `!` exclude it. Entries that are not strings are ignored. */
export function isMember(patterns: readonly unknown[], folder: string): boolean {
  const texts = patterns.filter((pattern) => typeof pattern === "string");
  const plain = texts.slice(0, patternsMax).filter((pattern) => pattern.length <= patternLengthMax);
  // A pattern that is not compared could exclude the folder.
  if (texts.some((pattern) => pattern.startsWith("!") && !plain.includes(pattern))) return false;
  const matching = plain.filter((pattern) => matches(pattern.replace(/^!/u, ""), folder));
  return matching.length > 0 && matching.every((pattern) => !pattern.startsWith("!"));
}

/** The list below `packages:`. */
function pnpmPatterns(whole: string | undefined): string[] {
  const text = (whole ?? "").slice(0, workspaceTextMax);
  const lines = text.split("\n").filter((line) => line.length <= lineLengthMax);
  const start = lines.findIndex((line) => /^packages[ \t]*:[ \t]*(?:#.*)?$/u.test(line));
  if (start === -1) return /^packages[ \t]*:[ \t]*\[([^[\]]*)\]/mu.exec(text)?.[1]?.split(",").map(unquoted) ?? [];
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => /^[^\s#-]/u.test(line));
  return (end === -1 ? rest : rest.slice(0, end)).flatMap((line) => {
    const value = /^[ \t]*-[ \t]+(.+)$/u.exec(line)?.[1];
    return value === undefined ? [] : [unquoted(value)];
  });
}

function unquoted(text: string): string {
  const plain = text.trim();
  const quoted = /^(["'])(.*?)\1/u.exec(plain)?.[2];
  return quoted ?? plain.replace(/\s+#.*$/u, "");
}

/** `*` matches within a name, `**` across names; any other pattern matches only itself. */
function matches(pattern: string, folder: string): boolean {
  const names = folder.split("/");
  const parts = pattern.replace(/^\.\//u, "").replace(/\/$/u, "").split("/");
  // Places in `names` where the parts so far may end.
  let reached = new Set([0]);
  for (const part of parts) {
    const next = new Set<number>();
    for (const at of reached) {
      if (part === "**") for (let to = at; to <= names.length; to += 1) next.add(to);
      else if (names[at] !== undefined && matchesName(part, names[at])) next.add(at + 1);
    }
    reached = next;
  }
  return reached.has(names.length);
}

function matchesName(part: string, name: string): boolean {
  const [start = "", ...rest] = part.split("*");
  if (rest.length === 0) return part === name;
  if (!name.startsWith(start)) return false;
  let at = start.length;
  for (const piece of rest.slice(0, -1)) {
    const found = name.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  const end = rest.at(-1) ?? "";
  return name.length >= at + end.length && name.endsWith(end);
}
