/**
 * Compares two versions of a pip requirements file line by line. An option, a URL or a path points pip to another source and is suspicious, and
 * so is a new package.
 */
import type { DependencyChange, DependencyFile } from "./dependency-changes.ts";
import { newPackage } from "./formats.ts";
import { requirementLines, sourceProblem } from "./readers/requirement-lines.ts";

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

/** Lines by package name with its extras, which install more packages; a line without a package name is its own key. */
function requirementsOf(text: string | null): Map<string, string> {
  const requirements = new Map<string, string>();
  for (const line of requirementLines(text ?? "")) {
    const name = (/^[A-Za-z0-9][\w.-]*(\s*\[[^\]]*\])?/.exec(line)?.[0] ?? line).toLowerCase();
    requirements.set(name, requirements.has(name) ? `${requirements.get(name)}; ${line}` : line);
  }
  return requirements;
}

function requirementProblems(from: string | null, to: string): string | null {
  const source = sourceProblem(to);
  const problems = [...(from === null ? [newPackage] : []), ...(source === null ? [] : [source])];
  return problems.length === 0 ? null : problems.join("; ");
}
