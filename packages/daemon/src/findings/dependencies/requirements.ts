/**
 * Compares two versions of a pip requirements file line by line. An option, a URL or a path points pip to another source and is suspicious, and
 * so is a new package. It splits lines as pip does, so that a line that pip reads is not taken for a comment.
 */
import type { DependencyChange, DependencyFile } from "./dependency-changes.ts";
import { newPackage, otherSource } from "./formats.ts";

/** `source`: the `.in` file that this file may be compiled from; null if unknown. */
export function compareRequirements(
  { path, before, after }: DependencyFile,
  source: DependencyFile | null,
): DependencyChange[] {
  const [old, young] = [requirementsOf(before), requirementsOf(after)];
  const names = [...new Set([...old.keys(), ...young.keys()])];
  const changes = names.flatMap((name): DependencyChange[] => {
    const [from, to] = [old.get(name) ?? null, young.get(name) ?? null];
    if (from === to) return [];
    return [{ file: path, name, from, to, suspicious: to === null ? null : requirementProblems(from, to) }];
  });
  if (changes.length === 0 || !isCompiledAlone(source)) return changes;
  return [
    ...changes,
    { file: path, name: "*", from: null, to: null, suspicious: "the lockfile changed without its manifest" },
  ];
}

function isCompiledAlone(source: DependencyFile | null): boolean {
  return source !== null && source.before !== null && source.before === source.after;
}

/** Lines by package name with its extras, which install more packages; a line without a package name is its own key. Comments are dropped. */
function requirementsOf(text: string | null): Map<string, string> {
  const requirements = new Map<string, string>();
  for (const joined of joinedLines(text ?? "")) {
    const line = joined.replace(/(^|\s)#.*$/, "").trim();
    if (line === "") continue;
    const name = (/^[A-Za-z0-9][\w.-]*(\s*\[[^\]]*\])?/.exec(line)?.[0] ?? line).toLowerCase();
    requirements.set(name, requirements.has(name) ? `${requirements.get(name)}; ${line}` : line);
  }
  return requirements;
}

/** Where Python's `splitlines` ends a line. */
const lineEnds = [0x0a, 0x0d, 0x0b, 0x0c, 0x1c, 0x1d, 0x1e, 0x85, 0x2028, 0x2029];
const lineEnd = new RegExp(`\r\n|[${String.fromCharCode(...lineEnds)}]`);

/** Joins continued lines. A line that is only a comment does not continue, whatever it ends with. */
function joinedLines(text: string): string[] {
  const lines: string[] = [];
  let open = "";
  for (const line of text.split(lineEnd)) {
    if (line.endsWith("\\") && !/^\s*#/.test(line)) {
      open += line.replace(/\\+$/, "");
      continue;
    }
    lines.push(/^\s*#/.test(line) ? `${open} ${line}` : open + line);
    open = "";
  }
  return [...lines, open];
}

function requirementProblems(from: string | null, to: string): string | null {
  const source = sourceProblem(to);
  const problems = [...(from === null ? [newPackage] : []), ...(source === null ? [] : [source])];
  return problems.length === 0 ? null : problems.join("; ");
}

function sourceProblem(line: string): string | null {
  if (line.startsWith("-")) return "a pip option";
  const requirement = line.replace(/--hash=\S+/g, "");
  if (/\s--/.test(requirement)) return "a pip option";
  return /[@/\\]|:/.test(requirement) ? otherSource : null;
}
