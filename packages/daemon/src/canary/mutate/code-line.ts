/** The added lines of a patch as code: in which language, and with strings and comments masked, so that an edit never lands in words. Line by line and rough: what is not surely code is left alone. Pure. */
import type { PatchedFile } from "../patch-hunks.ts";

export type Language = "script" | "python" | "braces";

/** An added line. `masked` has the same length as `text`; what is no code in it is `·`. */
export interface CodeLine {
  readonly file: number;
  readonly hunk: number;
  readonly line: number;
  readonly text: string;
  readonly masked: string;
  readonly language: Language;
  readonly isTest: boolean;
}

const languages: readonly (readonly [Language, RegExp])[] = [
  ["script", /\.(m|c)?(j|t)s$/i],
  ["python", /\.py$/i],
  ["braces", /\.(c|h|cc|cpp|hpp|java|go|rs|cs|kt|swift|php|scala)$/i],
];

export function languageOf(path: string): Language | null {
  return languages.find(([, names]) => names.test(path))?.[0] ?? null;
}

/** A longer line is no person's: it is left alone, and no pattern is tried on it. */
const lineCharactersMax = 400;

/** What a line may begin inside of. */
type Inside = "" | "*/" | "`" | '"""' | "'''";

export function codeLines(files: readonly PatchedFile[], isTest: (path: string) => boolean): CodeLine[] {
  return files.flatMap(({ newPath, hunks }, file) => {
    const language = newPath === null ? null : languageOf(newPath);
    if (newPath === null || language === null) return [];
    return hunks.flatMap(({ lines }, hunk) => {
      let inside: Inside = "";
      return lines.flatMap((raw, line): CodeLine[] => {
        if (raw[0] !== "+" && raw[0] !== " ") return [];
        const text = raw.slice(1);
        const isWholly = inside === "";
        const { masked, after } = maskLine(text, inside, language);
        inside = after;
        const isCode = isWholly && after === "" && masked !== null && /\w/.test(masked) && !/^\s*\*/.test(text);
        if (raw[0] !== "+" || !isCode || masked === null || text.length > lineCharactersMax) return [];
        return [{ file, hunk, line, text, masked, language, isTest: isTest(newPath) }];
      });
    });
  });
}

/** `masked` is null where a string is open at the line's end that no language lets go on. */
export function maskLine(text: string, inside: Inside, language: Language): { masked: string | null; after: Inside } {
  let masked = "";
  let closing: string = inside;
  for (let at = 0; at < text.length; ) {
    if (closing !== "") {
      const isEscape = text[at] === "\\" && closing !== "*/";
      const isEnd = text.startsWith(closing, at);
      const length = isEscape ? 2 : isEnd ? closing.length : 1;
      masked += "·".repeat(Math.min(length, text.length - at));
      if (isEnd && !isEscape) closing = "";
      at += length;
      continue;
    }
    const opened = openingAt(text, at, language);
    if (opened === "line") {
      masked += "·".repeat(text.length - at);
      break;
    }
    if (opened === null) {
      masked += text[at];
      at += 1;
      continue;
    }
    masked += "·".repeat(opened.length);
    closing = opened.closing;
    at += opened.length;
  }
  if (closing === "'" || closing === '"') return { masked: null, after: "" };
  return { masked, after: closing as Inside };
}

function openingAt(text: string, at: number, language: Language): { length: number; closing: string } | "line" | null {
  const starts = (mark: string) => text.startsWith(mark, at);
  if (language === "python") {
    if (starts("#")) return "line";
    for (const mark of ['"""', "'''"]) if (starts(mark)) return { length: 3, closing: mark };
  } else {
    if (starts("//")) return "line";
    if (starts("/*")) return { length: 2, closing: "*/" };
  }
  const mark = text[at] ?? "";
  const quotes = language === "script" ? "'\"`" : "'\"";
  return mark !== "" && quotes.includes(mark) ? { length: 1, closing: mark } : null;
}
