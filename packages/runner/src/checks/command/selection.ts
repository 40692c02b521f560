/** Tells which test files a command can run from the files, folders and patterns that it names; in doubt it can run every file. Pure. */
import type { Runner } from "./runner.ts";

/** The words before the file names, for runners that run exactly the files they are given. */
const callers: Readonly<Partial<Record<Runner["name"], RegExp>>> = {
  tape: /^.*?\btape(?=\s|$)/u,
  "node-test": /^(?:\S*\/)?node(?=\s)/u,
  pytest: /^.*?(?:\bpy\.test|\bpytest)(?=\s|$)/u,
};
/** Options without a separate value. After any other option, a word may be its value. */
const flag = /^(?:--test|-[qvs]+|-rA|--verbose|--quiet|--no-header|--no-cov|--[\w-]+=\S*)$/u;
/** Options of pytest whose value is the next word and names no file. */
const valued = /^(?:-[pkmoWn]|--tb)$/u;
const plainWord = /^(?:\.\/)?[\w@+.*/:-]+$/u;
const starsMax = 4;

/** `text`: the simple command as the runner gets it, with or without variables before it. */
export function selectionOf(runner: Runner | null, text: string): (path: string) => boolean {
  const every = () => true;
  const caller = runner === null ? undefined : callers[runner.name];
  const start = caller?.exec(text.replace(/^(?:[A-Za-z_]\w*=\S*\s+)*/u, ""));
  if (start == null) return every;
  const rest = start.input.slice(start[0].length).match(/'[^']*'|"[^"]*"|[^\s'"]+/gu) ?? [];
  const takesNext = (word = "") => runner?.name === "pytest" && valued.test(word);
  const words = rest
    .filter((word, index) => !flag.test(word) && !takesNext(word) && !takesNext(rest[index - 1]))
    .map((word) => word.replace(/^(['"])(.*)\1$/u, "$2"));
  const isClear = words.every((word) => plainWord.test(word) && !word.startsWith("-") && !word.includes(".."));
  if (words.length === 0 || !isClear || words.some((word) => word.split("*").length > starsMax)) return every;
  const patterns = words.map((word) => patternOf(word.replace(/^\.\//u, "").replace(/::.*$/u, "").replace(/\/$/u, "")));
  return (path) => patterns.some((pattern) => pattern.test(path));
}

/** Matches more than a shell does: a star also matches slashes, and a folder matches everything in it. */
function patternOf(word: string): RegExp {
  if (word === ".") return /^/u;
  const source = word.replaceAll(/[.+]/gu, "[$&]").replaceAll(/\*+\/?/gu, ".*");
  return new RegExp(`^${source}(?:/|$)`, "u");
}
