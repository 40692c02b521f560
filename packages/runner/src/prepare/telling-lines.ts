/** Which lines of a failed command's output go into the little room of a hold's detail. Pure; the whole output is not kept here. */

const speaksOfError = /\b(err|error|fatal|failed)\b/i;

/** Whole lines in their order, at most `charactersMax` characters: the first that speak of an error, else the last ones. One line that is too long is cut at its end. */
export function tellingLines(output: string, charactersMax: number): string {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  const errors = lines.filter((line) => speaksOfError.test(line));
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
