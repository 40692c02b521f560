/** Compares two versions of a pip requirements file line by line. An option, a URL or a path points pip to another source and is suspicious. */
import type { DependencyChange, DependencyFile } from "./dependency-changes.ts";

export function compareRequirements({ path, before, after }: DependencyFile): DependencyChange[] {
  const [old, young] = [requirementsOf(before), requirementsOf(after)];
  const names = [...new Set([...old.keys(), ...young.keys()])];
  return names.flatMap((name) => {
    const [from, to] = [old.get(name) ?? null, young.get(name) ?? null];
    if (from === to) return [];
    return [{ file: path, name, from, to, suspicious: to === null ? null : requirementProblem(to) }];
  });
}

/** Lines by package name; a line without a package name is its own key. Continuations are joined, comments dropped. */
function requirementsOf(text: string | null): Map<string, string> {
  const lines = (text ?? "").replace(/\\\r?\n/g, " ").split(/\r?\n/);
  const requirements = new Map<string, string>();
  for (const raw of lines) {
    const line = raw.replace(/(^|\s)#.*$/, "").trim();
    if (line === "") continue;
    const name = (/^[A-Za-z0-9][\w.-]*/.exec(line)?.[0] ?? line).toLowerCase();
    requirements.set(name, requirements.has(name) ? `${requirements.get(name)}; ${line}` : line);
  }
  return requirements;
}

function requirementProblem(line: string): string | null {
  if (line.startsWith("-")) return "a pip option";
  const requirement = line.replace(/--hash=\S+/g, "");
  if (/\s--/.test(requirement)) return "a pip option";
  return /[@/\\]|:/.test(requirement) ? "specifier is not a registry version" : null;
}
