/** Selects those lines of a failed command's output that fit into a hold's detail. Pure. */

import { stripVTControlCharacters } from "node:util";

/** Also matches names of exceptions in Python and Node, and messages of shells and installers without the word error. */
const mentionsError =
  /\b(?:err|error|fatal|failed)\b|\w(?:Error|Exception)\b|: (?:command )?not found$|\b(?:no such file|cannot find|unable to|no module named)\b/i;
/** Lines that contain such a word but no information. */
const saysNothing =
  /complete log of this run|this error originates from a subprocess|^npm (?:error|ERR!)\s*$|npm (?:error|ERR!) [\w./-]*\/_?logs\//i;
/** Number of lines after an error that may explain it. */
const causeLinesMax = 4;
const gap = "…";

/**
 * Whole lines in order, without escape sequences, at most `charactersMax` characters: lines that mention an error, each with the indented lines after it (as
 * cargo and pnpm print causes), or else the last lines. If they don't all fit: the first ones up to half the room, `…`, and the last ones, because installers
 * begin with what failed and end with why. A single line that is too long is truncated.
 */
export function errorExcerpt(output: string, charactersMax: number): string {
  const lines = stripVTControlCharacters(output)
    .split("\n")
    .filter((line) => line.trim() !== "");
  const errors = withCauses(lines);
  const fitting = errors.length > 0 ? bothEnds(errors, charactersMax) : lastOnes(lines, charactersMax);
  return fitting.join("\n");
}

function withCauses(lines: readonly string[]): string[] {
  let causesLeft = 0;
  return lines.filter((line) => {
    if (saysNothing.test(line)) return false;
    if (mentionsError.test(line)) {
      causesLeft = causeLinesMax;
      return true;
    }
    const isCause = causesLeft > 0 && /^(\s|caused by\b)/i.test(line);
    causesLeft = isCause ? causesLeft - 1 : 0;
    return isCause;
  });
}

function bothEnds(lines: readonly string[], charactersMax: number): string[] {
  const all = fill(lines, charactersMax);
  if (all.length === lines.length) return all;
  const half = fill(lines, charactersMax / 2);
  const first = half.length > 0 ? half : fill(lines.slice(0, 1), charactersMax);
  const last = fill(lines.slice(first.length).toReversed(), charactersMax - lengthOf([...first, gap, ""]));
  // If not even the last line fits the rest, the first lines get all the room.
  if (last.length === 0) return firstOnes(lines, charactersMax);
  return [...first, gap, ...last.toReversed()];
}

const lastOnes = (lines: readonly string[], room: number) => firstOnes(lines.toReversed(), room).toReversed();
const lengthOf = (lines: readonly string[]) => lines.join("\n").length;

/** Returns at least the start of one line, if there is one. */
function firstOnes(lines: readonly string[], charactersMax: number): string[] {
  const chosen = fill(lines, charactersMax);
  return chosen.length > 0 ? chosen : lines.slice(0, 1).map((line) => line.slice(0, charactersMax));
}

function fill(lines: readonly string[], charactersMax: number): string[] {
  const chosen: string[] = [];
  let room = charactersMax;
  for (const line of lines) {
    if (line.length > room) break;
    chosen.push(line);
    room -= line.length + 1;
  }
  return chosen;
}
