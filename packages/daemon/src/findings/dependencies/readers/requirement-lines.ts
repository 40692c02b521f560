/** Splits a pip requirements file into lines as pip does, so that a line that pip reads is not taken for a comment. */
import { otherSource } from "./reading.ts";

/** The lines as pip reads them: joined, and without comments. */
export function requirementLines(text: string): string[] {
  return joinedLines(text)
    .map((joined) => joined.replace(/(^|\s)#.*$/, "").trim())
    .filter((line) => line !== "");
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

/** Why a line points to another source than the registry; null: it does not. */
export function sourceProblem(line: string): string | null {
  if (line.startsWith("-")) return "a pip option";
  const requirement = line.replace(/--hash=\S+/g, "");
  if (/\s--/.test(requirement)) return "a pip option";
  return /[@/\\]|:/.test(requirement) ? otherSource : null;
}
