/** Picks the lines of a failed command's output that fit into a hold's detail. Pure. */

import { stripVTControlCharacters } from "node:util";

const mentionsError = /\b(err|error|fatal|failed)\b/i;

/** Whole lines in order, without a terminal's escape sequences, at most `charactersMax` characters: the first that mention an error, else the last ones. A single line that is too long is truncated. */
export function errorExcerpt(output: string, charactersMax: number): string {
  const lines = stripVTControlCharacters(output)
    .split("\n")
    .filter((line) => line.trim() !== "");
  const errors = lines.filter((line) => mentionsError.test(line));
  const fitting =
    errors.length > 0 ? fill(errors, charactersMax) : fill(lines.toReversed(), charactersMax).toReversed();
  return fitting.join("\n");
}

function fill(lines: readonly string[], charactersMax: number): string[] {
  const chosen: string[] = [];
  let room = charactersMax;
  for (const line of lines) {
    if (line.length > room) break;
    chosen.push(line);
    room -= line.length + 1;
  }
  return chosen.length > 0 ? chosen : lines.slice(0, 1).map((line) => line.slice(0, charactersMax));
}
