/** Truncates lists for a judge and says in place how much was omitted. Never used for the patch, the specification or the criteria. */
import { counted } from "@aedev/contracts";
import { listedCharactersMax } from "./bounds.ts";

/** Whole lines up to `charactersMax`, each truncated to its own bound; the last line counts what was omitted. */
export function cappedLines(lines: readonly string[], charactersMax: number): string[] {
  const kept: string[] = [];
  let characters = 0;
  for (const line of lines) {
    const capped = cappedLine(line);
    characters += capped.length + 1;
    if (characters > charactersMax) break;
    kept.push(capped);
  }
  const omitted = lines.length - kept.length;
  return omitted === 0 ? kept : [...kept, `(${counted(omitted, "more line")} omitted)`];
}

function cappedLine(line: string): string {
  const omitted = line.length - listedCharactersMax;
  return omitted <= 0 ? line : `${line.slice(0, listedCharactersMax)} (${counted(omitted, "more character")} omitted)`;
}

/** One line for each of the first `max` names, labelled `what`, and one line that counts the rest. */
export function listed(what: string, names: readonly string[], max: number): string[] {
  const omitted = names.length - max;
  const lines = names.slice(0, max).map((name) => `${what}: ${name.replaceAll("\n", " ")}`);
  return omitted > 0 ? [...lines, `${what}: (${omitted} more omitted)`] : lines;
}
