/** Names in texts and paths. Pure. */
import { posix } from "node:path";

/** A file's name without its ending. */
export const stemOf = (path: string): string => posix.basename(path, posix.extname(path));

const letter = /[\p{L}\p{N}_$]/u;

/** Whether a text has the name, not as a part of a longer one. */
export const hasName = (text: string, name: string): boolean => replaceName(text, name, "") !== text;

/** The text with another name in the place of one. */
export function replaceName(text: string, name: string, other: string): string {
  const pieces: string[] = [];
  let [done, at] = [0, text.indexOf(name)];
  for (; at !== -1; at = text.indexOf(name, at + 1)) {
    if (at < done || letter.test(text[at - 1] ?? " ") || letter.test(text[at + name.length] ?? " ")) continue;
    pieces.push(text.slice(done, at), other);
    done = at + name.length;
  }
  return [...pieces, text.slice(done)].join("");
}

/** The content of a text. */
export const contentOf = (text: string): string => text.replace(/^[a-zA-Z]*(?:'''|"""|['"`])|(?:'''|"""|['"`])$/gu, "");
