/** Folds long lines between words on a terminal, so that none is cut inside a word. What a person may copy (a command, JSON, a link) stays in one piece, and so does what goes elsewhere than to a terminal. */
import { isWider } from "../render/display-width.ts";
import type { Terminal } from "./session.ts";

/**
 * Continuation lines start below the text of the first: behind its indentation, or behind a short first column. They are always indented, so that no part
 * of somebody's text stands where a line of aedev's own would.
 */
const hanging = /^\s*(?:\S+(?: \S+){0,2} {2,})?/;
const hangingMax = 24;
const hangingMin = 2;
/** A command reaches to the end of its line. */
const command = /(?:^|[\s(])(?:\.\/(?:bin|scripts)\/|(?:aedev|claude|git|docker) [a-z-])/;
/** Starts of what is drawn for the screen already, and of data. */
const whole = ["\u001b", '{"'];

export function foldingTerminal(terminal: Terminal): Terminal {
  const folded = (text: string, stream: "output" | "error") => {
    const columns = terminal.sizeOf?.(stream)?.columns;
    return columns === undefined ? text : foldLines(text, columns);
  };
  return {
    ...terminal,
    get interactive() {
      return terminal.interactive;
    },
    write: (text) => terminal.write(folded(text, "output")),
    writeData: (text) => terminal.write(text),
    complain: (text) => terminal.complain(folded(text, "error")),
    // The space between the question and the answer stays.
    ask: (prompt, options) => terminal.ask(`${folded(prompt.trimEnd(), "error")}${/\s*$/.exec(prompt)?.[0]}`, options),
  };
}

/** The text with each line at most `columns` wide, as far as it can be broken. */
export function foldLines(text: string, columns: number): string {
  return text
    .split("\n")
    .map((line) =>
      isWider(line, columns) && !whole.some((start) => line.includes(start)) ? foldLine(line, columns) : line,
    )
    .join("\n");
}

function foldLine(line: string, columns: number): string {
  const column = hanging.exec(line)?.[0] ?? "";
  const start = column.length > hangingMax ? "" : column;
  const indent = " ".repeat(Math.max(hangingMin, start.length));
  const lines: string[] = [];
  let last = start;
  let isEmpty = true;
  for (const piece of piecesOf(line.slice(start.length))) {
    if (!isEmpty && isWider(last + piece, columns)) {
      lines.push(last);
      last = indent + piece.trimStart();
    } else last += piece;
    isEmpty = false;
  }
  return [...lines, last].join("\n");
}

/** The words of a line, each with the spaces before it, and a command as one of them. */
function piecesOf(text: string): string[] {
  const found = command.exec(text);
  const at = found?.index ?? text.length;
  const words = text.slice(0, at).match(/\s*\S+/g) ?? [];
  return found === null ? words : [...words, text.slice(at)];
}
