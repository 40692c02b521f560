/** Foreign text in Markdown for GitHub: as code, where it calls nobody, refers to nothing and closes nothing. */
import { escapeLine, escapeText } from "@aedev/contracts";

const lineCharactersMax = 300;

/** A code span that holds any text, as one line. */
export function codeSpan(text: string): string {
  const line = escapeLine(text.replace(/\s+/gu, " ").trim(), lineCharactersMax) || "(empty)";
  const marks = "`".repeat(longestRun(line) + 1);
  return `${marks} ${line} ${marks}`;
}

/** The lines of a block of code that holds any text; none for an empty text. */
export function codeBlock(text: string): string[] {
  const safe = escapeText(text.trim());
  const fence = "`".repeat(Math.max(3, longestRun(safe) + 1));
  return safe === "" ? [] : [`${fence}text`, safe, fence];
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
