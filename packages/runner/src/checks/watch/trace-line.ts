/** Reads single lines of strace's output (`-f -y`): a system call with its paths and result; null for any other line. Pure. */
import { gitPathText } from "@aedev/host/git/path-text";

export interface TracedCall {
  process: string;
  name: string;
  /** A path is relative to `folder`, or absolute if `folder` is null. */
  paths: { folder: string | null; path: string }[];
  /** The printed arguments, from which flags are read. */
  text: string;
  /** Null if the call succeeded, otherwise an error such as `ENOENT`. */
  error: string | null;
  /** The path of the descriptor that the call returned. */
  opened: string | null;
}

const callLine = /^(\d+)\s+(\w+)\((.*)\)\s+=\s+(-?\d+|\?)(?:<([^>]*)>)?(?:\s+(E[A-Z0-9]+)\b.*)?$/su;
const pathArgument = /(?:(?:AT_FDCWD|\d+)<((?:[^>\\]|\\.)*)>,\s*)?"((?:[^"\\]|\\.)*)"(\.\.\.)?/gu;

/** `line`: one whole call; the caller joins the parts of an interrupted one. */
export function readTraceLine(line: string): TracedCall | null {
  const found = callLine.exec(line);
  if (found === null) return null;
  const [, process = "", name = "", text = "", result, opened, error] = found;
  if (result === "?") return null;
  const paths: TracedCall["paths"] = [];
  for (const argument of text.matchAll(pathArgument)) {
    // Of an execve only the first string is a path; the others are its arguments.
    if (name.startsWith("execve") && paths.length > 0) break;
    const [, folder, path = "", isTruncated] = argument;
    if (isTruncated === undefined)
      paths.push({ folder: folder === undefined ? null : decoded(folder), path: decoded(path) });
  }
  return { process, name, paths, text, error: error ?? null, opened: opened === undefined ? null : decoded(opened) };
}

/** strace prints bytes outside ASCII as octal escapes. */
function decoded(text: string): string {
  if (!text.includes("\\")) return text;
  const bytes: number[] = [];
  for (const [part, octal, escaped] of text.matchAll(/\\([0-7]{1,3})|\\(.)|[^\\]+/gsu)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else if (escaped !== undefined)
      bytes.push(...Buffer.from({ n: "\n", t: "\t", r: "\r", v: "\v", f: "\f" }[escaped] ?? escaped));
    else bytes.push(...Buffer.from(part));
  }
  return gitPathText(Buffer.from(bytes));
}
