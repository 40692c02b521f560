/** Sentences for a person, wrapped by words. What stands between backticks is a command: it is never broken over lines, so that it can be copied, and loses the backticks. */
import { escapeLine } from "@aedev/contracts";
import { displayWidth } from "./display-width.ts";

const charactersMax = 2000;

/** The lines of a sentence, each behind `indent`. `columns` undefined: one line. */
export function proseLines(
  sentence: string,
  { indent = "", columns }: { indent?: string; columns: number | undefined },
): string[] {
  const words = escapeLine(sentence, charactersMax)
    .split(/(\S*`[^`]*`\S*|\s+)/)
    .filter((part) => part.trim() !== "")
    .map((part) => part.replaceAll("`", ""));
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    const joined = last === undefined ? word : `${last} ${word}`;
    if (last !== undefined && (columns === undefined || displayWidth(indent + joined) <= columns))
      lines[lines.length - 1] = joined;
    else lines.push(word);
  }
  return lines.map((line) => `${indent}${line}`);
}
