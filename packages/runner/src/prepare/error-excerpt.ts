/** Picks the lines of a failed command's output that fit into a hold's detail. Pure. */

import { stripVTControlCharacters } from "node:util";

const mentionsError = /\b(err|error|fatal|failed)\b/i;
/** Lines after an error that say what it is about. */
const causeLinesMax = 4;

/**
 * Whole lines in order, without a terminal's escape sequences, at most `charactersMax` characters: the first that mention an error, each with the
 * indented lines behind it (cargo's and pnpm's causes), else the last ones. A single line that is too long is truncated.
 */
export function errorExcerpt(output: string, charactersMax: number): string {
  const lines = stripVTControlCharacters(output)
    .split("\n")
    .filter((line) => line.trim() !== "");
  const errors = withCauses(lines);
  const fitting =
    errors.length > 0 ? fill(errors, charactersMax) : fill(lines.toReversed(), charactersMax).toReversed();
  return fitting.join("\n");
}

function withCauses(lines: readonly string[]): string[] {
  let causesLeft = 0;
  return lines.filter((line) => {
    if (mentionsError.test(line)) {
      causesLeft = causeLinesMax;
      return true;
    }
    const isCause = causesLeft > 0 && /^(\s|caused by\b)/i.test(line);
    causesLeft = isCause ? causesLeft - 1 : 0;
    return isCause;
  });
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
