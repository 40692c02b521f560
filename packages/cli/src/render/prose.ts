/** Sentences for a person, wrapped between words. Text between backticks is a command: it gets its own line and is never broken, so that it can be copied. */
import { escapeLine } from "@aedev/contracts";
import { displayWidth } from "./display-width.ts";

const charactersMax = 2000;

/** The lines of a sentence, each after `indent`. `columns` undefined: only commands start a new line. */
export function proseLines(
  sentence: string,
  { indent = "", columns }: { indent?: string; columns: number | undefined },
): string[] {
  const [first = "", ...rest] = escapeLine(sentence, charactersMax).split("`");
  const lines = wrapWords(first, { indent, columns });
  // Plain words and commands alternate at the backticks.
  for (const [index, part] of rest.entries()) {
    if (index % 2 === 0) lines.push(`${indent}  ${part}`);
    else lines.push(...wrapWords(part.replace(/^[.,;]/, ""), { indent, columns }));
  }
  return lines;
}

function wrapWords(text: string, { indent, columns }: { indent: string; columns: number | undefined }): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((one) => one !== "")) {
    const last = lines.at(-1);
    const joined = `${last} ${word}`;
    if (last !== undefined && (columns === undefined || displayWidth(joined) <= columns))
      lines[lines.length - 1] = joined;
    else lines.push(`${indent}${word}`);
  }
  return lines;
}
