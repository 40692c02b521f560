/** Cuts what is listed for a judge, and says in place what was left out and how much. The patch, the specification and the criteria never come through here. */
import { listedCharactersMax } from "../bounds.ts";

/** Whole lines up to `charactersMax`, each cut to its own bound; the rest is counted. */
export function cappedLines(lines: readonly string[], charactersMax: number): string[] {
  const kept: string[] = [];
  let characters = 0;
  for (const line of lines) {
    const cut = cappedLine(line);
    characters += cut.length + 1;
    if (characters > charactersMax) break;
    kept.push(cut);
  }
  const omitted = lines.length - kept.length;
  return omitted === 0 ? kept : [...kept, `(${counted(omitted, "more line")} omitted)`];
}

function cappedLine(line: string): string {
  const omitted = line.length - listedCharactersMax;
  return omitted <= 0 ? line : `${line.slice(0, listedCharactersMax)} (${counted(omitted, "more character")} omitted)`;
}

/** One line for each of the first `max` names, under what they are; the rest is counted. Nothing where there are none. */
export function listed(what: string, names: readonly string[], max: number): string[] {
  const omitted = names.length - max;
  const lines = names.slice(0, max).map((name) => `${what}: ${name.replaceAll("\n", " ")}`);
  return omitted > 0 ? [...lines, `${what}: (${omitted} more omitted)`] : lines;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
