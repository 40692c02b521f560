/** Reads the added lines of a patch as code, with strings and comments masked, so that no edit changes prose. In doubt a line stays unchanged. Pure. */
import type { PatchedFile } from "@aedev/host/patch/edit-patch";
import { sourceLanguageOf } from "@aedev/host/source-text/source-language";
import { scanOfCode, splitSourceLine } from "@aedev/host/source-text/source-line";

export type CodeFamily = "script" | "python" | "braces";

/** An added line. `masked` has the same length as `text`, with `·` for what is not code. */
export interface CodeLine {
  readonly file: number;
  readonly hunk: number;
  readonly line: number;
  readonly text: string;
  readonly masked: string;
  readonly language: CodeFamily;
  readonly isTest: boolean;
}

const languages: readonly (readonly [CodeFamily, RegExp])[] = [
  ["script", /\.(m|c)?(j|t)s$/i],
  ["python", /\.py$/i],
  ["braces", /\.(c|h|cc|cpp|hpp|java|go|rs|cs|kt|swift|php|scala)$/i],
];

export function codeFamilyOf(path: string): CodeFamily | null {
  return languages.find(([, names]) => names.test(path))?.[0] ?? null;
}

/** A longer line was not written by a person: it stays unchanged, and no pattern is tried on it. */
const lineCharactersMax = 400;

export function codeLines(files: readonly PatchedFile[], isTest: (path: string) => boolean): CodeLine[] {
  return files.flatMap(({ newPath, hunks }, file) => {
    const family = newPath === null ? null : codeFamilyOf(newPath);
    const syntax = newPath === null ? null : sourceLanguageOf(newPath);
    if (newPath === null || family === null || syntax === null) return [];
    return hunks.flatMap(({ lines }, hunk) => {
      let scan = scanOfCode;
      return lines.flatMap((raw, line): CodeLine[] => {
        if (raw[0] !== "+" && raw[0] !== " ") return [];
        const text = raw.slice(1);
        const isWholly = scan.length === 1;
        const split = splitSourceLine(text, scan, syntax);
        scan = split.scan;
        const masked = split.pieces
          .map((piece) => (piece.kind === "code" ? piece.text : "·".repeat(piece.text.length)))
          .join("");
        const isCode =
          isWholly && scan.length === 1 && !split.isUnterminated && /\w/.test(masked) && !/^\s*\*/.test(text);
        if (raw[0] !== "+" || !isCode || text.length > lineCharactersMax) return [];
        return [{ file, hunk, line, text, masked, language: family, isTest: isTest(newPath) }];
      });
    });
  });
}
