/**
 * The only way from a verb to the person's terminal. It escapes every control and invisible character, also in questions and in the pager, so that no
 * text of a repository, a model or an argument can move the cursor or hide (SECURITY T21). Only `draw` lets the program's own drawing through.
 */
import { escapeText } from "@aedev/contracts";
import { escapeJson } from "../render/json-text.ts";
import type { Terminal } from "./session.ts";

/** The sequences that this program draws with: colours, cursor to the start, clearing, the alternate screen, the cursor's visibility. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the sequences that are let through.
const drawing = /(\x1b\[(?:[0-9;]{0,8}m|[HKJ]|2K|\?(?:1049|25)[hl])|\r(?=[\n\x1b]))/;

/** `json`: standard output is JSON, in which a character is escaped as `\uXXXX`, so that the document stays the same. */
export function escapingTerminal(terminal: Terminal, { json }: { json: boolean }): Terminal {
  const { page } = terminal;
  const escapeOutput = json ? escapeJson : escapeText;
  return {
    ...terminal,
    get interactive() {
      return terminal.interactive;
    },
    write: (text) => terminal.write(escapeOutput(text)),
    writeData: (text) => (terminal.writeData ?? terminal.write)(escapeOutput(text)),
    complain: (text) => terminal.complain(escapeText(text)),
    draw: (text, stream) => (stream === "error" ? terminal.complain : terminal.write)(escapeAround(text)),
    pipe: (text) =>
      terminal.sizeOf?.("output") === undefined ? terminal.write(text) : terminal.write(escapeText(text)),
    ...(page === undefined ? {} : { page: (text: string) => page(escapeAround(text)) }),
    ask: (prompt, options) => terminal.ask(escapeText(prompt), options),
  };
}

/** Every second piece is one of this program's own sequences. */
function escapeAround(text: string): string {
  return text
    .split(drawing)
    .map((piece, index) => (index % 2 === 1 ? piece : escapeText(piece)))
    .join("");
}
