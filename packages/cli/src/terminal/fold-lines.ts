/**
 * Folds long lines between words on a terminal, so that no word is cut. Text that a person may copy (a command, JSON, a link) stays in one piece. Output
 * to anything but a terminal stays unchanged.
 */
import { stripVTControlCharacters } from "node:util";
import { isWider as isTextWider } from "../render/display-width.ts";
import type { Terminal } from "./session.ts";

/**
 * Continuation lines start below the text of the first line: after its indentation, or after a short first column. They are always indented, so that no
 * part of foreign text appears at the start of a line, where aedev's own text would.
 */
const hanging = /^\s*(?:\S+(?: \S+){0,2} {2,})?/;
const hangingMax = 24;
const hangingMin = 2;
/** Other programs' commands that aedev prints. */
const others =
  "claude setup-token|git (?:apply|clone|fetch|log|push|show) |docker (?:build|pull|rm|run) |chmod -|rm -|export [A-Z]";
const escapeMark = "\u001b";
/** A line that moves the cursor is already formatted for the screen; foreign text has no escape sequences, because it is printed escaped. A line that starts like JSON is data. */
const isWhole = (line: string) => line.replaceAll(color, "").includes(escapeMark) || line.startsWith('{"');
const color = new RegExp(`${escapeMark}\\[[\\d;]*m`, "g");
/** Colours take no columns. */
const isWider = (line: string, columns: number) => isTextWider(stripVTControlCharacters(line), columns);

/** `verbs`: the first words of this program's commands; "aedev asks" is not a command. */
export function foldingTerminal(terminal: Terminal, verbs: readonly string[]): Terminal {
  const command = commandPattern(verbs);
  const folded = (text: string, stream: "output" | "error" = "output") => {
    const columns = terminal.sizeOf?.(stream)?.columns;
    return columns === undefined ? text : foldLines(text, columns, command);
  };
  return {
    ...terminal,
    get interactive() {
      return terminal.interactive;
    },
    write: (text) => terminal.write(folded(text, "output")),
    writeData: (text) => terminal.write(text),
    ...(terminal.draw !== undefined && {
      draw: (text, stream, form) => terminal.draw?.(form === "folded" ? folded(text, stream) : text, stream),
    }),
    complain: (text) => terminal.complain(folded(text, "error")),
    // The space between the question and the answer stays.
    ask: (prompt, options) => terminal.ask(`${folded(prompt.trimEnd(), "error")}${/\s*$/.exec(prompt)?.[0]}`, options),
  };
}

/** Matches the start of a command, which extends to the end of its line. */
export function commandPattern(verbs: readonly string[]): RegExp {
  const words = [...new Set(verbs.map((verb) => verb.split(" ")[0]))].join("|");
  return new RegExp(`(?:^|[\\s(])(?:\\.\\/(?:bin|scripts)\\/|aedev (?:${words}|-)(?![\\w])|${others})`);
}

/** The text with each line at most `columns` wide, as far as it can be broken. */
export function foldLines(text: string, columns: number, command: RegExp): string {
  return text
    .split("\n")
    .map((line) => (isWider(line, columns) && !isWhole(line) ? foldLine(line, columns, command) : line))
    .join("\n");
}

function foldLine(line: string, columns: number, command: RegExp): string {
  const column = hanging.exec(line)?.[0] ?? "";
  const start = column.length > hangingMax ? "" : column;
  const indent = " ".repeat(Math.max(hangingMin, start.length));
  const lines: string[] = [];
  let last = start;
  let isEmpty = true;
  for (const piece of piecesOf(line.slice(start.length).trimEnd(), command)) {
    if (!isEmpty && isWider(last + piece, columns)) {
      lines.push(last);
      last = indent + piece.trimStart();
    } else last += piece;
    isEmpty = false;
  }
  return [...lines, last].join("\n");
}

/** The words of a line, each with the spaces before it; a command counts as one word. */
function piecesOf(text: string, command: RegExp): string[] {
  const at = command.exec(text)?.index ?? text.length;
  const wordsEnd = text.slice(0, at).trimEnd().length;
  return [...text.slice(0, wordsEnd).split(/(?<=\S)(?=\s)/), text.slice(wordsEnd)].filter((piece) => piece !== "");
}
